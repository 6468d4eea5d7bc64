import type { FrameworkReference, RuleBase } from "../rule";
import { cisAzure } from "./cis-azure";
import { iso27001 } from "./iso-27001";
import { pciDss } from "./pci-dss";
import { soc2 } from "./soc2";

const byRule = new Map<string, FrameworkReference[]>();
for (const { name, version, controls } of [soc2, pciDss, iso27001, cisAzure]) {
  for (const { reference, specification, rules } of controls) {
    for (const rule of rules) {
      byRule.set(rule, [...(byRule.get(rule) ?? []), { name, version, reference, specification }]);
    }
  }
}

/** Names of rules that the frameworks are mapped to. */
export const mappedRules: readonly string[] = [...byRule.keys()];

/** Every control that a rule serves: its own first, which the engine is told of, then those of the other catalogues. */
export function frameworksOf({
  name,
  framework,
}: Pick<RuleBase, "name" | "framework">): readonly FrameworkReference[] {
  return [...(framework ? [framework] : []), ...(byRule.get(name) ?? [])];
}
