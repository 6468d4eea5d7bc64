import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { repoRoot } from "../../local/repo-root";

const corrected = join(__dirname, "..", "..", "infra", "sdk-source-maps.js");

/** In a process of its own, since the hang that this is about could not be left otherwise. */
function inspectRejection(prepare: string, end = ""): { ended: boolean; output: string } {
  const script = `require("source-map-support/register"); ${prepare}
    const { output } = require("@pulumi/pulumi/output");
    output(1).apply(() => { throw new Error("refused"); }).promise().catch((error) =>
      console.log(require("node:util").inspect(error, { colors: true })));${end}`;
  const { signal, stdout } = spawnSync(process.execPath, ["-e", script], {
    cwd: repoRoot(),
    encoding: "utf8",
    timeout: 10_000,
    killSignal: "SIGKILL",
  });
  return { ended: signal === null, output: stdout };
}

describe("source maps of the SDK", () => {
  it("an error thrown inside apply can be printed in colours, its SDK frames under their own names", () => {
    const { ended, output } = inspectRejection(
      `require(${JSON.stringify(corrected)}).correctSdkSourceMaps();`,
    );
    assert.ok(ended);
    const plain = stripVTControlCharacters(output);
    assert.match(plain, /Error: refused/);
    assert.match(plain, /node_modules\/@pulumi\/pulumi\/output\.ts:\d+/);
  }).timeout(15_000);

  it("so can one after a stack with the same files was made: their maps are kept as they were read", () => {
    const earlier = `require("@pulumi/pulumi/output").output(1).apply(() => { new Error("earlier").stack; });
      setTimeout(() => {`;
    const prepare = `${earlier} require(${JSON.stringify(corrected)}).correctSdkSourceMaps();`;
    const { ended, output } = inspectRejection(prepare, "}, 20);");
    assert.ok(ended);
    assert.match(stripVTControlCharacters(output), /node_modules\/@pulumi\/pulumi\/output\.ts:\d+/);
  }).timeout(15_000);
});
