// Scripts of workflows that decide something, run as GitHub runs them, with a stand-in for npx.
import { strict as assert } from "node:assert";
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { job } from "./support/workflow-files";

describe("scripts of workflows", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "switchyard-workflow-"));
    mkdirSync(join(folder, "bin"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs a script with the shell that GitHub takes for `run:`, and gives what it left behind. */
  function run(script: string, npx: string, env: Readonly<Record<string, string>> = {}) {
    const command = join(folder, "bin", "npx");
    writeFileSync(command, `#!/bin/sh\necho "$@" >> "${join(folder, "calls")}"\n${npx}\n`);
    chmodSync(command, 0o755);
    const file = (name: string) => {
      writeFileSync(join(folder, name), "", { flag: "a" });
      return join(folder, name);
    };
    const { status, stdout } = spawnSync("bash", ["-e", "-c", script], {
      encoding: "utf8",
      env: {
        PATH: [join(folder, "bin"), process.env.PATH].join(delimiter),
        RUNNER_TEMP: folder,
        GITHUB_OUTPUT: file("output"),
        GITHUB_STEP_SUMMARY: file("summary"),
        STACK: "production",
        ...env,
      },
    });
    const text = (name: string) => readFileSync(file(name), "utf8");
    return { status, stdout, output: text("output"), summary: text("summary"), calls: text("calls") };
  }

  function script(file: string, id: string, part: string): string {
    const found = job(file, id).steps?.find((step) => step.run?.includes(part))?.run;
    assert.ok(found, `${file} ${id} has no step with ${part}`);
    return found;
  }

  it("drift.yml fails on drift, and keeps the report and the code for the issue", () => {
    const report = `echo "a report" > "${join(folder, "drift", "drift.md")}"`;
    const { status, summary } = run(script("drift.yml", "drift", "switchyard drift"), `${report}\nexit 1`);
    assert.equal(status, 1);
    assert.equal(summary, "a report\n");
    assert.equal(readFileSync(join(folder, "drift", "code"), "utf8"), "1\n");
  });

  it("drift.yml fails when there is no report, whatever the command answered", () => {
    assert.equal(run(script("drift.yml", "drift", "switchyard drift"), "exit 0").status, 1);
  });

  for (const [code, option] of [
    ["0", " --close"],
    ["1", ""],
  ] as const) {
    it(`drift.yml ${code === "0" ? "closes" : "opens or updates"} the issue after code ${code}`, () => {
      mkdirSync(join(folder, "drift"));
      writeFileSync(join(folder, "drift", "drift.md"), "a report");
      writeFileSync(join(folder, "drift", "code"), `${code}\n`);
      const { status, calls } = run(script("drift.yml", "issue", "publish issue"), "exit 0");
      assert.equal(status, 0);
      assert.equal(calls, `switchyard publish issue --file ${folder}/drift/drift.md${option}\n`);
    });
  }

  it("drift.yml leaves the issue alone when nothing was compared", () => {
    const { status, calls } = run(script("drift.yml", "issue", "publish issue"), "exit 0");
    assert.equal(status, 0);
    assert.equal(calls, "");
  });

  it("preview-comment.yml publishes every report, and says so when there is none", () => {
    const text = script("preview-comment.yml", "comment", "publish comment");
    const commit = "0123456789012345678901234567890123456789";
    const none = run(text, "exit 0", { COMMIT: commit });
    assert.equal(none.status, 0);
    assert.match(none.stdout, /^::notice::/);
    for (const stack of ["staging", "production"]) {
      execFileSync("mkdir", ["-p", join(folder, "previews", `preview-${stack}`)]);
      writeFileSync(join(folder, "previews", `preview-${stack}`, "preview.md"), "");
    }
    const { calls } = run(text, "exit 0", { COMMIT: commit });
    const files = ["production", "staging"].map((stack) => `${folder}/previews/preview-${stack}/preview.md`);
    assert.equal(calls, `switchyard publish comment --commit ${commit} --file ${files.join(" ")}\n`);
  });

  it("deploy-stack.yml without a backend: nothing after a merge, a failure when somebody asked for it", () => {
    const text = script("deploy-stack.yml", "preview", "ready=yes");
    const with_ = (event: string, url: string) =>
      run(text, "", { GITHUB_EVENT_NAME: event, PULUMI_BACKEND_URL: url });
    assert.equal(with_("push", "").status, 0);
    assert.equal(with_("push", "").output, "");
    assert.equal(with_("workflow_dispatch", "").status, 1);
    assert.equal(with_("workflow_dispatch", "azblob://state").output, "ready=yes\n");
  });
});
