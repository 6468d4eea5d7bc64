import type { ReleaseFacts, StoreKind, TrackFacts } from "../../runbooks/release-facts";
import type { Action } from "../../runbooks/vocabulary/actions";
import { purger } from "../actions/purge";
import { restarter } from "../actions/restart";
import type { Surroundings } from "../clients/surroundings";
import { isClusterTarget } from "../clients/world";
import { dataAdapterOf } from "../data";
import type { DataAdapter } from "../data/data-adapter";
import { recordedName } from "../data/names";
import type { Clock } from "../engine/clock";
import type { EntryOfWord } from "../engine/parts";
import type { Manifest } from "../plan/manifest";
import { declaredReplicas, type ReplicasOf, scaleSide } from "../strategies/kubernetes/scaling";
import type { WriteGuard } from "../strategies/strategy";
import { waitFor } from "../strategies/waiting";
import { describeTarget } from "../targets/sides";
import { liveSide } from "../targets/sighting";
import { UserError } from "../user-error";
import type { Offer } from "./offers";

type ActionOf<Name extends Action["action"]> = Extract<Action, { action: Name }>;

export interface Acting {
  readonly surroundings: Surroundings;
  readonly facts: ReleaseFacts;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly incident: string;
  /** Asked before every write to what serves. @throws when a release runs */
  readonly guard: WriteGuard;
  /** What is live, for tasks that belong to a side. */
  readonly manifest: Manifest;
  readonly live: Readonly<Record<string, string>>;
  /** @default the adapters of releases */
  data?(store: StoreKind): DataAdapter;
  progress(line: string): void;
}

/** A step that states no limit of its own has as long as the platform needs for a restart of every pod. */
const longestSeconds = 20 * 60;
const lookMilliseconds = 400;

/**
 * Carries out an offered action by what releases do it with, and answers what was read back.
 *
 * @param run of this action in the incident, from 1 on: asked again after a crash the same one changes nothing anew
 * @throws UserError for an action that is no incident's, and for what the platform refuses
 */
export async function act(offer: Offer, run: number, acting: Acting): Promise<unknown> {
  const { does } = offer;
  const step = stepOf(offer, run);
  switch (does?.action) {
    case "restart":
      await acting.guard();
      return restarter({ ...acting, release: acting.incident })(does, step, {});
    case "purge":
      return purger(acting)(does, step, {});
    case "scale":
      return scale(does, acting);
    case "backup":
      return backUp(does, acting);
    default:
      throw new UserError(`${offer.name} is not carried out by an incident`, {
        mend: "it is handed over to a release, or to the person whom the playbook names",
      });
  }
}

function stepOf(offer: Offer, run: number): EntryOfWord<"step"> {
  return {
    word: "step",
    name: `${offer.name}-${run}`,
    title: offer.title,
    ids: [],
    on: ["dev", "staging", "production"],
    during: ["incident"],
    does: offer.does!,
    timeoutSeconds: offer.step?.timeoutSeconds ?? longestSeconds,
    undo: "notNeeded",
  };
}

/** Pods of the side that has the traffic; never fewer than it has, but to stop what writes or to go back to its least. */
async function scale({ components, to }: ActionOf<"scale">, acting: Acting): Promise<unknown> {
  const { surroundings, facts, signal, guard, clock } = acting;
  const tracks = facts.tracks.filter((track) => track.components.some((name) => components.includes(name)));
  if (tracks.length === 0)
    throw new UserError(`nothing of ${facts.system} is called ${components.join(", ")}`, {
      mend: `its components: ${facts.tracks.flatMap((track) => track.components).join(", ")}`,
    });
  const seen: string[] = [];
  for (const track of tracks) {
    const { target } = track;
    if (!isClusterTarget(target))
      throw new UserError(`${describeTarget(target)} has no pods: its plan scales it by itself`);
    const look = () => surroundings.world(signal).look(target);
    const side = liveSide(target, await look()) as "blue" | "green" | undefined;
    if (side === undefined) throw new UserError(`${describeTarget(target)} has no live side`);
    const meant = track.components.filter((name) => components.includes(name));
    const cluster = await surroundings.kubernetes(target, signal);
    const written = await scaleSide({ target, cluster, guard }, side, meant, replicasFor(to, track, side));
    const now = await waitFor(
      `${side} of ${describeTarget(target)} is not as it was scaled`,
      async () => {
        const { workloads } = await look();
        const found = workloads.filter((each) => each.side === side && meant.includes(each.component));
        const short = found.filter(({ replicas, readyReplicas }) => readyReplicas !== replicas);
        return short.length === 0
          ? found
          : short
              .map(
                ({ name, replicas, readyReplicas }) => `${name}: ${readyReplicas} of ${replicas} pods ready`,
              )
              .join(", ");
      },
      { clock, seconds: longestSeconds, lookMilliseconds, signal },
    );
    const pods = now.map(
      ({ name, replicas, readyReplicas }) => `${name}: ${replicas} pods wanted, ${readyReplicas} ready`,
    );
    seen.push(`${pods.join(", ")}${written ? "" : " (nothing to change)"}`);
  }
  return seen.join("; ");
}

function replicasFor(to: number | "declared", { target }: TrackFacts, side: "blue" | "green"): ReplicasOf {
  if (to === "declared") return declaredReplicas(target as Parameters<typeof declaredReplicas>[0], side);
  if (to === 0) return () => 0;
  return (view, deployment) => {
    const has = view.sighting.workloads.find(({ name }) => name === deployment)?.replicas ?? 0;
    return has >= to ? undefined : to;
  };
}

async function backUp(does: ActionOf<"backup">, acting: Acting): Promise<unknown> {
  const { facts, clock, signal, surroundings, manifest, live, incident, progress } = acting;
  const adapter = acting.data?.(does.store) ?? dataAdapterOf(does.store, surroundings);
  const context = { facts, manifest, release: incident, candidate: live, clock, progress, signal };
  const recordedAs = recordedName(does.recordedAs, clock.now(), facts.stores[does.store]);
  const backup = await adapter.backup({ recordedAs, ...(does.task && { task: does.task }) }, context);
  return { backup, proof: await adapter.prove(backup, does.verifiedBy, context) };
}
