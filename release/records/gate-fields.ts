import type { ReleaseState } from "../engine/state";

/** Names of the gates whose last value stands for a field, the first that was measured. */
const gatesOf = {
  errorRate: [/^error-rate$/, /error-rate/],
  latency: [/^p95-latency$/, /latency|response-time|request-duration/],
} as const;

/** How many requests failed and how long they took, by the gates that measured it last. */
export function gateFields({ plan, verdicts }: ReleaseState): Readonly<Record<string, string>> {
  const fields: Record<string, string> = {};
  for (const [field, patterns] of Object.entries(gatesOf)) {
    const measured = [...verdicts.values()].filter(({ value }) => value !== undefined);
    const verdict = patterns
      .map((pattern) => measured.findLast(({ gate }) => pattern.test(gate)))
      .find((found) => found !== undefined);
    const entry = verdict && plan.entries[verdict.gate];
    if (verdict?.value !== undefined && entry?.word === "metricGate")
      fields[field] = withUnit(verdict.value, entry.unit);
  }
  return fields;
}

function withUnit(value: number, unit: string): string {
  const rounded = (number: number) => String(Number(number.toPrecision(3)));
  if (unit === "ratio") return `${rounded(value * 100)} %`;
  if (unit === "percent") return `${rounded(value)} %`;
  if (unit === "milliseconds") return `${rounded(value)} ms`;
  return `${rounded(value)} ${unit === "seconds" ? "s" : unit}`;
}
