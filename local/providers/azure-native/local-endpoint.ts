import { type CloudEndpoint, readEndpoint } from "../../cloud/endpoint";
import { isAlive } from "../../daemon/process-identity";
import { UserError } from "../../user-error";
import { START_THE_CLOUD } from "./arm/client";
import type { FindEndpoint } from "./arm/endpoint";
import { NO_STATE_DIR } from "./ownership";

/**
 * Where the embedded cloud of this state answers. Read anew for each request, so that a restarted cloud is found; that
 * the process behind it is really the cloud is looked at once for each endpoint: whoever got the port of a dead one
 * would answer "not found" to everything.
 */
export function localEndpoint(stateDir: string | undefined): FindEndpoint {
  let trusted: CloudEndpoint | undefined;
  return async () => {
    if (stateDir === undefined) throw new UserError(NO_STATE_DIR);
    const endpoint = readEndpoint(stateDir);
    if (endpoint === undefined) {
      throw new UserError(`the local cloud is not running (no endpoint under ${stateDir})`, {
        mend: START_THE_CLOUD,
      });
    }
    if (trusted?.pid !== endpoint.pid || trusted.processStart !== endpoint.processStart) {
      if (!isAlive(endpoint.pid, endpoint.processStart)) throw stale(endpoint);
      trusted = endpoint;
    }
    return endpoint;
  };
}

function stale({ url, pid, startedAt }: CloudEndpoint): UserError {
  return new UserError(
    `the local cloud is not running: the one that was started at ${startedAt} (${url}, process ${pid}) has ended and left its endpoint file behind`,
    { mend: START_THE_CLOUD },
  );
}
