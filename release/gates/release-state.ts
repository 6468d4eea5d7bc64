import { resourceName } from "../plan/stack-changes";
import { answer, looking, nothing } from "./asking";
import type { EngineView, ReleaseExpectation, TrackPosition } from "./engine-view";
import type { GateProvider } from "./gate-provider";
import type { CheckGateOf } from "./provider-gate";

type StateGate = CheckGateOf<"release">;
/** Undefined: nobody knows. */
type Finding = { readonly holds: boolean; readonly seen: string } | undefined;
type Question = (view: EngineView, gate: StateGate) => Promise<Finding> | Finding;

/** What the release knows of itself: asked of the executor at the moment of the look. */
export function releaseStateProvider(view: EngineView): GateProvider<StateGate> {
  return {
    look(gate, context) {
      const { expects } = gate.check;
      const question = `the release itself: ${expects}`;
      return looking(question, gate, context, async () => {
        const finding = await questions[expects](view, gate);
        if (finding === undefined)
          return nothing(question, `nobody knows whether ${unknown[expects] ?? expects}`);
        return answer(question, finding.holds, finding.seen);
      });
    },
  };
}

const unknown: Partial<Readonly<Record<ReleaseExpectation, string>>> = {
  noOpenPostMortem: "a post-mortem is open",
  noOpenFollowUp: "a follow-up is open",
  stackUnchanged: "the stack would change: no preview was made",
  changesAsApproved: "what would change is what was approved: no preview was made, or none was planned for",
  resourcesAsDeclared: "each resource is there as it was declared: not all of them could be looked at",
  updateSucceeded: "the last update of the stack ended well",
  outputsPresent: "the stack's outputs are there",
  candidateDiffersFromLive: "the candidate differs from what is live: one of them proves no version",
  minimalChange: "the change is as small as it must be",
  insideWindow: "a window is open",
};

const questions: Readonly<Record<ReleaseExpectation, Question>> = {
  idleSideReady: onTracks("the candidate's side is ready", ({ position }) => position.candidateReady),
  idleSideDeclared: onTracks(
    "the idle side is declared for the candidate, without traffic and pods",
    ({ position, candidateKey, wantedKey, candidatePods = 0 }) =>
      position.candidatePercent === 0 &&
      candidatePods === 0 &&
      (wantedKey === undefined || candidateKey === wantedKey),
  ),
  previousVersionKept: onTracks(
    "the version before is kept",
    ({ previousKept, position }) => previousKept || position.candidatePercent === 0,
  ),
  rollbackPrepared: async (view, gate) => {
    const whole = await liveWhole(view, gate);
    if (whole?.holds !== true) return whole;
    const { required } = view.backups();
    if (required.length === 0) return { holds: true, seen: `${whole.seen}; the plan takes no backup` };
    const recorded = backups(view, "recorded", () => true);
    return recorded?.holds ? { holds: true, seen: `${whole.seen}; ${recorded.seen}` } : recorded;
  },
  oldSideReady: onTracks(
    "the side that traffic goes back to can take it",
    ({ position }) => position.candidatePercent === 0 || position.liveReady,
  ),
  candidateServed: onTracks(
    "everybody gets the candidate",
    ({ position, later }) => later === true || (position.candidatePercent === 100 && position.candidateReady),
  ),
  trafficOnOldSide: onTracks(
    "everybody gets the version before",
    ({ position }) => position.candidatePercent === 0,
  ),
  rampAtWeight: (view, { check }) => {
    const { weight } = check;
    if (weight === undefined) return undefined;
    return onTracks(
      `the candidate has ${weight} % of the traffic`,
      ({ position }) => position.candidatePercent === weight,
    )(view, undefined);
  },
  backupRecorded: (view) => backups(view, "recorded", () => true),
  backupVerified: (view) => backups(view, "verified", ({ proof }) => proof !== undefined),
  migrationVerified: (view) => {
    const { wanted, ran, verified } = view.migrations();
    const missing = wanted.filter((name) => !ran.includes(name) || !verified.includes(name));
    if (wanted.length === 0) return { holds: true, seen: "the candidate brings no migration" };
    return missing.length === 0
      ? { holds: true, seen: `${wanted.join(", ")}: run and verified` }
      : { holds: false, seen: `not run or not verified: ${missing.join(", ")}` };
  },
  noOtherRelease: async (view) => {
    const lease = await view.lease();
    return lease === undefined || lease.release === view.release
      ? { holds: true, seen: lease === undefined ? "nobody holds the lease" : "this release holds the lease" }
      : { holds: false, seen: `release ${lease.release} of ${lease.holder} holds the lease` };
  },
  noOpenPostMortem: async (view) => none("post-mortem", await view.openPostMortems()),
  noOpenFollowUp: async (view) => none("follow-up", await view.openFollowUps()),
  stackUnchanged: async (view) => {
    const changes = (await view.stack())?.wouldChange;
    if (changes === undefined) return undefined;
    return changes.length === 0
      ? { holds: true, seen: "a preview of the stack changes nothing of the system" }
      : { holds: false, seen: `a preview would change ${some(changes.map(resourceName))}` };
  },
  changesAsApproved: async (view) => {
    const { plannedChanges } = view;
    const changes = plannedChanges === undefined ? undefined : (await view.stack())?.changes;
    if (changes === undefined) return undefined;
    return changes === plannedChanges
      ? { holds: true, seen: `the changes are those that were planned (${changes})` }
      : {
          holds: false,
          seen: `what would change now (${changes}) is not what was planned (${plannedChanges})`,
        };
  },
  resourcesAsDeclared: async (view, gate) => {
    const unchanged = await questions.stackUnchanged(view, gate);
    if (unchanged?.holds !== true) return unchanged;
    const live = await view.liveResources();
    if (live === undefined) return undefined;
    const { same, differ, undecided } = live;
    if (differ.length > 0) return { holds: false, seen: `not as declared: ${some(differ)}` };
    // Of none at all nothing was seen either.
    if (undecided.length > 0 || same === 0) return undefined;
    return { holds: true, seen: `${same} resources are there as they were declared` };
  },
  updateSucceeded: async (view) => {
    const update = (await view.stack())?.lastUpdate;
    if (update === undefined) return undefined;
    return {
      holds: update.succeeded,
      seen: `the update of ${update.at} ${update.succeeded ? "ended well" : "failed"}`,
    };
  },
  outputsPresent: async (view) => {
    const missing = (await view.stack())?.missingOutputs;
    if (missing === undefined) return undefined;
    return missing.length === 0
      ? { holds: true, seen: "all outputs are there" }
      : { holds: false, seen: `outputs are missing: ${some(missing)}` };
  },
  candidateDiffersFromLive: async (view) => {
    const positions = await view.positions();
    if (positions.some(({ candidateKey, liveKey }) => candidateKey === undefined || liveKey === undefined))
      return undefined;
    const same = positions.filter(({ candidateKey, liveKey }) => candidateKey === liveKey);
    return same.length < positions.length
      ? { holds: true, seen: "the candidate is another than what is live" }
      : { holds: false, seen: "the candidate is what is live already" };
  },
  minimalChange: async (view) => {
    const change = await view.change();
    return change && { holds: change.minimal, seen: change.seen };
  },
  insideWindow: async (view) => {
    const window = await view.window();
    return window && { holds: window.open, seen: window.seen };
  },
  gatesPassed: (view, { check }) => {
    if (check.gates === undefined) return undefined;
    const said = check.gates.map((gate) => ({ gate, last: view.lastVerdict(gate) }));
    const open = said.filter(({ last }) => last?.verdict !== "pass");
    return open.length === 0
      ? { holds: true, seen: `all pass: ${check.gates.join(", ")}` }
      : {
          holds: false,
          seen: open
            .map(
              ({ gate, last }) =>
                `${gate}: ${last === undefined ? "not looked at" : `${last.verdict}, ${last.why}`}`,
            )
            .join("; "),
        };
  },
};

const liveWhole = onTracks(
  "the side that was live has all its pods",
  ({ position }) => position.liveReady && (position.liveLacks ?? []).length === 0,
  ({ why, liveLacks = [] }) => [...new Set([...why, ...liveLacks])],
);

/** Something that must be so of every track. Without a track there is nothing that it could be so of. */
function onTracks(
  what: string,
  holds: (track: TrackPosition) => boolean,
  reasons: (position: TrackPosition["position"]) => readonly string[] = ({ why }) => why,
) {
  return async (view: EngineView, _gate: StateGate | undefined): Promise<Finding> => {
    const positions = await view.positions();
    const not = positions.filter((position) => !holds(position));
    if (positions.length === 0) return { holds: false, seen: "the system has no track" };
    if (not.length === 0) return { holds: true, seen: what };
    const said = not.map(({ track, position, candidatePods = 0 }) => {
      const told = reasons(position);
      const why = told.length === 0 ? "" : `: ${told.join(", ")}`;
      const pods = candidatePods === 0 ? "" : `, ${candidatePods} pods`;
      return `${track} (candidate ${position.candidatePercent} %${pods}${why})`;
    });
    return { holds: false, seen: `not so that ${what}: ${said.join("; ")}` };
  };
}

type Made = ReturnType<EngineView["backups"]>["made"][number];

function backups(view: EngineView, word: string, counts: (made: Made) => boolean): Finding {
  const { required, made } = view.backups();
  const missing = required.filter((store) => !made.some((one) => one.backup.store === store && counts(one)));
  if (missing.length > 0) return { holds: false, seen: `no backup is ${word} of ${missing.join(", ")}` };
  // No store that needs one, and none made: nothing was proven.
  if (made.length === 0) return { holds: false, seen: `no backup is ${word}` };
  return { holds: true, seen: made.map(({ backup }) => `${backup.store}: ${backup.recordedAs}`).join("; ") };
}

function none(what: string, open: readonly string[] | undefined): Finding {
  if (open === undefined) return undefined;
  return open.length === 0
    ? { holds: true, seen: `no ${what} is open` }
    : { holds: false, seen: `open: ${some(open)}` };
}

const mostShown = 5;

function some(items: readonly string[]): string {
  const rest = items.length - mostShown;
  return items.slice(0, mostShown).join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}
