import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { documentRules } from "../../policies/documentation";
import { rules } from "../../policies/registry";
import { runRules } from "../../policies/run/run-rules";
import { root } from "../support/root";

/** Everything after this line of docs/policies.md is made from the registry. */
export const generatedMark =
  "<!-- From here on: made from the registry by dist/tests/policies/update-docs.js. -->";

export const documentationFile = join(root, "docs", "policies.md");

/** The page with its generated part made anew. */
export function updatedDocumentation(page: string): string {
  const end = page.indexOf(generatedMark);
  if (end < 0) throw new Error(`docs/policies.md has lost its line ${generatedMark}`);
  return `${page.slice(0, end)}${generatedMark}\n\n${documentRules([...rules, ...runRules])}`;
}

if (require.main === module) {
  writeFileSync(documentationFile, updatedDocumentation(readFileSync(documentationFile, "utf8")));
}
