import type { CheckGate, MetricGate } from "../../runbooks/entry-basics";

export type MetricProviderName = MetricGate["measurement"]["provider"];
export type CheckProviderName = CheckGate["check"]["provider"];

/** A metric gate of one provider. */
export type MetricGateOf<Name extends MetricProviderName> = MetricGate & {
  readonly measurement: Extract<MetricGate["measurement"], { provider: Name }>;
};

/** A check gate of one provider. */
export type CheckGateOf<Name extends CheckProviderName> = CheckGate & {
  readonly check: Extract<CheckGate["check"], { provider: Name }>;
};
