import { strict as assert } from "node:assert";
import { reasonIn } from "../../cli/engine/operation";

describe("why the engine failed", () => {
  it("is what it called errors, each once, not the values around them", () => {
    const output = [
      "  pulumi:pulumi:Stack switchyard-dev  error: update failed",
      "    error: write /state/dev.json: no space left on device",
      "    error: update failed",
      '    - connectionString: "AccountKey=…"',
      "Resources:",
      "    12 unchanged",
    ].join("\n");
    assert.equal(
      reasonIn(output),
      "error: update failed\nerror: write /state/dev.json: no space left on device",
    );
  });

  it("is the end of the output where it called nothing so", () => {
    assert.equal(reasonIn("panic: boom\n  at x\n"), "panic: boom\n  at x");
  });
});
