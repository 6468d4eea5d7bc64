import { UserError } from "../../local/user-error";
import { reopen } from "../../release/engine/reopen";
import { type ReleaseState, stateOf } from "../../release/engine/state";
import type { JournalStore } from "../../release/journal/journal";
import { type AfterTheEnd, againstGoingBack } from "../../release/plan/former-side";
import { durationWords } from "../../release/plan/words";
import { fetchPackage } from "../../release/strategies/slots/package";
import { needing } from "../../release/train/order";
import { trainsName } from "../../release/train/train";
import { trainStateOf } from "../../release/train/train-state";
import { UserError as RetriableError } from "../../release/user-error";
import type { CommandContext } from "../context";
import { actorOf } from "../records/actor";
import { isLocalStack } from "../stack-files";
import { previousManifest } from "./earlier-releases";
import { firstComponents, firstVersion } from "./first-version";
import { type LoadedSystem, loadSystem } from "./load-release";
import { observeTracks } from "./observe-tracks";
import { progressLines } from "./progress-lines";
import { holderName } from "./release-process";
import type { RollbackOptions } from "./rollback";
import { type OpenedRelease, requireRestores } from "./tell-release";

/** So many of a stack's newest trains are looked through for one that the release was of. */
const trainsLookedThrough = 20;

/**
 * Takes back a release that has finished, as long as the side before is still what it was: the same way back as during the
 * release, in its journal and under its lease. This process walks it.
 *
 * @throws UserError when there is no way back any more, with what to do instead; Refused when it stays live
 */
export async function takeBack(
  context: CommandContext,
  system: string,
  { store, release, state: { plan } }: OpenedRelease,
  { stack, reason, restore, users = 0 }: RollbackOptions,
): Promise<void> {
  if (restore === true) requireRestores({ plan });
  await requireNobodyNeedsIt(store, system, release, context.say);
  const loaded = await loadSystem(context, { system, stack });
  const by = actorOf(process.env).name;
  const kept = await keptComponents(context, loaded, store, release);
  const { lease, record, speed } = await reopen(store, {
    system,
    release,
    holder: holderName(),
    by,
    why: reason ?? `rollback by ${by}`,
    ...(restore === true && { restore }),
    facts: loaded.facts,
    requireWayBack: (state) => requireWayBack(context, loaded, state, kept),
  });
  const lines = progressLines(context);
  lines(
    `release ${release} of ${system} goes back, ${plan.manifest.version} -> ${plan.from.version ?? "(unknown)"} on ${stack}, by ${by} at ${record.at}`,
  );
  const { walkOn } = await import("./start.js");
  const options = { wait: false, users, urgent: true };
  await walkOn(context, { loaded, store, lease, lines, options, speed });
}

/** What is kept of versions before, by component: the artefacts, and which version each is. */
type Kept = Pick<AfterTheEnd, "previous" | "previousVersions">;

/** As a rollback during the release would deploy them. */
async function keptComponents(
  { workspace }: CommandContext,
  { contract, stack }: LoadedSystem,
  store: JournalStore,
  release: string,
): Promise<Kept> {
  const first = isLocalStack(stack) ? await firstComponents(workspace, contract.system) : {};
  const before = await previousManifest(store, contract.system, release);
  const own = before?.components ?? {};
  const versionsOf = (components: object, version: string) =>
    Object.fromEntries(Object.keys(components).map((name) => [name, version]));
  return {
    previous: { ...first, ...own },
    previousVersions: {
      ...versionsOf(first, firstVersion),
      ...(before !== undefined && versionsOf(own, before.version)),
    },
  };
}

/** Nothing is taken for granted: sides are asked what they hold, and packages are fetched. */
async function requireWayBack(
  context: CommandContext,
  { contract, facts, settings, surroundings, stack }: LoadedSystem,
  state: ReleaseState,
  kept: Kept,
): Promise<void> {
  const { plan, servedPercent, ended } = state;
  const { system } = contract;
  if (servedPercent !== 100) {
    throw new UserError(
      `Release ${state.release} of ${system} moved no traffic: there is none to take back.`,
      {
        mend: "What it changed in the stack is changed back there, by a reviewed update.",
      },
    );
  }
  const observed = await context.progress.step(`looking at ${system} on ${stack}`, () =>
    observeTracks(contract, facts, settings.sides, surroundings, context.signal),
  );
  const against = againstGoingBack({ plan, facts, observed, ...kept });
  if (against.length > 0) throw noWayBack(state, against);
  for (const { components, target } of plan.facts.tracks) {
    if (target.kind !== "staticSite") continue;
    for (const name of components) {
      const artefact = kept.previous[name]!;
      if ("package" in artefact) await fetchPackage(artefact, surroundings, context.signal);
    }
  }
  const seconds = Math.round((Date.now() - Date.parse(ended!.at)) / 1000);
  context.say(
    `${plan.from.version} is still there, ${durationWords(seconds)} after the release has finished`,
  );
}

function noWayBack({ release, plan }: ReleaseState, against: readonly string[]): UserError {
  const { system, from } = plan;
  return new UserError(
    `Release ${release} of ${system} cannot be taken back: ${against.join("; ")}. Nothing was changed.`,
    {
      mend: `Release the version that is wanted${from.version === undefined ? "" : `, such as ${from.version}`}: npx switchyard release prepare ${system} --to MANIFEST where it is on the cluster, then release start; --emergency past windows and freezes, as far as the runbook has it.`,
    },
  );
}

/**
 * What came with the release in a train and needs it goes back first, each by a command of its own: the train is over.
 *
 * @throws UserError naming them in their order; and while the train is under way
 */
export async function requireNobodyNeedsIt(
  store: JournalStore,
  system: string,
  release: string,
  say: (line: string) => void,
): Promise<void> {
  const ids = (await store.releases(trainsName)).slice(-trainsLookedThrough).reverse();
  for (const id of ids) {
    const state = await trainState(store, id, say);
    if (state === undefined) continue;
    const { train, ended } = state;
    const isOf = train.members.some((member) => member.system === system && member.release === release);
    if (!isOf) continue;
    if (ended === undefined) throw await underWay(store, train.members, { id, system, release });
    const needs = needing(train.members, system);
    const live: string[] = [];
    for (const member of train.members)
      if (needs.has(member.system) && (await isStillLive(store, member))) live.push(member.system);
    if (live.length === 0) return;
    const commands = live.reverse().map((name) => `release rollback ${name} --reason TEXT`);
    throw new UserError(
      `Release ${release} of ${system} came in train ${id} with ${live.join(" and ")}, which needs it and is live.`,
      { mend: `Those go back first: npx switchyard ${commands.join(", then ")}.` },
    );
  }
}

/** What is wrong with one train's journal keeps no release of any system from going back. */
async function trainState(
  store: JournalStore,
  id: string,
  say: (line: string) => void,
): Promise<ReturnType<typeof trainStateOf> | undefined> {
  try {
    const records = await store.open(trainsName, id).read();
    return records.length === 0 ? undefined : trainStateOf(records);
  } catch (error) {
    if (!(error instanceof RetriableError) || error.retriable) throw error;
    say(`it is not known which releases train ${id} had: ${error.message}`);
    return undefined;
  }
}

/** A train whose process was killed after its last release had ended has its own end still to write. */
async function underWay(
  store: JournalStore,
  members: readonly Member[],
  { id, system, release }: { readonly id: string; readonly system: string; readonly release: string },
): Promise<UserError> {
  const ends = await Promise.all(members.map((member) => endOf(store, member)));
  const isOver = ends.every((ended) => ended !== undefined);
  return new UserError(
    isOver
      ? `Release ${release} of ${system} is of train ${id}, whose releases have all ended, and which has not written its own end.`
      : `Release ${release} of ${system} is of train ${id}, which is under way.`,
    {
      mend: isOver
        ? "npx switchyard release resume train writes it; this one can go back then."
        : "npx switchyard release rollback train takes back what has not finished; this one can go back once the train has ended.",
    },
  );
}

type Member = { readonly system: string; readonly release: string };

async function endOf(store: JournalStore, { system, release }: Member): Promise<ReleaseState["ended"]> {
  const records = await store.open(system, release).read();
  return records.length === 0 ? undefined : stateOf(records).ended;
}

/** Whether a release has finished and no newer one of its system has since: what that one brought is live then. */
async function isStillLive(store: JournalStore, member: Member): Promise<boolean> {
  if ((await endOf(store, member))?.outcome !== "finished") return false;
  const known = await store.releases(member.system);
  for (const release of known.slice(known.indexOf(member.release) + 1)) {
    const records = await store.open(member.system, release).read();
    if (records.length === 0) continue;
    const { ended, plan } = stateOf(records);
    // A release of infrastructure alone replaces no version.
    if (ended?.outcome === "finished" && plan.stack === undefined) return false;
  }
  return true;
}
