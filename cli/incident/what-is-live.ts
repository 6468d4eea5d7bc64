import { workloadsPath } from "../../release/clients/paths";
import type { Surroundings } from "../../release/clients/surroundings";
import { isClusterTarget } from "../../release/clients/world";
import type { JournalStore } from "../../release/journal/journal";
import type { Manifest, ManifestComponent } from "../../release/plan/manifest";
import { listAt, mapAt } from "../../release/targets/json";
import { liveSide } from "../../release/targets/sighting";
import type { TrackFacts } from "../../runbooks/release-facts";
import { earlierReleases } from "../release/earlier-releases";
import type { LoadedSystem } from "../release/load-release";
import type { IncidentSession } from "./incident-session";

/** What serves now, as tasks and gates of a side want to know it. */
export interface Live {
  /** Of what runs; its version is that of the release that finished last, where one is known. */
  readonly manifest: Manifest;
  /** Side with the most traffic, by track. */
  readonly live: Readonly<Record<string, string>>;
}

export async function whatIsLive(
  { store, contract, context }: IncidentSession,
  { surroundings, facts }: LoadedSystem,
): Promise<Live> {
  const finished = await finishedManifest(store, contract.system);
  const tracks = await Promise.all(facts.tracks.map((track) => ofTrack(track, surroundings, context.signal)));
  return {
    manifest: {
      system: contract.system,
      version: finished?.version ?? "unknown",
      ...finished,
      // What was released since by hand, or before any release, is what runs.
      components: Object.assign({}, finished?.components, ...tracks.map(({ components }) => components)),
    },
    live: Object.fromEntries(
      tracks.flatMap(({ name, side }) => (side === undefined ? [] : [[name, side] as const])),
    ),
  };
}

/** Of the release that deployed what is live. @returns undefined while none has finished */
export async function finishedManifest(store: JournalStore, system: string): Promise<Manifest | undefined> {
  const states = await earlierReleases(store, system);
  return states.find(({ plan, ended }) => ended?.outcome === "finished" && plan.stack === undefined)?.plan
    .manifest;
}

async function ofTrack({ name, target }: TrackFacts, surroundings: Surroundings, signal: AbortSignal) {
  const sighting = await surroundings.world(signal).look(target);
  const side = liveSide(target, sighting);
  const components: Record<string, ManifestComponent> = {};
  if (side === undefined || !isClusterTarget(target)) return { name, side, components };
  const cluster = await surroundings.kubernetes(target, signal);
  for (const workload of sighting.workloads.filter((each) => each.side === side)) {
    const deployment = await cluster.find(workloadsPath(target, workload.name));
    const [container] = listAt(deployment, "spec", "template", "spec", "containers");
    const { image } = mapAt(container);
    if (typeof image === "string") components[workload.component] = { image };
  }
  return { name, side, components };
}
