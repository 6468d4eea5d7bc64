import { spawn } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { root } from "./root";
import { SuiteRunner } from "./suite-runner";
import { budgetOf, bySuite, countsOf, failuresOf, type Outcome, tableOf } from "./summary";

const compiledTests = join(__dirname, "..");

/** Folder whose tests run the real engine. */
const engineFolder = "engine";

/** `*.slow.test.ts`: start processes or take seconds; left out of the inner loop, as the engine's are. */
const slowTest = /\.slow\.test\.js$/;

/**
 * Runs the suites and prints a table and the line `N passed, N failed`.
 *
 * @param argv `unit` leaves out the real engine and slow tests; other words are the suites to run, all by default; with
 *   `--grep TEXT` only tests whose name holds the text.
 * @returns Exit code: 0 when at least one test ran and none failed.
 */
export async function main(argv: readonly string[]): Promise<number> {
  const grepAt = argv.indexOf("--grep");
  const grep = grepAt < 0 ? undefined : argv[grepAt + 1];
  const words = argv.filter((_, index) => index !== grepAt && (grepAt < 0 || index !== grepAt + 1));
  const unit = words.includes("unit");
  const named = words.filter((word) => word !== "unit");
  const known = suitesOf(unit);
  const unknown = named.filter((name) => !known.has(name));
  if (unknown.length > 0) {
    process.stderr.write(
      `No suite is named ${unknown.join(" ")}; there are: ${[...known.keys()].join(", ")}\n`,
    );
    return 2;
  }
  // Without them in the cache the first test that needs one would build it, beyond any test's time limit.
  if (!unit && (await installTools()) !== 0) return 1;
  const suites = [...known].filter(([name]) => named.length === 0 || named.includes(name));
  const outcomes = await runAll(suites, { grep, unit });
  // Since the process began: the check of packages and build is part of the wait.
  const budget = unit && named.length === 0 ? ["", budgetOf(outcomes, performance.now() / 1000)] : [];
  process.stdout.write(
    ["", tableOf(outcomes), ...failuresOf(outcomes), ...budget, "", countsOf(outcomes), ""].join("\n"),
  );
  return outcomes.some(({ failed }) => failed > 0) || outcomes.every(({ passed }) => passed === 0) ? 1 : 0;
}

/** A suite's name and the files of its tests. */
type Suite = readonly [name: string, files: readonly string[]];

/** Two at a time, the engine's last and by files, which share nothing; results by name. */
async function runAll(
  suites: readonly Suite[],
  { grep, unit }: { readonly grep: string | undefined; readonly unit: boolean },
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  const others = suites.filter(([name]) => name !== engineFolder);
  const ofEngine = suites
    .filter(([name]) => name === engineFolder)
    .flatMap(([name, files]) => files.map((file): Suite => [name, [file]]));
  const waiting = unit ? others.sort(byLoad) : [...others.sort(bySize), ...ofEngine.sort(bySize)];
  const lane = async (next: () => Suite | undefined) => {
    // In the inner loop loading is half of the work: a process that has done a suite does the next one.
    const runner = new SuiteRunner({ keepsProcess: unit });
    for (let suite = next(); suite !== undefined; suite = next()) {
      const [name, files] = suite;
      // What was under way when somebody cut a long run off is seen by this alone.
      if (!unit)
        process.stderr.write(`tests: ${files.length === 1 ? relative(compiledTests, files[0]!) : name} …\n`);
      const timeoutMilliseconds = name === engineFolder ? 300_000 : 20_000;
      outcomes.push(await runner.run(name, { files, grep, timeoutMilliseconds }));
    }
    await runner.end();
  };
  const first = () => waiting.shift();
  // From the other end in the inner loop, so that each process loads half of what there is.
  const last = () => waiting.pop();
  await Promise.all([lane(first), lane(unit ? last : first)]);
  return bySuite(outcomes);
}

/** The largest first, so that no core is left with one of them when everything else is done. */
function bySize([, left]: Suite, [, right]: Suite): number {
  const size = (files: readonly string[]) => files.reduce((sum, file) => sum + statSync(file).size, 0);
  return size(right) - size(left);
}

/** Suites that load the program stand at one end, those that load the command line at the other; small ones between. */
const programFirst = ["infra", "policies", "monitoring", "runbooks"];
const commandLineLast = ["cli", "release"];

function byLoad([left]: Suite, [right]: Suite): number {
  const place = (name: string) => {
    const atStart = programFirst.indexOf(name);
    if (atStart >= 0) return atStart - programFirst.length;
    return commandLineLast.indexOf(name) + 1;
  };
  return place(left) - place(right);
}

/** The Pulumi CLI, providers and control plane; at once when they are there. Progress goes to stderr. */
function installTools(): Promise<number | null> {
  return new Promise((done, fail) => {
    const argv = [join(compiledTests, "..", "cli", "main.js"), "toolchain", "install"];
    const child = spawn(process.execPath, argv, { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
    child.once("error", fail);
    child.once("close", done);
  });
}

/** `infra`, `local/cloud`, …: folders of compiled tests, two levels below `local`, with their files. */
function suitesOf(unit: boolean): ReadonlyMap<string, readonly string[]> {
  const names = readdirSync(compiledTests)
    .sort()
    .flatMap((name) =>
      name === "local" ? readdirSync(join(compiledTests, name)).map((part) => `local/${part}`) : [name],
    )
    .filter((name) => name !== "support" && !(unit && name === engineFolder));
  return new Map(
    names.map((name) => [name, testFiles(name, unit)] as const).filter(([, files]) => files.length > 0),
  );
}

/** Compiled tests whose TypeScript source still exists: the compiler leaves the output of removed files behind. */
function testFiles(suite: string, unit: boolean): readonly string[] {
  const folder = join(compiledTests, suite);
  if (!statSync(folder).isDirectory()) return [];
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((file) => file.endsWith(".test.js") && !(unit && slowTest.test(file)))
    .filter((file) => existsSync(join(root, "tests", relative(compiledTests, file).replace(/\.js$/, ".ts"))))
    .sort();
}
