import { strict as assert } from "node:assert";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { requireBackend } from "../../cli/engine/backend-login";
import { pulumiHome } from "../../cli/engine/environment";
import { runCli } from "../../cli/run-cli";
import { openWorkspace } from "../../cli/workspace";

describe("what the command line answers before anything is installed or started", () => {
  let stateDir: string;
  const write = process.stderr.write;
  const { SWITCHYARD_STATE_DIR } = process.env;

  before(() => {
    stateDir = mkdtempSync(join(tmpdir(), "switchyard-usage-"));
    process.env.SWITCHYARD_STATE_DIR = stateDir;
  });
  after(() => {
    if (SWITCHYARD_STATE_DIR === undefined) delete process.env.SWITCHYARD_STATE_DIR;
    else process.env.SWITCHYARD_STATE_DIR = SWITCHYARD_STATE_DIR;
    rmSync(stateDir, { recursive: true, force: true });
  });

  async function run(line: string | readonly string[]): Promise<{ code: number; stderr: string }> {
    let stderr = "";
    process.stderr.write = ((text: string) => {
      stderr += text;
      return true;
    }) as typeof write;
    try {
      return { code: await runCli(typeof line === "string" ? line.split(" ") : [...line]), stderr };
    } finally {
      process.stderr.write = write;
    }
  }

  for (const line of [
    "bogus",
    "up extra",
    "up --bogus",
    "preview --format xml",
    "preview --report html",
    "check --report xml=a.xml",
    "publish comment",
    "publish comment --file a.md --pull-request many",
    "publish comment --file a.md --commit main",
    "publish issue --close",
    "env --format yaml",
    "cloud bogus",
    "cloud start --port many",
    "cloud start --port 99999",
    "cloud fault add",
    "cloud fault add --kind bogus",
    "cloud fault add --kind error --times many",
    "monitoring render",
    "monitoring render --out somewhere --inbox nowhere",
    "toolchain status --format xml",
    "check --report json=X --report json=X",
    "check --out X --report json=./X",
    "preview --out X --changes-digest X",
    "coverage --out ",
    "check --out ",
    "drift --out ",
    "drift --report html",
    "drift --out X --report json=./X",
    "preview --changes-digest ",
    "monitoring render --out ",
    "up --approved xyz",
    "up --approved ",
    "incident retail-agentic --symptom latency --since foo",
    "incident retail-agentic --symptom latency --since 2999-01-01T00:00:00Z",
    "incident retail-agentic --symptom latency --since latency-7",
    "release plan kirana-store",
    "release plan kirana-store --to example --infrastructure --type application",
    "release plan kirana-store tesoro-xp --type infrastructure",
    "release plan kirana-store --to example --fault bogus@1",
    "release schedule --cancel",
    "release schedule kirana-store --to example",
    "release schedule kirana-store --list --at 2026-11-24T18:00:00Z",
    "publish comment --file a.md",
    "check --state ",
    "trust sign people.json --key root.pem --out ",
    "exemption sign --rule x --resource y --file ",
    "evidence list --folder ",
    `evidence sign --predicate scan --system tesoro-xp --of manifest --digest ${"a".repeat(64)} --time 2999-01-01T00:00:00Z`,
  ]) {
    it(`${line}: wrong usage, 2, and where the right one stands`, async () => {
      const { code, stderr } = await run(line);
      assert.equal(code, 2);
      assert.match(stderr, /^error: (?!error:).*\n/);
      assert.match(stderr, /--help/);
    });
  }

  it("the help says what the exit codes mean", async () => {
    const { code, stderr } = await run([]);
    assert.equal(code, 2);
    assert.match(stderr, /Exit codes: 0 done; 1 refused or failed, .*; 2 wrong usage;\n3 a release waits/);
  });

  it("a state folder that is set to nothing is none: the working folder stays as it is", () => {
    assert.equal(openWorkspace({ SWITCHYARD_STATE_DIR: "" }).stateDir, openWorkspace({}).stateDir);
  });

  for (const command of [
    ...["hold", "promote", "abort", "rollback"].map((word) => `release ${word} kirana-store`),
    "release approve kirana-store --entry sign-off",
    "release answer kirana-store --entry seen --value yes",
    "release confirm kirana-store --role dba",
    "release start kirana-store --to m.yaml --emergency",
    "incident call kirana-store --ladder security",
    "incident kirana-store --symptom latency --do scale",
  ])
    for (const blank of ["", "  ", "\t"])
      it(`${command} with the reason ${JSON.stringify(blank)}: wrong usage, 2`, async () => {
        const { code, stderr } = await run([...command.split(" "), "--reason", blank]);
        assert.equal(code, 2);
        assert.match(
          stderr,
          /^error: option '--reason <text>' argument '\s*' is invalid\. A reason is needed/,
        );
        assert.match(stderr, /--help/);
      });

  it("a report that could not be kept is refused before the preview, 1", async () => {
    const { code, stderr } = await run(`preview --offline --stack production --out ${stateDir}/none/r.json`);
    assert.equal(code, 1);
    assert.match(stderr, /^error: The report cannot be written to .*none\/r\.json/);
    assert.match(stderr, /Name a file in a folder that exists/);
  });

  it("drift writes further reports, as preview and check do, and looks at their places first, 1", async () => {
    const { code, stderr } = await run(`drift --report junit=${stateDir}/none/d.xml`);
    assert.equal(code, 1);
    assert.match(stderr, /^error: The report cannot be written to .*none\/d\.xml/);
  });

  for (const line of ["preview --offline", "preview --stack dev --offline"]) {
    it(`${line} is refused: it would start the cloud and read what is recorded, 1`, async () => {
      const { code, stderr } = await run(line);
      assert.equal(code, 1);
      assert.match(stderr, /^error: --offline is for stacks that need a login; received it for dev/);
      assert.match(stderr, /preview --stack production --offline/);
      assert.deepEqual(readdirSync(stateDir), []);
    });
  }
});

describe("the state backend of staging and production", () => {
  let root: string;
  const workspace = () => ({ root, dist: "", policyPack: "", stateDir: join(root, ".switchyard") });

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "switchyard-backend-"));
    writeFileSync(join(root, "Pulumi.yaml"), "name: switchyard\n");
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it("is asked for, with the ways to give one, when nobody has chosen any", () => {
    assert.throws(() => requireBackend(workspace(), { HOME: root }), /No state backend is chosen/);
  });

  it("comes from the environment, the project, or an earlier login", () => {
    requireBackend(workspace(), { HOME: root, PULUMI_BACKEND_URL: "azblob://state" });
    requireBackend(workspace(), { HOME: root, PULUMI_ACCESS_TOKEN: "given" });
    mkdirSync(join(root, ".pulumi"));
    writeFileSync(join(root, ".pulumi", "credentials.json"), '{"current":"azblob://state"}');
    requireBackend(workspace(), { HOME: root });
    writeFileSync(join(root, "Pulumi.yaml"), "name: switchyard\nbackend:\n  url: azblob://state\n");
    requireBackend(workspace(), { HOME: join(root, "elsewhere") });
  });

  it("is not the one of dev, in a shell that has dev's exports", () => {
    const user = { HOME: root, PULUMI_HOME: pulumiHome(workspace()), PULUMI_BACKEND_URL: "file:///x" };
    assert.throws(() => requireBackend(workspace(), user), /exports of npx switchyard env/);
  });
});
