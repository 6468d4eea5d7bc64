import { readFile } from "node:fs/promises";
import type { Manifest } from "../../release/plan/manifest";
import { parseManifest } from "../../release/plan/parse-manifest";
import { sideBefore } from "../../release/plan/plan-sides";
import { UserError } from "../../release/user-error";
import type { Contract } from "../../runbooks/vocabulary";
import { readFault } from "../read-fault";
import { commitOf } from "../records/actor";
import { exampleName } from "./load-manifest";
import type { LoadedRelease } from "./load-release";

/**
 * The manifest of a release that deploys nothing, where a file is named.
 * @throws UserError when it cannot be read, or with all of its faults
 */
export async function readWithoutComponents(to: string | undefined, contract: Contract) {
  if (to === undefined || to === exampleName) return undefined;
  let text: string;
  try {
    text = await readFile(to, "utf8");
  } catch (cause) {
    throw new UserError(`The manifest ${to} cannot be read: ${readFault(cause)}.`, {
      mend: "Name a YAML or JSON file with system, version and commit, or leave --to out.",
      cause,
    });
  }
  return parseManifest(text, to, { contract, deploys: false });
}

/**
 * The same where none is named: the version that is live, and the commit of the checkout whose stack is released. The same
 * for the same checkout, so that what is signed for it counts on every stack that has the version.
 *
 * @throws UserError when nobody can tell which version is live
 */
export async function manifestOfLive(
  { contract: { system }, facts, observed }: Pick<LoadedRelease, "contract" | "facts" | "observed">,
  folder: string,
): Promise<Manifest> {
  const { version } = sideBefore(facts, observed);
  if (version === undefined)
    throw new UserError(`Nobody can tell which version of ${system} is live.`, {
      mend: "Name it in a manifest without components: { system, version, commit }, with --to FILE.",
    });
  const commit = await commitOf(folder);
  return { system, version, ...(commit !== null && { commit: commit.id }), components: {} };
}
