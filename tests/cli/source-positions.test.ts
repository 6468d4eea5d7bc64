import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { readPositions } from "../../cli/engine/source-positions";

describe("source positions of a run", () => {
  it("become lines below the checkout; what lies elsewhere or was cut off is left out, and a missing file is none", () => {
    const folder = mkdtempSync(join(tmpdir(), "switchyard-positions-"));
    try {
      const file = join(folder, "positions.jsonl");
      const at = (path: string) => ({ uri: pathToFileURL(path).href, line: 3, column: 5 });
      const positions = {
        "urn:a": at(join(folder, "infra", "a b.ts")),
        "urn:b": at("/elsewhere/x.ts"),
        "urn:c": { uri: "node:internal", line: 1, column: 1 },
      };
      const lines = Object.entries(positions).map((entry) => `${JSON.stringify(entry)}\n`);
      writeFileSync(file, `${lines.join("")}["urn:d",{"uri":"fi`);
      assert.deepEqual(
        [...readPositions(file, folder)],
        [["urn:a", { file: "infra/a b.ts", line: 3, column: 5 }]],
      );
      assert.equal(readPositions(join(folder, "none.json"), folder).size, 0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
