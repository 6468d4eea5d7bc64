import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Asking } from "../../../release/gates/asking";
import type { GateContext } from "../../../release/gates/gate-provider";
import { countJunit } from "../../../release/gates/junit";
import { suiteProvider } from "../../../release/gates/suite";
import type { CheckGate } from "../../../runbooks/entry-basics";

/** What is real: the commands, which node runs. What is faked: the vault. */

const canary = "canary-password";

const asking = {
  surroundings: { env: { PATH: process.env.PATH, AZURE_CLIENT_SECRET: canary } },
  secret: async () => canary,
} as unknown as Asking;

const context = {
  facts: { hosts: { store: { url: "https://store.example.com" } } },
  candidate: { api: "green" },
  live: { api: "blue" },
  signal: new AbortController().signal,
} as unknown as GateContext;

const write = (xml: string, end = "") =>
  `require("fs").writeFileSync(process.env.JUNIT_FILE, ${JSON.stringify(xml)});${end}`;
const suiteOf = (...tests: string[]) => `<testsuites><testsuite>${tests.join("")}</testsuite></testsuites>`;
const good = '<testcase name="a"/>';
const bad = '<testcase name="b"><failure message="x"/></testcase>';
const skipped = '<testcase name="c"><skipped/></testcase>';

describe("a suite as a command", () => {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "suite-test-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function outcome(argv: readonly string[], more: object = {}, timeoutSeconds = 20): Promise<string> {
    const check = {
      provider: "suite",
      suite: "s",
      run: { as: "command", argv },
      atMostFailed: 0,
      atLeastPassed: 1,
      ...more,
    };
    const gate = { name: "g", check, timeoutSeconds } as unknown as CheckGate;
    const sample = await suiteProvider(asking, folder).look(gate, context);
    assert.doesNotMatch(JSON.stringify(sample), /canary/);
    if (sample.kind === "nothing") return `nothing: ${sample.why}`;
    assert.ok(sample.kind === "answer");
    return `${sample.holds}: ${sample.seen}`;
  }
  const node = (script: string) => ["node", "-e", script];

  const rows: readonly (readonly [what: string, script: string, expected: RegExp])[] = [
    ["one passed", write(suiteOf(good)), /^true: 1 passed, 0 failed/],
    ["one failed", write(suiteOf(good, bad)), /^false: 1 passed, 1 failed \(b\)/],
    ["no test ran", write("<testsuites/>"), /^false: 0 passed/],
    ["all were skipped", write(suiteOf(skipped)), /^false: 0 passed, 0 failed, 1 skipped/],
    ["all passed, the command failed", write(suiteOf(good), "process.exit(3)"), /^false: .*itself, with 3/],
    ["no report", "", /^nothing: it ended with 0 and wrote no JUnit/],
    ["an empty report", write(""), /^nothing: .*no XML/],
    ["half a report", write("<testsuites><testsuite>"), /^nothing: .*no XML/],
    ["another XML", write("<html></html>"), /^nothing: .*no testsuite/],
    ["a secret as a test's name", write(suiteOf(bad.replace("b", canary))), /^false: .*\*\*\*/],
  ];
  for (const [what, script, expected] of rows) {
    it(`${what}: ${expected.source}`, async () => {
      assert.match(await outcome(node(script), { tokenSecret: "test-password" }), expected);
    });
  }

  for (const [what, script, expected] of [
    ["it ended with 0", "", /^true: 1 passed, 0 failed/],
    ["it failed", "process.exit(1)", /^false: 0 passed, 1 failed \(the command itself, with 1\)/],
    ["a signal ended it", 'process.kill(process.pid, "SIGTERM")', /^nothing: a signal ended it/],
    ["a report is not read", write(suiteOf(good, bad)), /^true: 1 passed, 0 failed/],
  ] as const) {
    it(`judged by its exit code, ${what}: ${expected.source}`, async () => {
      const run = { as: "command", argv: node(script), judgedBy: "exitCode" };
      assert.match(await outcome([], { run }), expected);
    });
  }

  it("a command that is not there is nothing", async () => {
    assert.match(
      await outcome(["./no-such.sh"]),
      /^nothing: .\/no-such.sh cannot be started: ENOENT; install/,
    );
  });

  it("sees its hosts, its secret and the side, and nothing of whoever runs the release", async () => {
    const script = `require("fs").writeFileSync("seen.json", JSON.stringify([process.env, process.argv.slice(1)]));${write(suiteOf(good))}`;
    await outcome([...node(script), "$candidate", "https://$STORE_HOST/$OTHER"], {
      tokenSecret: "test-password",
      hostVariables: { store: "STORE_HOST" },
    });
    const [env, argv] = JSON.parse(await readFile(join(folder, "seen.json"), "utf8"));
    assert.deepEqual(Object.keys(env).sort(), [
      "HOME",
      "JUNIT_FILE",
      "PATH",
      "STORE_HOST",
      "TEST_PASSWORD",
      "TMPDIR",
    ]);
    assert.equal(env.TEST_PASSWORD, canary);
    assert.deepEqual(argv, ["green", "https://store.example.com/$OTHER"]);
  });

  it("at the end of its time the whole group is killed", async () => {
    const child = "setInterval(() => {}, 1000)";
    const script = `const c = require("child_process").spawn(process.execPath, ["-e", ${JSON.stringify(child)}]);require("fs").writeFileSync("pid", String(c.pid));${child}`;
    assert.match(await outcome(node(script), {}, 1), /^nothing: no answer within 1 s/);
    const pid = Number(await readFile(join(folder, "pid"), "utf8"));
    const deadline = Date.now() + 3000;
    while (await runs(pid)) {
      assert.ok(Date.now() < deadline, "the child still runs");
      await new Promise((done) => setImmediate(done));
    }
  });

  describe("with a report in JSON", () => {
    const jsonReport = { file: "r.json", expects: [{ path: "score", operator: "atLeast", value: 0.9 }] };
    const report = (text: string) => `require("fs").writeFileSync("r.json", ${JSON.stringify(text)})`;
    for (const [what, script, expected] of [
      ["good", report('{"score":0.95}'), /^true: 1 passed/],
      ["bad", report('{"score":0.5}'), /^false: .*score is 0.5/],
      ["no JSON", report("oops"), /^nothing: .*no JSON/],
      ["of an earlier run", "", /^nothing: .*wrote no r.json/],
    ] as const) {
      it(`${what}: ${expected.source}`, async () => {
        await writeFile(join(folder, "r.json"), '{"score":1}');
        await utimes(join(folder, "r.json"), 1, 1);
        assert.match(await outcome(node(script), { jsonReport }), expected);
      });
    }
  });

  it("one test alone and a suite at the root are counted as well", () => {
    assert.deepEqual(countJunit('<testsuite><testcase name="x"/></testsuite>').passed, 1);
  });
});

/** A zombie that nobody has waited for yet no longer runs. */
async function runs(pid: number): Promise<boolean> {
  try {
    return !/^State:\s+Z/m.test(await readFile(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
