import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pageOf } from "../../policies/metadata";
import { rules } from "../../policies/registry";
import { runRules } from "../../policies/run/run-rules";
import { root } from "../support/root";
import { pagesFolder, policyPages } from "./support/policy-pages";

describe("docs/policies", () => {
  const pages = policyPages();

  it("has a page for each rule and the index, and no other", () => {
    assert.deepEqual(readdirSync(pagesFolder).sort(), [...pages.keys()].sort());
  });

  it("is in step with rules, catalogue and cases; npm run golden:update brings it there", () => {
    for (const [file, page] of pages) assert.equal(readFileSync(join(pagesFolder, file), "utf8"), page, file);
  });

  it("has the page that each rule's url names", () => {
    for (const rule of [...rules, ...runRules]) assert.ok(existsSync(join(root, pageOf(rule))), rule.name);
  });

  it("shows for every rule what passes, what fails and what is said then", () => {
    for (const { name } of rules) {
      const page = pages.get(`${name}.md`)!;
      for (const part of ["## Passes", "## Fails", "\n> ", "## Mend"]) {
        assert.ok(page.includes(part), `${name}: ${part}`);
      }
      assert.ok(!page.includes("not in the catalogue"), name);
    }
  });

  it("is linked from docs/policies.md", () => {
    const page = readFileSync(join(root, "docs", "policies.md"), "utf8");
    assert.ok(page.includes("(policies/README.md)"));
  });
});
