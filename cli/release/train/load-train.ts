import { readFile } from "node:fs/promises";
import { dirname, isAbsolute, join } from "node:path";
import { UserError } from "../../../local/user-error";
import type { Manifest } from "../../../release/plan/manifest";
import { checkedManifest } from "../../../release/plan/parse-manifest";
import type { Planned } from "../../../release/plan/planner";
import { releaseTypes } from "../../../release/plan/selection";
import { inOrder, type Ordered } from "../../../release/train/order";
import { isTrain, parseTrain, type TrainPart } from "../../../release/train/parse-train";
import { secondsToServe } from "../../../release/train/timetable";
import type { CommandContext } from "../../context";
import { readFault } from "../../read-fault";
import { isLocalStack } from "../../stack-files";
import { contractNamed } from "../contract-named";
import { deployFirstVersion } from "../first-version";
import { exampleName, openManifest } from "../load-manifest";
import { type LoadedRelease, loadRelease } from "../load-release";
import { type PlanChoices, planOf } from "../plan-for";
import type { PlanningOptions } from "../planning-options";
import { withRestoredNamed } from "../restored-elsewhere";
import { scheduledOnStack, withAnnounced } from "../scheduled";

/** A release of a train with what its plan is made from. */
export interface LoadedMember extends Ordered {
  readonly release: LoadedRelease;
  readonly manifest: Manifest;
}

export interface PlannedRelease extends LoadedMember {
  readonly choices: PlanChoices;
  readonly planned: Planned;
}

/** Whether what was asked for is several releases: more than one system, or a file of several. */
export async function asksForTrain(systems: readonly string[], to: string): Promise<boolean> {
  if (systems.length > 1) return true;
  if (to === exampleName) return false;
  // That it cannot be read says whoever reads the manifest.
  return isTrain(await readFile(to, "utf8").catch(() => ""));
}

/**
 * The releases of several systems in the order in which they begin. A file says what comes after what; of `example`, each
 * comes after the one that is named before it.
 *
 * @throws UserError for an unknown system, one without a part in the file or a part without its system, a circle, and with
 *   every fault of a manifest
 */
export async function loadTrain(
  context: CommandContext,
  systems: readonly string[],
  { to, stack }: { readonly to: string; readonly stack: string },
): Promise<readonly LoadedMember[]> {
  for (const system of systems) contractNamed(system);
  if (to === exampleName) {
    const ordered = systems.map((system, index) => ({
      system,
      after: systems.slice(Math.max(index - 1, 0), index),
    }));
    const members: LoadedMember[] = [];
    for (const { system, after } of inOrder(ordered, `--to ${exampleName}`)) {
      const manifestFor = await openManifest(context.workspace, to, { system, stack });
      const release = await loadRelease(context, { system, stack });
      members.push({ system, after, release, manifest: await manifestFor(release) });
    }
    return members;
  }
  const parts = await readTrain(to);
  requireSame(systems, parts, to);
  for (const { system, manifest, source } of parts)
    checkedManifest(manifest, source, { contract: contractNamed(system) });
  const members: LoadedMember[] = [];
  for (const { system, after, manifest, source } of parts) {
    const release = await loadRelease(context, { system, stack });
    members.push({ system, after, release, manifest: checkedManifest(manifest, source, release) });
  }
  return members;
}

/** Each is planned for when it will begin: its windows are looked at for that time. */
export function planTrain(
  members: readonly LoadedMember[],
  options: Pick<PlanningOptions, "emergency" | "infrastructure" | "reason" | "requestsPerSecond" | "at">,
  speed = 1,
): readonly PlannedRelease[] {
  let seconds = 0;
  const begins = options.at ?? new Date();
  return members.map((member) => {
    const choices: PlanChoices = {
      types: releaseTypes(member.manifest, options),
      at: new Date(begins.getTime() + (seconds * 1000) / speed),
      ...(options.reason !== undefined && { reason: options.reason }),
      ...(options.requestsPerSecond !== undefined && { requestsPerSecond: options.requestsPerSecond }),
    };
    const planned = planOf(member.release, member.manifest, choices);
    if ("plan" in planned) seconds += secondsToServe(planned.plan.steps);
    return { ...member, choices, planned };
  });
}

/** The same with what was announced of each, as of when it will begin: what a start refuses is a warning for who looks. */
export async function announcedMembers(
  context: CommandContext,
  stack: string,
  members: readonly PlannedRelease[],
  starts: boolean,
): Promise<readonly PlannedRelease[]> {
  const announced: PlannedRelease[] = [];
  for (const member of members) {
    const scheduled = await scheduledOnStack(context, stack, member.system);
    const now = member.choices.at ?? new Date();
    const planned = await withRestoredNamed(context, member.release, member.planned);
    announced.push({ ...member, planned: withAnnounced(planned, scheduled, { now, starts }) });
  }
  return announced;
}

/** On dev the example needs a version to go back to, which a site that was only just made does not have. */
export async function deployFirstVersions(
  context: CommandContext,
  systems: readonly string[],
  { to, stack }: { readonly to: string; readonly stack: string },
): Promise<void> {
  if (to !== exampleName || !isLocalStack(stack)) return;
  for (const system of systems)
    await deployFirstVersion(context, await loadRelease(context, { system, stack }));
}

async function readTrain(path: string): Promise<readonly TrainPart[]> {
  const text = await read(path, `Name a YAML or JSON file of a train, or on dev ${exampleName}.`);
  if (!isTrain(text)) {
    throw new UserError(`${path} holds no \`releases\`: it is not the file of a train.`, {
      mend: "Write { releases: [{ manifest: FILE }, { manifest: FILE, after: [SYSTEM] }] }; docs/release.md shows one.",
    });
  }
  return parseTrain(text, path, (named) =>
    read(
      isAbsolute(named) ? named : join(dirname(path), named),
      `It is named by ${path}; such paths begin where that file lies.`,
    ),
  );
}

async function read(path: string, mend: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new UserError(`${path} cannot be read: ${readFault(cause)}.`, { mend, cause });
  }
}

/** Nothing is left out silently, on either side. */
function requireSame(systems: readonly string[], parts: readonly TrainPart[], path: string): void {
  const there = parts.map(({ system }) => system);
  for (const system of there) contractNamed(system);
  const twice = systems.find((system, index) => systems.indexOf(system) !== index);
  if (twice !== undefined)
    throw new UserError(`${twice} is named twice.`, { mend: "Name each system once." });
  const missing = systems.filter((system) => !there.includes(system));
  if (missing.length > 0)
    throw new UserError(`${path} has no release of ${missing.join(", ")}; it has ${there.join(", ")}.`, {
      mend: `Add one, or do not name ${missing.length === 1 ? "it" : "them"}.`,
    });
  const unnamed = there.filter((system) => !systems.includes(system));
  if (unnamed.length > 0)
    throw new UserError(`${path} also releases ${unnamed.join(", ")}, which the command does not name.`, {
      mend: `Name all: ${there.join(" ")}; or take what is not to be released out of the file.`,
    });
}
