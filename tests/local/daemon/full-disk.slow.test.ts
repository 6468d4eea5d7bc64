import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync } from "node:fs";
import { join } from "node:path";
import { fullDisk } from "../../../local/daemon/free-space";

describe("a daemon whose log cannot be written", () => {
  const outliveLog = join(__dirname, "../../../local/daemon/outlive-log.js");
  const script = (mended: boolean) => `
    ${mended ? `require(${JSON.stringify(outliveLog)}).outliveLog();` : ""}
    let lines = 0;
    setInterval(() => {
      console.error("a line");
      if (++lines > 3) process.exit(7);
    }, 5);`;

  before(function () {
    // Every write to it fails for lack of space; Linux has it.
    if (!existsSync("/dev/full")) this.skip();
  });

  function exitCode(mended: boolean): number | null {
    const log = openSync("/dev/full", "w");
    try {
      return spawnSync(process.execPath, ["-e", script(mended)], { stdio: ["ignore", log, log] }).status;
    } finally {
      closeSync(log);
    }
  }

  it("lives on", () => assert.equal(exitCode(true), 7));

  it("would end otherwise", () => assert.equal(exitCode(false), 1));
});

describe("room on a disk", () => {
  it("is there, and is not claimed to be missing where nobody can tell", () => {
    assert.equal(fullDisk(__dirname), undefined);
    assert.equal(fullDisk(join(__dirname, "no-such-folder")), undefined);
  });
});
