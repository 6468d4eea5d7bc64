import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isJson } from "../targets/json";
import { UserError } from "../user-error";
import type { LocalEndpoint } from "./local-cloud";

const start = "npx switchyard cloud start";

/** Says of an answer of the front that it is no program's, and why: `swap`, `fault`, `no-endpoint` and others. */
export const frontCauseHeader = "x-switchyard-cause";

/**
 * Where the front of dev answers for every host of every system. Read anew each time: it may have been started again.
 *
 * @throws UserError, retriable, when there is none; when it is not on this machine
 */
export function localFront(stateDir: string): LocalEndpoint {
  const file = join(stateDir, "traffic", "endpoint.json");
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if (!(error instanceof SyntaxError) && (error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new UserError(
      `the front of dev, which answers for the systems' hosts, is not running (no ${file})`,
      {
        mend: start,
        cause: error,
        retriable: true,
      },
    );
  }
  if (!isJson(value) || typeof value.url !== "string" || typeof value.token !== "string") {
    throw new UserError(`${file} names no endpoint`, { mend: start });
  }
  if (!URL.canParse(value.url) || new URL(value.url).hostname !== "127.0.0.1") {
    throw new UserError(`refused: the front of ${file} is at ${value.url}, which is not this machine`);
  }
  return { url: value.url, token: value.token };
}
