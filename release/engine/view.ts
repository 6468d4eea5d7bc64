import { releaseKey } from "../../runbooks/sides";
import type { EngineView, Figure, ReleaseMeasure, TrackPosition } from "../gates/engine-view";
import { sideBlockOf } from "../plan/side-block";
import type { Position, Strategy } from "../strategies/strategy";
import { keyOfSide } from "../targets/sighting";
import { backupsOf, migrationsOf } from "./data-done";
import { rollbackSeconds } from "./durations";
import type { ReleaseState } from "./state";

/** What the release cannot know by itself. */
export type OutsideKnowledge = Pick<
  EngineView,
  "lease" | "openPostMortems" | "openFollowUps" | "stack" | "liveResources" | "change" | "window"
>;

/** What a release knows of itself, for its gates: from its journal and its tracks, at the moment it is asked. */
export function engineView(
  state: () => ReleaseState,
  strategies: ReadonlyMap<string, Strategy>,
  outside: OutsideKnowledge,
): EngineView {
  return {
    release: state().release,
    get plannedChanges() {
      return state().plan.stack?.digest;
    },
    figures: { figure: (measure) => figureOf(state(), measure) },
    positions: () => positionsOf(state(), strategies),
    lastVerdict(gate) {
      const standing = state().verdicts.get(gate);
      return standing && { verdict: standing.verdict, why: standing.why };
    },
    backups: () => backupsOf(state()),
    migrations: () => migrationsOf(state()),
    ...outside,
  };
}

async function positionsOf(
  state: ReleaseState,
  strategies: ReadonlyMap<string, Strategy>,
): Promise<readonly TrackPosition[]> {
  const { plan } = state;
  const wantedKey = releaseKey(sideBlockOf(plan.manifest));
  return Promise.all(
    plan.facts.tracks.map(async ({ name, components, target }) => {
      const position = await strategies.get(name)!.observe();
      const { sighting, candidateVersion } = position;
      const live = plan.from.sides[name];
      const candidate = plan.to.sides[name];
      const keyOf = (side: string | undefined) =>
        side === undefined ? undefined : keyOfSide(sighting, side, components);
      const candidateKey = keyOf(candidate) ?? candidateVersion;
      const liveKey = keyOf(live) ?? plan.from.version;
      return {
        track: name,
        position,
        ...(candidateKey !== undefined && { candidateKey }),
        ...("components" in target && { wantedKey }),
        ...(liveKey !== undefined && { liveKey }),
        ...("components" in target && { candidatePods: podsOf(position, candidate, components) }),
        previousKept: keptBefore(position, live),
        later: isLater(state, components),
      };
    }),
  );
}

/** Whether the components are deployed in place, by a step that is still to come. */
function isLater({ plan, begun }: ReleaseState, components: readonly string[]): boolean {
  return plan.steps.some(({ id, entry }) => {
    const step = plan.entries[entry];
    if (step?.word !== "step" || step.does.action !== "deploy" || step.does.to !== "inPlace") return false;
    return !begun.includes(id) && step.does.components.some((component) => components.includes(component));
  });
}

/** A cluster marks the side that it keeps; of a site the other slot proves that it holds the version before. */
function keptBefore({ sighting, liveReady }: Position, live: string | undefined): boolean {
  if (sighting.retained !== undefined) return sighting.retained.side === live;
  return sighting.workloads.length === 0 && liveReady;
}

function podsOf({ sighting }: Position, side: string | undefined, components: readonly string[]): number {
  return sighting.workloads
    .filter((workload) => workload.side === side && components.includes(workload.component))
    .reduce((sum, { replicas }) => sum + replicas, 0);
}

function figureOf(state: ReleaseState, measure: ReleaseMeasure): Figure | undefined {
  if (measure === "switchSeconds") {
    const done = switched(state);
    return done && fact(done.milliseconds / 1000);
  }
  if (measure === "rollbackSeconds") {
    const seconds = rollbackSeconds(state);
    return seconds === undefined ? undefined : fact(seconds);
  }
  if (measure !== "releaseSeconds") return undefined;
  const last = state.movedAt ?? state.startedAt;
  return fact((Date.parse(last) - Date.parse(state.startedAt)) / 1000);
}

/** A duration that was measured stays what it is: it is as new as the question. */
function fact(seconds: number): Figure {
  return { value: seconds, at: new Date(), count: 1 };
}

function switched({ plan, done }: ReleaseState) {
  return [...done].find(([id]) => {
    const step = plan.steps.find((candidate) => candidate.id === id);
    const entry = step && plan.entries[step.entry];
    return entry?.word === "step" && entry.does.action === "traffic" && entry.does.move === "switch";
  })?.[1];
}
