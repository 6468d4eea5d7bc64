import { buildVersion } from "../daemon/build-version";

/** The build of the local cloud at hand. */
export function cloudVersion(): string {
  return buildVersion(__dirname);
}
