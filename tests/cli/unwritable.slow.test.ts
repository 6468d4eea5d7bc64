import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

describe("output that cannot be written", () => {
  const folder = mkdtempSync(join(tmpdir(), "switchyard-unwritable-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  function run(argv: readonly string[], stdout: "ignore" | number) {
    const main = join(__dirname, "..", "..", "cli", "main.js");
    return spawnSync(process.execPath, ["--enable-source-maps", main, ...argv], {
      env: { ...process.env, SWITCHYARD_STATE_DIR: join(folder, "state") },
      stdio: ["ignore", stdout, "pipe"],
      encoding: "utf8",
    });
  }

  it("because the disk is full is said in one line and is a failure", function () {
    if (!existsSync("/dev/full")) this.skip();
    const { status, stderr } = run(["coverage", "--format", "json"], openSync("/dev/full", "w"));
    assert.equal(stderr, "The output cannot be written: no space left on the device\n");
    assert.equal(status, 1);
  });

  it("because a file stands where monitoring render needs a folder is refused with the path and the mend", () => {
    const file = join(folder, "taken");
    writeFileSync(file, "mine");
    const { status, stderr } = run(["monitoring", "render", "--out", file], "ignore");
    assert.match(
      stderr,
      /^error: \S+taken\/\S+ cannot be written: there is a file where a folder is needed\.$/m,
    );
    assert.match(stderr, /^Name with --out what exists or can be made/m);
    assert.doesNotMatch(stderr, /fault of switchyard itself|^ +at /m);
    assert.equal(status, 1);
    assert.equal(readFileSync(file, "utf8"), "mine");
  });
});
