import { join } from "node:path";
import { buildVersion } from "../daemon/build-version";

/** The build of the front at hand. Some of it is the cluster's: a change there replaces the front too. */
export function trafficVersion(): string {
  return `${buildVersion(__dirname)}${buildVersion(join(__dirname, "../cluster")).slice(0, 8)}`;
}
