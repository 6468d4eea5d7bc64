import type { Entry } from "./vocabulary";

/** What the entries of every contract are written with. Each system's own words stand in its `entries/shared.ts`. */

type Word<Name extends Entry["word"]> = Extract<Entry, { word: Name }>;
export type CheckGate = Word<"checkGate">;
export type MetricGate = Word<"metricGate">;
export type Evidence = Word<"evidence">;

/** Where an entry holds. What production and staging do, dev rehearses. */
export const everywhere: Entry["on"] = ["dev", "staging", "production"];
export const production: Entry["on"] = ["production"];
export const staging: Entry["on"] = ["staging"];
/** What dev cannot do: its images have no tests, its cloud no Grafana and no services of others. */
export const stagingAndProduction: Entry["on"] = ["staging", "production"];
/** Statements about staging alone, which dev can try as well. */
export const stagingRehearsed: Entry["on"] = ["dev", "staging"];

export const secondsPerMinute = 60;
export const hoursPerDay = 24;
export const daysOf = (days: number) => days * hoursPerDay;

/** How late a query sees what was scraped: two scrapes. */
export const scrapeDelaySeconds = 60;
/** Between two looks of a watch. */
export const lookEverySeconds = 30;

/**
 * Ages of evidence, in hours, where the runbook states none. What speaks of the world around the candidate has three days,
 * the strictest of the five runbooks; what is bound to the digest of something that cannot change has longer.
 */
export const evidenceAges = { world: daysOf(3), build: daysOf(7), review: daysOf(30) } as const;

/** Time zone of the windows (conflicts 6). */
export const timeZone = "America/Los_Angeles";
