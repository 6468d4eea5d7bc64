import type { Entry } from "../../vocabulary";
import { everywhere, scrapeDelaySeconds, secondsPerMinute } from "./shared";

/** What metric gates of the watch have in common. */
export const watched = {
  on: everywhere,
  during: ["watch"] satisfies Entry["during"],
  windowSeconds: 5 * secondsPerMinute,
  intervalSeconds: secondsPerMinute,
  telemetryDelaySeconds: scrapeDelaySeconds,
};
