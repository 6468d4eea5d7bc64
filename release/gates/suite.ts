import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { CheckGate } from "../../runbooks/entry-basics";
import { UserError } from "../user-error";
import {
  type Asking,
  addressOf,
  answer,
  type CheckOf,
  type Look,
  looking,
  nothing,
  withSides,
} from "./asking";
import { compare } from "./comparison";
import type { GateContext, GateProvider } from "./gate-provider";
import { JobLooks } from "./job-look";
import { countJunit, type TestCounts } from "./junit";
import { runGroup } from "./process-group";
import type { CheckGateOf } from "./provider-gate";
import { runSuiteTask } from "./suite-task";

type Suite = CheckOf<"suite">;

/**
 * A test suite: a task of the cluster, or a command. A command sees PATH, an empty HOME, `JUNIT_FILE` (where it writes), the variables of its hosts (a
 * name that ends in `_URL` has the address, another the host alone), and its secret under the secret's own name in
 * capitals (`test-tenant-password`: `TEST_TENANT_PASSWORD`); nothing else of whoever runs the release.
 *
 * @param repository folder in which commands start
 */
export function suiteProvider(asking: Asking, repository: string): GateProvider<CheckGate> {
  const looks = new JobLooks();
  return {
    look(gate, context) {
      const check = gate.check as Suite;
      const { run } = check;
      const question = run.as === "command" ? run.argv.join(" ") : `task ${run.task}`;
      return looking(question, gate, context, async (look) => {
        const counts =
          run.as === "task"
            ? await runSuiteTask(gate as CheckGateOf<"suite">, run.task, { asking, context, look, looks })
            : await runSuite(check, run, { asking, context, look, repository });
        if (typeof counts === "string") return nothing(question, counts);
        const { passed, failed, skipped } = counts;
        const holds = failed.length <= check.atMostFailed && passed >= check.atLeastPassed;
        const names = failed.length === 0 ? "" : ` (${failed.slice(0, 5).join(", ")})`;
        const seen = `${passed} passed, ${failed.length} failed${names}, ${skipped} skipped`;
        return answer(
          question,
          holds,
          `${seen}; at least ${check.atLeastPassed}, at most ${check.atMostFailed} failed`,
        );
      });
    },
  };
}

interface Run {
  readonly asking: Asking;
  readonly context: GateContext;
  readonly look: Look;
  readonly repository: string;
}

type Command = Extract<Suite["run"], { as: "command" }>;

async function runSuite(check: Suite, { argv, judgedBy }: Command, run: Run): Promise<TestCounts | string> {
  const folder = await mkdtemp(join(tmpdir(), "switchyard-suite-"));
  try {
    const junit = join(folder, "junit.xml");
    const hosts = hostVariables(check, run.context);
    const env = {
      PATH: run.asking.surroundings.env.PATH ?? "",
      HOME: folder,
      TMPDIR: folder,
      JUNIT_FILE: junit,
      ...hosts,
      ...(await secretOf(check, run)),
    };
    const words = argv.map((word) => filled(word, hosts, run.context));
    const began = Date.now();
    const code = await runGroup(words, { cwd: run.repository, env, signal: run.look.signal });
    if (judgedBy === "exitCode") return countsOfEnd(code);
    const counts =
      check.jsonReport === undefined
        ? await junitCounts(junit)
        : await reportCounts(check.jsonReport, run.repository, began);
    if (counts === undefined) return `it ended with ${String(code)} and wrote no ${reportName(check)}`;
    // A command that fails although no test did knows of something that its report does not say.
    if (code !== 0 && counts.failed.length === 0) return { ...counts, failed: [commandItself(code)] };
    return counts;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function countsOfEnd(code: number | null): TestCounts | string {
  if (code === null) return "a signal ended it";
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? [] : [commandItself(code)], skipped: 0 };
}

function commandItself(code: number | null): string {
  return `the command itself, with ${String(code)}`;
}

function reportName({ jsonReport }: Suite): string {
  return jsonReport?.file ?? "JUnit to the file that JUNIT_FILE names";
}

function hostVariables(
  { hostVariables: variables = {} }: Suite,
  context: GateContext,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).map(([host, variable]) => {
      const url = addressOf(host, context);
      return [variable, variable.endsWith("_URL") ? url.origin : url.host];
    }),
  );
}

function filled(word: string, hosts: Readonly<Record<string, string>>, context: GateContext): string {
  const sides = withSides(word, context);
  return sides.replace(/\$([A-Z][A-Z0-9_]*)/g, (whole, name: string) => hosts[name] ?? whole);
}

async function secretOf({ tokenSecret }: Suite, run: Run): Promise<Record<string, string>> {
  if (tokenSecret === undefined) return {};
  const { asking, context, look } = run;
  const name = tokenSecret.toUpperCase().replace(/[^A-Z0-9]/g, "_");
  return { [name]: look.hide(await asking.secret(tokenSecret, context, look.signal)) };
}

async function junitCounts(file: string): Promise<TestCounts | undefined> {
  const xml = await readIfThere(file);
  return xml === undefined ? undefined : countJunit(xml);
}

/** Each expectation is a test. A report of an earlier run counts as none. */
async function reportCounts(
  { file, expects }: NonNullable<Suite["jsonReport"]>,
  repository: string,
  began: number,
): Promise<TestCounts | undefined> {
  const path = resolve(repository, file);
  const text = await readIfThere(path);
  // File systems keep times more coarsely than the clock tells them.
  if (text === undefined || (await stat(path)).mtimeMs < began - 50) return undefined;
  const report = parsed(text, file);
  const all = expects.map((expected) => compare(expected, report));
  const failed = all.filter(({ holds }) => !holds).map(({ seen }) => seen);
  return { passed: all.length - failed.length, failed, skipped: 0 };
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UserError(`${file}, which the suite wrote, is no JSON`);
  }
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
