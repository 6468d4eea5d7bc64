import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { rules } from "../../policies/registry";
import { documentationFile, updatedDocumentation } from "./update-docs";

describe("docs/policies.md", () => {
  const page = readFileSync(documentationFile, "utf8");

  it("is in step with the registry; node dist/tests/policies/update-docs.js brings it there", () => {
    assert.equal(page, updatedDocumentation(page));
  });

  it("has the section that each rule's url points to", () => {
    for (const { name } of rules) assert.ok(page.includes(`\n### ${name}\n`), name);
  });
});
