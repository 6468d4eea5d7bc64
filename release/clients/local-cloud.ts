import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isJson } from "../targets/json";
import { UserError } from "../user-error";

/** The one subscription that the embedded local cloud has; none of Azure's carries this id. */
export const localSubscriptionId = "00000000-0000-4000-8000-0000000de000";

const start = "npx switchyard cloud start";

export interface LocalEndpoint {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** Made anew at each start of the cloud. */
  readonly token: string;
}

/**
 * Where the local cloud said it answers. The file outlives a cloud that was killed: that nobody answers is then told by
 * the request itself.
 *
 * @param stateDir folder of the local state, `SWITCHYARD_STATE_DIR`
 * @throws UserError when there is none, or it is not on this machine
 */
export function localEndpoint(stateDir: string | undefined): LocalEndpoint {
  if (stateDir === undefined) {
    throw new UserError("SWITCHYARD_STATE_DIR is not set, so that the local cloud cannot be found", {
      mend: 'eval "$(npx switchyard env)"',
    });
  }
  const file = join(stateDir, "cloud", "endpoint.json");
  const value = parsed(file);
  if (!isJson(value) || typeof value.url !== "string" || typeof value.token !== "string") {
    throw new UserError(`${file} names no endpoint`, { mend: start });
  }
  if (!URL.canParse(value.url) || new URL(value.url).hostname !== "127.0.0.1") {
    throw new UserError(`refused: the local cloud of ${file} is at ${value.url}, which is not this machine`);
  }
  return { url: value.url, token: value.token };
}

function parsed(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new UserError(`the local cloud is not running (no ${file})`, { mend: start, cause: error });
  }
}
