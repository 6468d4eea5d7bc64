import type { Entry } from "../../vocabulary";

/** Where an entry holds. `rehearsed`: dev can do it as well, so that it is tried before it matters. */
export const everywhere: Entry["on"] = ["dev", "staging", "production"];
export const rehearsed: Entry["on"] = everywhere;
export const staging: Entry["on"] = ["staging"];
export const production: Entry["on"] = ["production"];
export const stagingAndProduction: Entry["on"] = ["staging", "production"];

export const secondsPerMinute = 60;
export const millisecondsPerSecond = 1000;
export const hoursPerDay = 24;

/** How late a scrape every half minute is seen by a query. */
export const scrapeDelaySeconds = 60;
