import { stringify } from "yaml";
import type { AlertRuleGroup } from "./alert-rules";

const millisecondsPerMinute = 60_000;

/** Time that passes faster, as in a rehearsal. */
export interface Pace {
  /** Above 1. */
  readonly speed: number;
  /** An expression over times that are as much shorter. */
  readonly expression: (expression: string) => string;
}

/**
 * The groups as Prometheus reads them from a file (Prometheus, "Alerting rules"), in YAML.
 *
 * @param pace default: as in life
 */
export function rulesFile(groups: readonly AlertRuleGroup[], pace?: Pace): string {
  const minutes = (count: number) =>
    pace === undefined ? `${count}m` : `${Math.round((count * millisecondsPerMinute) / pace.speed)}ms`;
  return stringify(
    {
      groups: groups.map(({ name, intervalMinutes, rules }) => ({
        name,
        interval: minutes(intervalMinutes),
        rules: rules.map(({ alert, expression, forMinutes, labels, annotations }) => ({
          alert,
          expr: pace === undefined ? expression : pace.expression(expression),
          for: minutes(forMinutes),
          labels,
          annotations,
        })),
      })),
    },
    // Two rules may share an object; a reader need not know YAML's references.
    { aliasDuplicateObjects: false, lineWidth: 0 },
  );
}
