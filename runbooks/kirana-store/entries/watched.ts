import type { Entry } from "../../vocabulary";
import { rehearsed, scrapeDelaySeconds, secondsPerMinute } from "./shared";

/** What metric gates of the watch have in common. */
export const watched = {
  on: rehearsed,
  during: ["watch"] satisfies Entry["during"],
  windowSeconds: 5 * secondsPerMinute,
  intervalSeconds: secondsPerMinute,
  telemetryDelaySeconds: scrapeDelaySeconds,
};
