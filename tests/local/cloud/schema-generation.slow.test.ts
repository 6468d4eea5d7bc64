import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { generateSchema, printSchema } from "../../../local/cloud/resource-types/generate";

describe("schema generation", function () {
  // Parses some megabytes of declarations: 1.4 s on two idle cores.
  this.timeout(20_000);
  it("gives the committed file again, byte for byte", () => {
    const compiled = join(__dirname, "..", "..", "..", "local", "cloud", "resource-types");
    const committed = compiled.replace(/\/(dist|\.build\/[^/]+)\/local\//, "/local/");
    const text = readFileSync(join(committed, "schema.generated.json"), "utf8");
    assert.ok(
      printSchema(generateSchema()) === text,
      "run: node dist/local/cloud/resource-types/generate.js",
    );
  });
});
