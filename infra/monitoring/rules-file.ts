import { stringify } from "yaml";
import type { AlertRuleGroup } from "./alert-rules";

/** The groups as Prometheus reads them from a file (Prometheus, "Alerting rules"), in YAML. */
export function rulesFile(groups: readonly AlertRuleGroup[]): string {
  return stringify(
    {
      groups: groups.map(({ name, intervalMinutes, rules }) => ({
        name,
        interval: `${intervalMinutes}m`,
        rules: rules.map(({ alert, expression, forMinutes, labels, annotations }) => ({
          alert,
          expr: expression,
          for: `${forMinutes}m`,
          labels,
          annotations,
        })),
      })),
    },
    // Two rules may share an object; a reader need not know YAML's references.
    { aliasDuplicateObjects: false, lineWidth: 0 },
  );
}
