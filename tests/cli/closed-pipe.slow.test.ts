import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

describe("a reader that has seen enough", () => {
  const stateDir = mkdtempSync(join(tmpdir(), "switchyard-pipe-"));
  after(() => rmSync(stateDir, { recursive: true, force: true }));

  it("ends the output of a command, and is no fault", async () => {
    const main = join(__dirname, "..", "..", "cli", "main.js");
    // Longer than a pipe holds.
    const child = spawn(process.execPath, [main, "coverage", "--format", "json"], {
      env: { ...process.env, SWITCHYARD_STATE_DIR: stateDir },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stderr = "";
    child.stderr.on("data", (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.stdout.once("data", () => child.stdout.destroy());
    const code = await new Promise((resolve) => child.once("close", resolve));
    assert.equal(stderr, "");
    assert.equal(code, 0);
  });
});
