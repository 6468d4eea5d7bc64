import { type Json, mapAt } from "../targets/json";
import { UserError } from "../user-error";
import type { ArmWork } from "./arm-work";
import { labelValueOf } from "./names";

/** Tag of what a release makes beside the stack's resources. */
export const releaseTag = "switchyard-release";

/**
 * A copy, a scratch or restored target of the same name is this release's own, from before a crash, or nobody may touch
 * it.
 *
 * @returns what this release made before
 * @throws UserError when something else is there
 */
export async function ownFromBefore(
  arm: ArmWork,
  id: string,
  apiVersion: string,
  release: string,
): Promise<Json | undefined> {
  const there = await arm.get(id, apiVersion);
  if (there === undefined || mapAt(there, "tags")[releaseTag] === labelValueOf(release)) return there;
  throw new UserError(`refused: ${id} exists already and is not of release ${release}`, {
    mend: "look what it is; nothing is overwritten",
  });
}
