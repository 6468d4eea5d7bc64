import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { root } from "../support/root";
import { packageOf } from "./support/package-file";

describe("the pack's files", () => {
  it("agree on the version, and on the dependencies with the project", () => {
    const own = packageOf("policies");
    const project = packageOf(".");
    assert.equal(
      parse(readFileSync(join(root, "policies", "PulumiPolicy.yaml"), "utf8")).version,
      own.version,
    );
    for (const [name, version] of Object.entries(own.dependencies))
      assert.equal(version, project.dependencies[name], name);
    assert.equal(own.main, "dist/pack.js");
  });
});
