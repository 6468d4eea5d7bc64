import { noSuchRelease } from "../../release/plan/infrastructure-refusals";
import { type Manifest, manifestDigest } from "../../release/plan/manifest";
import type { ReleaseType } from "../../release/plan/plan";
import { type Planned, planRelease } from "../../release/plan/planner";
import type { Refusal } from "../../release/plan/refusal";
import { isOfStackAlone, releaseTypes } from "../../release/plan/selection";
import type { StackChanges } from "../../release/plan/stack-changes";
import { notItsTime } from "../../release/schedule/judge";
import type { CommandContext } from "../context";
import { Refused } from "../exit";
import { contractNamed } from "./contract-named";
import { openManifest } from "./load-manifest";
import { type LoadedRelease, loadRelease } from "./load-release";
import { manifestOfLive, readWithoutComponents } from "./manifest-of-live";
import type { PlanningOptions } from "./planning-options";
import { withRestoredNamed } from "./restored-elsewhere";
import { scheduledOnStack, timeOf, withAnnounced, withScheduledSoon } from "./scheduled";
import { previewOf, stackChangesOf } from "./stack-preview";

/** A plan with what it was made from. */
export interface LoadedPlan {
  readonly release: LoadedRelease;
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
  const named = { system, stack: options.stack };
  if (options.alone === true) {
    const scheduled = await scheduledOnStack(context, options.stack, system);
    if (scheduled === undefined || !isOfStackAlone(scheduled.plan)) {
      const { release, planned } = await planAlone(context, named, options);
      return { release, planned: withScheduledSoon(planned, scheduled, options.at ?? new Date()) };
    }
    const meant = { ...scheduled.plan, types: typesAlone(options) };
    // Known before the preview, which takes longest.
    const refusals = starts ? notItsTime(meant, scheduled, new Date()) : [];
    if (refusals.length > 0) return { release: await loadRelease(context, named), planned: { refusals } };
    const at = timeOf(scheduled, meant, { given: options.at, starts });
    const { release, planned } = await planAlone(context, named, { ...options, ...(at && { at }) });
    return { release, planned: withAnnounced(planned, scheduled, { now: new Date(), starts }) };
  }
  const { release, manifest } = await loadCandidate(context, { ...named, to: options.to ?? "" });
  const scheduled = await scheduledOnStack(context, options.stack, system);
  const types = releaseTypes(manifest, options);
  const meant = { manifestDigest: manifestDigest(manifest), types };
  const at = timeOf(scheduled, meant, { given: options.at, starts });
  const possible = planOf(release, manifest, { ...options, types, ...(at !== undefined && { at }) });
  const planned = await withRestoredNamed(context, release, possible);
  return { release, planned: withAnnounced(planned, scheduled, { now: new Date(), starts }) };
}

/** What a plan with a candidate is made from, but for its time. */
export async function loadCandidate(
  context: CommandContext,
  { system, stack, to }: { readonly system: string; readonly stack: string; readonly to: string },
): Promise<{ readonly release: LoadedRelease; readonly manifest: Manifest }> {
  const manifestFor = await openManifest(context.workspace, to, { system, stack });
  const release = await loadRelease(context, { system, stack });
  return { release, manifest: await manifestFor(release) };
}

/**
 * A plan of infrastructure alone. What would change is previewed last: it takes longest, and needs no answer where the runbook
 * has no such release.
 *
 * @param preview of the stack
 */
export async function planAlone(
  context: CommandContext,
  { system, stack }: { readonly system: string; readonly stack: string },
  options: Omit<PlanningOptions, "stack"> & { readonly manifest?: Manifest },
  preview: typeof previewOf = previewOf,
): Promise<LoadedPlan> {
  const { progress, signal, workspace } = context;
  const read = options.manifest ?? (await readWithoutComponents(options.to, contractNamed(system)));
  const release = await loadRelease(context, { system, stack });
  const { contract, environment } = release;
  const refusals = noSuchRelease(contract, environment);
  if (refusals.length > 0) return { release, planned: { refusals } };
  const manifest = read ?? (await manifestOfLive(release, workspace.root));
  const report = await progress.step(`previewing ${stack}`, () =>
    preview({ root: workspace.root, stack, signal }),
  );
  const types = typesAlone(options);
  const planned = planOf(release, manifest, {
    ...options,
    types,
    changes: stackChangesOf(report, contract.system),
  });
  return { release, planned };
}

/** Nothing is deployed, so nothing is migrated. */
function typesAlone({ emergency }: Pick<PlanningOptions, "emergency">): readonly ReleaseType[] {
  return releaseTypes({}, { emergency, alone: true });
}

/** What beside system and manifest decides a plan. */
export interface PlanChoices extends Pick<PlanningOptions, "reason" | "requestsPerSecond" | "at"> {
  readonly types: readonly ReleaseType[];
  /** Of a release of infrastructure alone. */
  readonly changes?: StackChanges;
}

/** A plan of what is loaded. */
export function planOf(
  { contract, environment, facts, observed, settings }: LoadedRelease,
  manifest: Manifest,
  { types, changes, reason, requestsPerSecond, at }: PlanChoices,
): Planned {
  return planRelease({
    contract,
    environment,
    facts,
    observed,
    manifest,
    types,
    ...(changes !== undefined && { stack: changes }),
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
