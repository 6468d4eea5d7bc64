import type { MetricGate } from "../../runbooks/entry-basics";
import type { GateContext } from "./gate-provider";

/** Longest time that a store of measurements may take for one answer: no window is shorter than this by much. */
export const measureLimit = { timeoutSeconds: 20 } as const;

/** `seconds` of a runbook as milliseconds of real time: a rehearsal is faster than life. */
export function realMilliseconds(seconds: number, { clock }: Pick<GateContext, "clock">): number {
  return (seconds * 1000) / clock.speed;
}

/** A stretch of real time. */
export interface Window {
  readonly from: Date;
  readonly to: Date;
}

/** The stretch of real time that a window covers, back from what the data have reached; no shorter than `leastSeconds`. */
export function windowOf(
  gate: { readonly windowSeconds: number; readonly telemetryDelaySeconds: number },
  context: Pick<GateContext, "clock">,
  leastSeconds = 0,
): Window {
  const to = context.clock.now().getTime() - realMilliseconds(gate.telemetryDelaySeconds, context);
  const length = Math.max(realMilliseconds(gate.windowSeconds, context), leastSeconds * 1000);
  return { from: new Date(to - length), to: new Date(to) };
}

/** What is shorter says nothing: a side that has just got its traffic is warming up, and no runbook judges by less. */
const leastPartSeconds = 60;

/**
 * The part of a window in which users met what the phase's numbers are about: all of it where there is no such moment, or
 * the gate may reach back.
 *
 * @returns undefined while the data have not reached so far that a minute of it is there, or all of it where the gate wants
 *   that
 */
export function measuredPart(
  { from, to }: Window,
  gate: Pick<MetricGate, "windowSeconds" | "reachesBack" | "wholeWindow">,
  context: Pick<GateContext, "measuredSince" | "clock">,
): Window | undefined {
  const { measuredSince } = context;
  if (gate.reachesBack || measuredSince === undefined || measuredSince <= from) return { from, to };
  const seconds = gate.wholeWindow ? gate.windowSeconds : Math.min(gate.windowSeconds, leastPartSeconds);
  const least = realMilliseconds(seconds, context);
  return to.getTime() - measuredSince.getTime() >= least ? { from: measuredSince, to } : undefined;
}
