import type { Command } from "../journal/journal";

/** What a gate sees while it sees something else than health. */
export const badSamples = ["breach", "between", "nothing", "notANumber", "stale", "fewEvents"] as const;
export type BadSample = (typeof badSamples)[number];

/** What becomes of a call that changes something. */
export const writeFaults = ["failsOnce", "failsAlways", "refused", "hangs", "losesAnswer"] as const;
export type WriteFault = (typeof writeFaults)[number];

/** A span of virtual time, in seconds from the release's start; without an end it lasts. */
export interface Span {
  readonly fromSeconds: number;
  readonly forSeconds: number;
}

/** One thing that goes wrong. Plain data: a scenario can be printed, and run again. */
export type Fault =
  | ({ readonly kind: "gate"; readonly gate: string; readonly seen: BadSample } & Span)
  /** The candidate's pods never become ready. */
  | { readonly kind: "neverReady"; readonly track: string }
  /** A side that was ready is not, for a while. */
  | ({ readonly kind: "unready"; readonly track: string; readonly side: "candidate" | "live" } & Span)
  /** The so manieth call that changes something; `failsAlways`: this and every later one to the same thing. */
  | { readonly kind: "write"; readonly number: number; readonly how: WriteFault }
  | { readonly kind: "evidence"; readonly entry: string }
  /** `restore`: of a rollback, that the data are restored as well. */
  | {
      readonly kind: "command";
      readonly command: Command["command"];
      readonly restore?: boolean;
      readonly atSeconds: number;
    }
  | ({ readonly kind: "storeAway" } & Span)
  /** The process is killed at this entry of the journal, before or after it is durable. */
  | { readonly kind: "killedAtEntry"; readonly number: number; readonly durable: boolean }
  | { readonly kind: "killedAtWrite"; readonly number: number; readonly carriedOut: boolean }
  /** Neither killed nor running: past the end of its lease another process takes over. */
  | ({ readonly kind: "stopped" } & Span)
  /** The wall clock is set; the monotonic one is not. */
  | { readonly kind: "clockSet"; readonly atSeconds: number; readonly bySeconds: number };

/** How people are when they are asked. */
export const manners = ["well", "mixed", "never"] as const;
/** `well`: in time, yes; `mixed`: late, no, the wrong person, never as well; `never`: nobody comes. */
export type Manner = (typeof manners)[number];

/** Everything that decides how a simulated release goes. */
export interface Scenario {
  readonly seed: number;
  readonly faults: readonly Fault[];
  readonly people: Manner;
  /** Whether looks and entries take time, as they do: what happens meanwhile falls between two of them. */
  readonly latency: boolean;
  /** Whether a process waits for people before anything moved; otherwise it ends, and another one goes on later. */
  readonly waits: boolean;
  /**
   * Whether each process that takes it up does so on a machine of its own, where nobody sees what a rollback kept on
   * another one while the store was away. @default all are on the same machine
   */
  readonly elsewhere?: boolean;
  /** Somebody takes it back so long after it has finished. @default nobody does */
  readonly takenBack?: { readonly afterSeconds: number; readonly restore?: boolean };
}

/** Nothing goes wrong. */
export function calm(seed = 1): Scenario {
  return { seed, faults: [], people: "well", latency: false, waits: false };
}

export function isWithin({ fromSeconds, forSeconds }: Span, seconds: number): boolean {
  return seconds >= fromSeconds && seconds < fromSeconds + forSeconds;
}
