import type { Planned } from "../../release/plan/planner";

export interface UsersSent {
  /** Requests a second that are sent on dev. */
  readonly users: number;
  /** What the plan was told instead, if anything. */
  readonly requestsPerSecond?: number;
}

/** On dev the traffic is what `--users` sends, and a rehearsal makes less of it in a gate's window: a refusal says so. */
export function withUsersNeeded(
  planned: Planned,
  { users, requestsPerSecond }: UsersSent,
  speed: number,
): Planned {
  if (!("refusals" in planned) || requestsPerSecond !== undefined || users === 0) return planned;
  const hint = `On dev: more --users than ${users}, or less --speed than ${speed}.`;
  return {
    refusals: planned.refusals.map((refusal) =>
      refusal.kind === "too-little-traffic" ? { ...refusal, mend: `${refusal.mend} ${hint}` } : refusal,
    ),
  };
}
