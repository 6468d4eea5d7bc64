import { strict as assert } from "node:assert";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { changesDigest } from "../../cli/approved-changes";
import { stopCloud } from "../../local/cloud/daemon";
import { repoRoot } from "../../local/repo-root";
import type { Report } from "../../reports/model";
import { runCliProcess } from "../support/cli";
import { TestProject } from "../support/project";

/** `switchyard preview` as CI runs it: from empty, without credentials, read as JSON. */
describe("switchyard preview", () => {
  let stateDir: string;

  before(() => {
    const parent = join(repoRoot(), ".build", "states");
    mkdirSync(parent, { recursive: true });
    stateDir = mkdtempSync(join(parent, "s-"));
  });
  after(async () => {
    await stopCloud({ stateDir });
    rmSync(stateDir, { recursive: true, force: true });
  });

  const preview = async (...flags: string[]): Promise<Report> => {
    const { code, stdout, stderr } = await runCliProcess(["preview", "--format", "json", ...flags], stateDir);
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout) as Report;
  };

  it("of dev from empty leaves nothing undecided and violates nothing", async () => {
    const report = await preview();
    assert.equal(report.undecided, 0);
    assert.ok(report.summary.create > 80);
    assert.deepEqual(
      report.policies.filter((policy) => policy.verdict !== "pass"),
      [],
    );
  });

  for (const stack of ["staging", "production"]) {
    it(`of ${stack} --offline needs no credentials, lists each placeholder as a warning and leaves nothing undecided`, async () => {
      const report = await preview("--stack", stack, "--offline");
      assert.equal(report.undecided, 0);
      assert.ok(report.summary.create > 80);
      assert.ok(report.policies.length > 200);
      assert.deepEqual(
        report.policies.filter((policy) => policy.verdict !== "pass" && policy.level === "mandatory"),
        [],
      );
      const placeless = report.resources.filter(
        ({ system, source }) => system && !source?.file.startsWith("infra/"),
      );
      assert.deepEqual(placeless, [], "resources without the line that declares them");
      const placeholders = report.warnings.filter(({ message }) => message.startsWith("placeholder "));
      assert.ok(placeholders.length > 10, JSON.stringify(report.warnings));
      assert.ok(placeholders.some(({ message }) => message.includes("pagerDutyIntegrationKey")));
    });

    it(`up on ${stack} is refused while placeholders are left`, async () => {
      const { code, stderr } = await runCliProcess(["up", "--stack", stack, "--yes"], stateDir);
      assert.equal(code, 1);
      assert.match(stderr, /still has \d+ placeholders/);
      assert.match(stderr, /pagerDutyIntegrationKey/);
    });
  }

  it("gives the same output for the same checkout, and the digest of its changes", async () => {
    const digest = join(stateDir, "changes");
    const [first, second] = [
      await preview("--stack", "production", "--offline", "--changes-digest", digest),
      await preview("--stack", "production", "--offline"),
    ];
    assert.deepEqual(second, first);
    assert.equal(readFileSync(digest, "utf8"), `${changesDigest(second)}\n`);
  });
});

describe("a program that throws shows where, in TypeScript lines", () => {
  const cases = {
    "at its start": ["throws.js", /the program has a fault[\s\S]*programs\/throws\.ts:5/],
    "inside apply": [
      "throws-in-apply.js",
      /the program has a fault in westus2[\s\S]*programs\/throws-in-apply\.ts:13[\s\S]*throws-in-apply\.ts:10/,
    ],
  } as const;
  for (const [when, [program, shown]] of Object.entries(cases)) {
    it(when, async () => {
      const project = await TestProject.create({ program: `tests/engine/programs/${program}`, cloud: false });
      try {
        const { exitCode, stdout, stderr } = await project.preview();
        assert.notEqual(exitCode, 0);
        assert.match(stdout + stderr, shown);
      } finally {
        await project.remove();
      }
    });
    it(`${when}, also when it was loaded before the engine asked for it`, async () => {
      const project = await TestProject.create({ program: `tests/engine/programs/${program}` });
      try {
        const environment = { SWITCHYARD_PROJECT_DIR: project.folder };
        const { code, stdout, stderr } = await runCliProcess(["preview"], project.stateDir, environment);
        assert.equal(code, 1);
        assert.match(stdout, shown, stderr);
      } finally {
        await project.remove();
      }
    });
  }
});
