import type { StoreFacts } from "../../../runbooks/release-facts";
import type { ArmWork } from "../../data/arm-work";
import { type Json, mapAt } from "../../targets/json";
import { UserError } from "../../user-error";

/** The newest moment that can be restored, that there is none (`at` undefined), or why nobody can tell. */
export type RestorePoint =
  | {
      readonly at: Date | undefined;
      /** The oldest, where the service tells it. */
      readonly since?: Date;
      readonly seen: string;
    }
  | { readonly why: string };

/** @throws UserError when the facts name no resource, or it does not exist */
export async function resourceOf(
  arm: Pick<ArmWork, "get">,
  { resourceId }: StoreFacts,
  apiVersion: string,
): Promise<{ readonly id: string; readonly resource: Json; readonly properties: Json }> {
  if (resourceId === undefined) {
    throw new UserError("the stack's output release names no resource of the store", {
      mend: "npx switchyard up",
    });
  }
  const resource = await arm.get(resourceId, apiVersion);
  if (resource === undefined)
    throw new UserError(`${resourceId} does not exist`, { mend: "npx switchyard up" });
  return { id: resourceId, resource, properties: mapAt(resource, "properties") };
}

/**
 * A service that writes its log away all the time can restore every moment up to so many minutes ago. How far it is
 * behind it does not tell: that is what its maker says of it, and the answer says that it is assumed.
 *
 * @param earliest since when, as the service says it
 */
export function continuousSince(earliest: unknown, now: Date, minutesBehind: number): RestorePoint {
  if (typeof earliest !== "string" || earliest === "") {
    return { at: undefined, seen: "the service can restore no moment yet" };
  }
  const since = Date.parse(earliest);
  if (Number.isNaN(since)) return { why: `since when it can be restored cannot be read: ${earliest}` };
  if (since > now.getTime())
    return { at: undefined, seen: `the service can restore nothing before ${earliest}` };
  const newest = Math.max(since, now.getTime() - minutesBehind * 60_000);
  return {
    at: new Date(newest),
    since: new Date(since),
    seen: `every moment since ${earliest} (that the log is ${minutesBehind} min behind is assumed: the service does not tell)`,
  };
}
