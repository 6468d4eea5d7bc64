import type { Sample } from "../../../release/gates/gate-provider";
import type { Moment } from "../../../release/gates/verdict";

/** When the phase of these tests began, in milliseconds since 1970. */
export const began = Date.parse("2026-11-21T12:00:00Z");

/** Seconds of a runbook after the phase began. */
export function at(seconds: number, changes: Partial<Moment> = {}): Moment {
  return { now: new Date(began + seconds * 1000), speed: 1, phaseBegan: new Date(began), ...changes };
}

export function value(number: number, seconds: number, count = 1e9): Sample {
  return { kind: "value", value: number, at: new Date(began + seconds * 1000), count, question: "q" };
}

export const silence: Sample = { kind: "nothing", why: "nobody answers", question: "q" };
export const yes: Sample = { kind: "answer", holds: true, seen: "status 200", question: "q" };
export const no: Sample = { kind: "answer", holds: false, seen: "status 500", question: "q" };
