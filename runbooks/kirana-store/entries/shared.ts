import type { Entry } from "../../vocabulary";
import { kiranaStore } from "..";

/** Where an entry holds. `rehearsed`: dev can do it as well, so that it is tried before it matters. */
export const everywhere: Entry["on"] = ["dev", "staging", "production"];
export const rehearsed: Entry["on"] = everywhere;
export const staging: Entry["on"] = ["staging"];
/** Statements about staging that dev can try as well. */
export const stagingRehearsed: Entry["on"] = ["dev", "staging"];
export const production: Entry["on"] = ["production"];
export const stagingAndProduction: Entry["on"] = ["staging", "production"];

export const secondsPerMinute = 60;
export const millisecondsPerSecond = 1000;
export const hoursPerDay = 24;

/** How late a query sees what was scraped: two scrapes. */
export const scrapeDelaySeconds = 60;

/** Hosts by their names in the system's outputs: the store as customers reach it, and the side that is not live. */
export const hosts = { store: "store", preview: "preview" };

/** Components of a colour as the manifest names them, in the order in which they are deployed. */
export const components: string[] = [...kiranaStore.components.order];

/** Numbers of the runbook that two halves of it name and no resource needs. */
export const figures = {
  /** Ramp and week (159, 486). */
  rampErrorRate: 0.005,
  /** First hour (267). */
  hourErrorRate: 0.001,
  /** When to roll back (296, 297); five minutes for both, since the runbook gives them to the first only. */
  rollback: { errorRate: 0.05, latencySeconds: 5, sustainedSeconds: 5 * secondsPerMinute },
  /** Staging and first hour (44, 268); the alert's limit of 70 % is another one. */
  cacheHitRate: 0.8,
};
