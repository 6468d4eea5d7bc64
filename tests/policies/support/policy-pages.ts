import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { ruleIndex, rulePage } from "../../../policies/documentation";
import { rules } from "../../../policies/registry";
import { runRules } from "../../../policies/run/run-rules";
import { root } from "../../support/root";
import { exampleOf } from "./rule-example";

export const pagesFolder = join(root, "docs", "policies");

/** Every page of docs/policies by its file name, made anew. */
export function policyPages(): ReadonlyMap<string, string> {
  const catalogue = parse(readFileSync(join(root, "runbooks", "catalogue.yaml"), "utf8")) as readonly {
    readonly id: string;
    readonly text: string;
  }[];
  const texts = new Map(catalogue.map(({ id, text }) => [id, text.replace(/\s+/g, " ").trim()]));
  const statementOf = (id: string) => texts.get(id);
  return new Map([
    ["README.md", ruleIndex([...rules, ...runRules])],
    ...rules.map(
      (rule) => [`${rule.name}.md`, rulePage(rule, { statementOf, example: exampleOf(rule) })] as const,
    ),
    ...runRules.map((rule) => [`${rule.name}.md`, rulePage(rule, { statementOf })] as const),
  ]);
}
