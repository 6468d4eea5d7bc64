import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as esbuild from "esbuild";
import { repoRoot } from "../../../local/repo-root";

describe("an old Node", () => {
  const entries = ["switchyard.cjs", "build.cjs", "run-tests.cjs"];

  for (const entry of entries) {
    it(`is told by bin/${entry} which one is needed, before anything else happens`, () => {
      const old = `Object.defineProperty(process, "version", { value: "v16.20.2" }); require(${JSON.stringify(join(repoRoot(), "bin", entry))});`;
      const run = () => execFileSync(process.execPath, ["-e", old], { encoding: "utf8", stdio: "pipe" });
      assert.throws(run, (error: unknown) => {
        const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string };
        assert.equal(status, 1);
        assert.equal(stdout, "");
        assert.match(
          stderr,
          /needs Node >= 20\.19, this is v16\.20\.2 \(.*\)\.\nInstall a newer one .*nvm install 20/,
        );
        return true;
      });
    });
  }

  it("can parse every file up to that message", () => {
    for (const entry of [...entries, "set-up/node-floor.cjs"]) {
      const code = readFileSync(join(repoRoot(), "bin", entry), "utf8");
      const as = (target: string) => esbuild.transformSync(code, { target, minifyWhitespace: true }).code;
      assert.equal(as("node10"), as("esnext"), `${entry} has syntax that Node 10 does not know`);
    }
  });

  it("is told from a new one by major and minor version", () => {
    const { complaint } = require(join(repoRoot(), "bin/set-up/node-floor.cjs")) as {
      complaint(version: string, range: string, platform: string): string | undefined;
    };
    const tooOld = ["v0.10.48", "v18.20.0", "v20.18.3"].map((version) =>
      complaint(version, ">=20.19", "linux"),
    );
    assert.ok(tooOld.every((text) => text !== undefined));
    const fine = ["v20.19.0", "v20.20.2", "v22.0.0", "v24.1.0-rc.1"].map((version) =>
      complaint(version, ">=20.19", "linux"),
    );
    assert.ok(fine.every((text) => text === undefined));
    assert.match(complaint("v22.0.0", ">=20.19", "win32") ?? "", /runs on Linux and macOS, this is win32/);
  });
});
