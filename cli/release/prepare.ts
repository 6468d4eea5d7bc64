import { UserError } from "../../local/user-error";
import type { Manifest } from "../../release/plan/manifest";
import { sideBlockOf } from "../../release/plan/side-block";
import { describePods, withoutPodsFirst } from "../../release/targets/idle-pods";
import { describeTarget } from "../../release/targets/sides";
import { releaseKey, type SideBlock } from "../../runbooks/sides";
import { type Colour, colours } from "../../runbooks/target";
import type { CommandContext } from "../context";
import { isLocalStack } from "../stack-files";
import { openManifest } from "./load-manifest";
import { type LoadedRelease, loadRelease } from "./load-release";
import { declareSide } from "./stack-sides";

export interface PrepareOptions {
  readonly to: string;
  readonly stack: string;
}

/**
 * Declares a manifest on the idle side of a system, in the stack's file.
 *
 * @returns what was done and what comes next, for people
 * @throws UserError when no side is idle, or the manifest or the block cannot be had
 */
export async function prepare(
  context: CommandContext,
  system: string,
  { to, stack }: PrepareOptions,
): Promise<string> {
  const manifestFor = await openManifest(context.workspace, to, { system, stack });
  const release = await loadRelease(context, { system, stack });
  return declare(context, release, await manifestFor(release), planCommand([system], { to, stack }));
}

/** The command that comes after a declaration. */
export function planCommand(systems: readonly string[], { to, stack }: PrepareOptions): string {
  return `npx switchyard release plan ${systems.join(" ")} --to ${to}${isLocalStack(stack) ? "" : ` --stack ${stack}`}`;
}

/** Declares a manifest that is read already. */
export async function declare(
  context: CommandContext,
  release: LoadedRelease,
  manifest: Manifest,
  next: string,
): Promise<string> {
  const { stack } = release;
  const { system } = release.contract;
  const onCluster = release.facts.tracks.filter(({ target }) => "components" in target);
  if (onCluster.length === 0) {
    const sites = release.facts.tracks.map(({ target }) => describeTarget(target)).join(", ");
    return `${system} has nothing to declare: the release deploys ${manifest.version} by its digests (${sites}).\nNext: ${next}\n`;
  }
  const colour = idleColour(system, release);
  refuseIdlePods(release, sideBlockOf(manifest));
  const written = await declareSide(context.workspace, {
    stack,
    system,
    colour,
    block: sideBlockOf(manifest),
  });
  const file = `Pulumi.${stack}.yaml`;
  if (!written)
    return `${file} declares ${manifest.version} on ${colour} already.\nNext: npx switchyard up --stack ${stack}, then ${next}\n`;
  return [
    `${file}: ${system}:sides.${colour} is ${manifest.version} now. No pod starts and no traffic moves by that.`,
    "Next:",
    `  git commit -m "${system} ${manifest.version} on ${colour}" ${file}`,
    `  npx switchyard up --stack ${stack}`,
    `  ${next}`,
    "",
  ].join("\n");
}

/**
 * What a track would refuse at the next `up` is refused before anything is written.
 * @throws UserError when pods of the idle side would become those of the block at once
 */
export function refuseIdlePods(
  { contract, facts, observed }: Pick<LoadedRelease, "contract" | "facts" | "observed">,
  block: SideBlock,
): void {
  for (const { name, target } of facts.tracks) {
    const { idle, podsOnIdle, keys } = observed[name] ?? {};
    if (!("components" in target) || idle === undefined || podsOnIdle === undefined) continue;
    if (keys?.[idle] === releaseKey(block)) continue;
    throw new UserError(
      `${idle} of ${contract.system} has no traffic and still has pods: ${describePods(podsOnIdle)} (${describeTarget(target)}). ` +
        `Declared there, ${block.version} would start at once.`,
      { mend: withoutPodsFirst(contract.system, target, podsOnIdle) },
    );
  }
}

/**
 * The colour that all tracks of the system have idle.
 * @throws UserError when there is none
 */
function idleColour(system: string, { facts, observed }: LoadedRelease): Colour {
  const tracks = facts.tracks.filter(({ target }) => "components" in target);
  const idle = new Set(tracks.map(({ name }) => observed[name]?.idle));
  const [colour] = idle;
  const known = colours.find((each) => each === colour);
  if (idle.size === 1 && known !== undefined) return known;
  const seen = tracks.map(({ name, target }) => {
    const { live, idle: free, retainedBy, reason } = observed[name] ?? {};
    const kept = retainedBy === undefined ? "" : `, the other is kept by release ${retainedBy}`;
    return `${describeTarget(target)}: ${reason ?? `${live} is live, ${free ?? "none"} idle${kept}`}`;
  });
  throw new UserError(`No side of ${system} is idle: ${seen.join("; ")}.`, {
    mend: `Bring the stack up if it never was; otherwise finish the release under way or roll it back: npx switchyard release status ${system}.`,
  });
}
