import type { Colour } from "../../../runbooks/target";
import type { KubernetesClient } from "../../clients/kubernetes";
import type { ClusterTarget } from "../../clients/world";
import { describeTarget } from "../../targets/sides";
import type { StrategyParts } from "../options";
import { versionAt } from "../version-proof";
import { waitFor, whenChanged } from "../waiting";
import { type ClusterView, viewOf } from "./cluster-view";
import { differences, hindrances } from "./readiness";

/** What a side is waited for to be. */
export interface WantedSide {
  readonly side: Colour;
  readonly components: readonly string[];
  /** Share of its pods. */
  readonly enough: number;
  /** Whether its pods must be proven to be the candidate's. */
  readonly proven: boolean;
  readonly progress: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** Looks until a side has its pods. @throws UserError, retriable, with what was missing at the end */
export async function untilReady(
  target: ClusterTarget,
  { side, components, enough, proven, progress, signal }: WantedSide,
  cluster: KubernetesClient,
  { clock, patience, sides }: StrategyParts,
): Promise<ClusterView> {
  const say = whenChanged(progress);
  const part = only(target, components);
  const wanted = Object.entries(sides.components).filter(([name]) => components.includes(name));
  const expected = { version: sides.version, components: Object.fromEntries(wanted) };
  return waitFor(
    `${side} of ${describeTarget(target)} is not ready`,
    async () => {
      const view = await viewOf(part, cluster);
      const missing = hindrances(part, side, view, enough);
      const different = proven ? differences(part, side, view, expected) : [];
      const what = [...missing, ...different].join("; ");
      if (what === "") return view;
      say(what);
      return what;
    },
    { clock, signal, seconds: patience.readySeconds, lookMilliseconds: patience.lookMilliseconds },
  );
}

/** The target with no more than these components. */
export function only(target: ClusterTarget, components: readonly string[]): ClusterTarget {
  const named = components.map((name) => [name, target.components[name]!]);
  return { ...target, components: Object.fromEntries(named) };
}

/** The pods say what they were made from; the preview host, where there is one, says what answers. */
export async function untilPreviewProves(
  candidate: Colour,
  { proof, sides, surroundings, clock, patience }: StrategyParts,
  signal: AbortSignal,
): Promise<void> {
  if (proof?.preview === undefined) return;
  const host = proof.preview[candidate];
  await waitFor(
    `${host} does not prove ${sides.version}`,
    async () => {
      const version = await versionAt(host, proof, surroundings, { signal });
      return version === sides.version ? { version } : `it answers ${version ?? "no version"}`;
    },
    { clock, signal, seconds: patience.readySeconds, lookMilliseconds: patience.lookMilliseconds },
  );
}
