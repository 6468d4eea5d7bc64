import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSession } from "../../../cli/incident/incident-session";
import { runCli } from "../../../cli/run-cli";
import { silentProgress } from "../../../local/progress";
import { root } from "../../support/root";
import { incidentId, opened } from "./support/opened";

/** Whole command lines, with a state folder of their own; neither cloud nor cluster is asked. */
describe("options of incident's commands on the command line", () => {
  let stateDir: string;
  const { SWITCHYARD_STATE_DIR } = process.env;
  const write = { out: process.stdout.write, err: process.stderr.write };

  before(async () => {
    stateDir = mkdtempSync(join(tmpdir(), "switchyard-incident-options-"));
    process.env.SWITCHYARD_STATE_DIR = stateDir;
    const workspace = { root, dist: "", policyPack: "", stateDir };
    const signal = new AbortController().signal;
    const context = { workspace, progress: silentProgress, signal, out: () => {}, say: () => {} };
    const { book } = openSession(context, { system: "case-management", stack: "dev" });
    await book.write(incidentId, () => [opened]);
  });
  after(() => {
    if (SWITCHYARD_STATE_DIR === undefined) delete process.env.SWITCHYARD_STATE_DIR;
    else process.env.SWITCHYARD_STATE_DIR = SWITCHYARD_STATE_DIR;
    rmSync(stateDir, { recursive: true, force: true });
  });

  async function run(line: string): Promise<{ code: number; stdout: string; stderr: string }> {
    let [stdout, stderr] = ["", ""];
    process.stdout.write = ((text: string) => {
      stdout += text;
      return true;
    }) as typeof write.out;
    process.stderr.write = ((text: string) => {
      stderr += text;
      return true;
    }) as typeof write.err;
    try {
      return { code: await runCli(line.split(" ")), stdout, stderr };
    } finally {
      process.stdout.write = write.out;
      process.stderr.write = write.err;
    }
  }

  for (const line of [
    "incident case-management --list",
    "incident status case-management",
    "incident status",
    "incident ack case-management",
    "incident answer case-management --entry e --value yes",
    "incident call case-management --ladder l --reason because",
    "incident watch --once",
    "incident watch case-management --once",
    "incident close case-management --root-cause a --resolution b",
  ]) {
    it(`${line} --stack is of that stack, and not of dev`, async () => {
      for (const option of ["--stack nope", "-s nope"]) {
        const { code, stderr } = await run(`${line} ${option}`);
        assert.match(stderr, /^error: There is no stack "nope"/);
        assert.equal(code, 1);
      }
    });
  }

  it("incident status --format json prints JSON", async () => {
    const { code, stdout } = await run("incident status case-management --format json");
    assert.equal(JSON.parse(stdout).incident, incidentId);
    assert.equal(code, 0);
    const of = JSON.parse((await run("incident status -f json")).stdout);
    assert.equal(of.length, 1);
  });

  it("incident call takes --reason, and comes as far as the ladder", async () => {
    const { code, stderr } = await run(
      "incident call case-management --ladder no-such-ladder --reason because",
    );
    assert.match(stderr, /^error: nothing called no-such-ladder can be called/);
    assert.equal(code, 1);
  });

  it("an option before the name of the command is refused, as it would count for nothing, 2", async () => {
    const { code, stderr } = await run("incident --stack production status case-management");
    assert.match(stderr, /^error: --stack stands after status/);
    assert.equal(code, 2);
  });
});
