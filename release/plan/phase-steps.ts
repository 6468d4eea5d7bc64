import type { CheckGate } from "../../runbooks/entry-basics";
import type { Entry, Phase } from "../../runbooks/vocabulary";
import type { Action } from "../../runbooks/vocabulary/actions";
import type { PlanStep, StepWork } from "./plan";
import {
  actionWords,
  durationWords,
  observationWords,
  type SideWords,
  undoWords,
  weightWords,
} from "./words";

/** A step before it is known what must have passed before it. */
export type BareStep = Omit<PlanStep, "precondition">;

type Weight = NonNullable<Extract<Action, { action: "traffic" }>["weights"]>[number];
type StepEntry = Extract<Entry, { word: "step" }>;

const secondsPerMinute = 60;
const secondsPerHour = 3600;
/** Evidence is read from its store and its signature checked; a message is sent, a record written. */
const shortWorkSeconds = 60;
/** A question that nobody answers for a day holds the release; what was asked is then no longer so. */
const answerSeconds = 24 * secondsPerHour;

/** Steps of a phase, in the order in which its entries were arranged. */
export function phaseSteps(
  phase: Phase,
  arranged: readonly Entry[],
  sides: SideWords,
  watchSeconds: number | undefined,
): readonly BareStep[] {
  const ramp = arranged.find(isRamp);
  const others = arranged.filter((entry) => entry !== ramp);
  const steps =
    ramp === undefined
      ? others.map((entry) => stepOf(phase, entry, sides))
      : rampSteps(phase, ramp, others, sides);
  return watchSeconds === undefined ? steps : [...steps, watchStep(phase, watchSeconds, sides)];
}

function isRamp(entry: Entry): entry is StepEntry {
  return entry.word === "step" && weightsOf(entry).length > 0 && trafficMove(entry) === "ramp";
}

function trafficMove({ does }: StepEntry): string | undefined {
  return does.action === "traffic" ? does.move : undefined;
}

/** Weights of a ramp, in their order; none for any other entry. */
export function weightsOf(entry: Entry): readonly Weight[] {
  if (entry.word !== "step" || entry.does.action !== "traffic" || entry.does.move !== "ramp") return [];
  return entry.does.weights ?? [];
}

/**
 * A step for each weight. What is asked some minutes into the ramp stands before the weight that begins then; what is
 * told again and again goes out with the weights.
 */
function rampSteps(
  phase: Phase,
  ramp: StepEntry,
  others: readonly Entry[],
  sides: SideWords,
): readonly BareStep[] {
  const weights = weightsOf(ramp);
  const held = weights.reduce((sum, { holdSeconds }) => sum + holdSeconds, 0);
  // What the contract allows beyond the holds themselves is for every one of them.
  const slack = Math.max(ramp.timeoutSeconds - held, secondsPerMinute);
  const waiting = [...others];
  const steps: BareStep[] = [];
  let began = 0;
  for (const { percent, holdSeconds } of weights) {
    while (waiting[0] && beginsBy(waiting[0], began)) steps.push(stepOf(phase, waiting.shift()!, sides));
    steps.push({
      ...common(phase, ramp),
      id: `${phase}/${ramp.name}/${percent}`,
      action: weightWords(percent, holdSeconds, sides),
      does: { as: "weight", percent, holdSeconds },
      observation: observationWords(ramp.does),
      timeoutSeconds: holdSeconds + slack,
      plannedSeconds: holdSeconds,
      undo: undoWords[ramp.undo],
      tells: others.filter((entry) => repeatsWithin(entry, began, holdSeconds)).map(({ name }) => name),
    });
    began += holdSeconds;
  }
  return [...steps, ...waiting.map((entry) => stepOf(phase, entry, sides))];
}

function beginsBy(entry: Entry, seconds: number): boolean {
  if (entry.word === "notify" && entry.at !== "phaseStart") return false;
  const offset = entry.word === "manual" || entry.word === "notify" ? (entry.offsetMinutes ?? 0) : 0;
  return offset * secondsPerMinute <= seconds;
}

function repeatsWithin(entry: Entry, began: number, seconds: number): boolean {
  if (entry.word !== "notify" || entry.repeatEveryMinutes === undefined || began === 0) return false;
  const every = entry.repeatEveryMinutes * secondsPerMinute;
  return Math.floor((began + seconds - 1) / every) > Math.floor((began - 1) / every);
}

function watchStep(phase: Phase, seconds: number, { stack }: SideWords): BareStep {
  const { title, since, from } = watches[phase] ?? watches.watch!;
  return {
    id: `${phase}/watch`,
    phase,
    entry: "watch",
    statements: [],
    title: stack === undefined ? title : "What is live is watched on the changed stack",
    action: `watch for ${durationWords(seconds)}${from}; every gate of the phase is looked at again and again`,
    does: { as: "watch", seconds, ...(since && { since }) },
    observation: "the verdict of every watched gate",
    timeoutSeconds: seconds,
    plannedSeconds: seconds,
    undo: "not needed",
    people: [],
    tells: [],
  };
}

interface WatchWords {
  readonly title: string;
  /** What the time is counted from, unless it is the phase's beginning; and in words. */
  readonly since?: Extract<StepWork, { as: "watch" }>["since"];
  readonly from: string;
}

const watches: Partial<Record<Phase, WatchWords>> = {
  migrate: { title: "The migration is watched to its end", since: "steps", from: " after the last step" },
  switch: { title: "The new version is watched", since: "traffic", from: " from the last move on" },
  watch: { title: "The new version is watched", from: "" },
};

function common(phase: Phase, entry: Entry) {
  return {
    id: `${phase}/${entry.name}`,
    phase,
    entry: entry.name,
    statements: [...entry.ids, ...(entry.supports ?? [])],
    title: entry.title,
    undo: "not needed",
    people: [],
    tells: [],
  } as const;
}

function stepOf(phase: Phase, entry: Entry, sides: SideWords): BareStep {
  const base = common(phase, entry);
  switch (entry.word) {
    case "step":
      return {
        ...base,
        action: actionWords(entry.does, sides),
        does: { as: "action" },
        observation: observationWords(entry.does),
        timeoutSeconds: entry.timeoutSeconds,
        // Nothing was measured yet: half of what it may take.
        plannedSeconds: Math.ceil(entry.timeoutSeconds / 2),
        undo: undoWords[entry.undo],
        people: entry.does.action === "restore" ? entry.does.confirmedBy : [],
      };
    case "checkGate": {
      const suite = entry.check.provider === "suite";
      return {
        ...base,
        action: `check: ${entry.expectation}`,
        does: { as: "gate" },
        observation: `what ${entry.check.provider} answers; otherwise ${breaches[entry.onBreach]}`,
        timeoutSeconds: longestAsking(entry),
        plannedSeconds: suite ? Math.ceil(entry.timeoutSeconds / 2) : Math.min(entry.timeoutSeconds, 5),
      };
    }
    case "metricGate":
      return {
        ...base,
        action: `measure ${entry.zones.pass.operator} ${entry.zones.pass.limit} ${entry.unit} over ${durationWords(entry.windowSeconds)}: ${entry.title}`,
        does: { as: "gate" },
        observation: `the value that ${entry.measurement.provider} gives, and its sample`,
        timeoutSeconds: entry.windowSeconds + entry.telemetryDelaySeconds + entry.intervalSeconds,
        plannedSeconds: 5,
      };
    case "evidence":
      return {
        ...base,
        action: `demand signed evidence (${entry.predicate}): ${entry.title}`,
        does: { as: "evidence" },
        observation: "the statement's signature, digest, age and fields",
        timeoutSeconds: shortWorkSeconds,
        plannedSeconds: 1,
        people: entry.producer === "person" ? (entry.signedBy ?? []) : [],
      };
    case "approval":
      return {
        ...base,
        action: `wait for ${entry.atLeast} ${entry.atLeast === 1 ? "approval" : "approvals"} of ${entry.roles.join(entry.onePerRole ? ", " : " or ")}`,
        does: { as: "approval" },
        observation: "who approved which digests, and when",
        timeoutSeconds: entry.validHours * secondsPerHour,
        plannedSeconds: 0,
        people: entry.roles,
      };
    case "manual":
      return {
        ...base,
        action: `ask ${entry.role}: ${entry.question}`,
        does: later("question", entry.offsetMinutes),
        observation: entry.blocking ? "the answer, which is waited for" : "the answer, if there is one",
        timeoutSeconds: answerSeconds,
        plannedSeconds: 0,
        people: [entry.role],
      };
    case "notify":
      return {
        ...base,
        action: `tell ${entry.audience}`,
        does: later("message", entry.offsetMinutes),
        observation: "whether each channel took it",
        timeoutSeconds: shortWorkSeconds,
        plannedSeconds: 1,
        tells: [entry.name],
      };
    case "record":
      return {
        ...base,
        action: `record ${entry.kind}: ${entry.fields.join(", ")}`,
        does: { as: "record" },
        observation: "what was written",
        timeoutSeconds: shortWorkSeconds,
        plannedSeconds: 1,
        people: entry.role === undefined ? [] : [entry.role],
      };
    default:
      throw new Error(`${entry.name} is ${entry.word}, which no phase carries out`);
  }
}

/** All attempts with the time between them. What the release knows of itself it asks at once; there the limit is the whole. */
function longestAsking({ attempts, everySeconds = 0, timeoutSeconds, check }: CheckGate): number {
  const between = (attempts - 1) * everySeconds;
  if (check.provider === "release") return Math.max(timeoutSeconds, between);
  return attempts * timeoutSeconds + between;
}

function later(as: "question" | "message", minutes = 0): StepWork {
  return minutes > 0 ? { as, afterSeconds: minutes * secondsPerMinute } : { as };
}

const breaches = {
  refuse: "the release is refused",
  hold: "the release holds",
  rollback: "all traffic goes back",
  report: "it is reported",
} as const;
