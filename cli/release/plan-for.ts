import { type Manifest, manifestDigest } from "../../release/plan/manifest";
import type { ReleaseType } from "../../release/plan/plan";
import { type Planned, planRelease } from "../../release/plan/planner";
import type { Refusal } from "../../release/plan/refusal";
import { releaseTypes } from "../../release/plan/selection";
import type { CommandContext } from "../context";
import { Refused } from "../exit";
import { openManifest } from "./load-manifest";
import { type LoadedRelease, loadRelease } from "./load-release";
import type { PlanningOptions } from "./planning-options";
import { scheduledOnStack, timeOf, withAnnounced } from "./scheduled";

/** A plan with what it was made from. */
export interface LoadedPlan {
  readonly release: LoadedRelease;
  readonly manifest: Manifest;
  readonly planned: Planned;
}

/**
 * Loads everything that a plan is made from, and makes it: of a release that is scheduled for the time that was announced.
 *
 * @param starts whether it is about to begin: what people had to be told before then refuses it
 */
export async function planFor(
  context: CommandContext,
  system: string,
  options: PlanningOptions,
  starts = false,
): Promise<LoadedPlan> {
  const { release, manifest } = await loadCandidate(context, system, options);
  const scheduled = await scheduledOnStack(context, options.stack, system);
  const at = timeOf(scheduled, manifestDigest(manifest), options.at);
  const types = releaseTypes(manifest, options);
  const planned = planOf(release, manifest, { ...options, types, ...(at !== undefined && { at }) });
  return { release, manifest, planned: withAnnounced(planned, scheduled, { now: new Date(), starts }) };
}

/** What a plan is made from, but for its time. */
export async function loadCandidate(
  context: CommandContext,
  system: string,
  { to, stack }: Pick<PlanningOptions, "to" | "stack">,
): Promise<Pick<LoadedPlan, "release" | "manifest">> {
  const manifestFor = await openManifest(context.workspace, to, { system, stack });
  const release = await loadRelease(context, { system, stack });
  return { release, manifest: await manifestFor(release) };
}

/** What beside system and manifest decides a plan. */
export interface PlanChoices extends Pick<PlanningOptions, "reason" | "requestsPerSecond" | "at"> {
  readonly types: readonly ReleaseType[];
}

/** A plan of what is loaded. */
export function planOf(
  { contract, environment, facts, observed, settings }: LoadedRelease,
  manifest: Manifest,
  { types, reason, requestsPerSecond, at }: PlanChoices,
): Planned {
  return planRelease({
    contract,
    environment,
    facts,
    observed,
    manifest,
    types,
    days: settings.days,
    now: new Date(),
    options: {
      ...(reason !== undefined && { reason }),
      ...(requestsPerSecond !== undefined && { requestsPerSecond }),
      ...(at !== undefined && { startsAt: at }),
    },
  });
}

/** Says everything that stands against a plan; the reason is the last line. */
export function refuse(
  context: CommandContext,
  system: string,
  refusals: readonly Refusal[],
  format: "text" | "json",
): never {
  if (format === "json") context.out(`${JSON.stringify({ refusals }, undefined, 2)}\n`);
  for (const { kind, message, mend } of refusals) context.say(`${kind}: ${message}\n  ${mend}`);
  const count = refusals.length === 1 ? "one reason" : `${refusals.length} reasons`;
  throw new Refused(`error: ${system} cannot be released like this, for ${count} (above)`);
}
