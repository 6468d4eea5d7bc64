import type { EngineParts, Gate } from "../../../../release/engine/parts";
import type { Sample } from "../../../../release/gates/gate-provider";
import type { JournalEntry, JournalRecord } from "../../../../release/journal/entry";
import type { Command, Journal } from "../../../../release/journal/journal";
import type { Plan, PlanStep } from "../../../../release/plan/plan";
import type { VirtualClock } from "../../../../release/simulation/virtual-clock";
import type { Position, Strategy } from "../../../../release/strategies/strategy";
import type { Entry } from "../../../../runbooks/vocabulary";

const common = { ids: ["STO-075"], on: ["dev"], during: ["ramp"] };

export const errorRate = {
  ...common,
  word: "metricGate",
  name: "error-rate",
  title: "error rate",
  measurement: { provider: "prometheus", query: "errors" },
  unit: "ratio",
  windowSeconds: 60,
  intervalSeconds: 30,
  telemetryDelaySeconds: 30,
  minimumSample: { of: "events", atLeast: 10, query: "requests" },
  zones: {
    pass: { operator: "<", limit: 0.01 },
    rollback: [{ operator: ">", limit: 0.05, sustainedSeconds: 60 }],
  },
} as unknown as Entry;

const smoke = {
  ...common,
  word: "checkGate",
  name: "green-answers",
  title: "green answers",
  check: { provider: "http", host: "preview", method: "GET", path: "/", status: [200] },
  expectation: "200",
  timeoutSeconds: 60,
  attempts: 3,
  everySeconds: 10,
  onBreach: "refuse",
} as unknown as Entry;

const step = (name: string, does: unknown, undo: string) =>
  ({ ...common, word: "step", name, title: name, does, timeoutSeconds: 600, undo }) as unknown as Entry;

const entries: Record<string, Entry> = {
  deploy: step("deploy", { action: "deploy", components: ["web"], to: "idle" }, "scaleBack"),
  "green-answers": smoke,
  ramp: step("ramp", { action: "traffic", move: "ramp" }, "trafficBack"),
  "error-rate": errorRate,
  switch: step("switch", { action: "traffic", move: "switch" }, "trafficBack"),
  back: step("back", { action: "traffic", move: "back" }, "nothing"),
};

function planStep(phase: PlanStep["phase"], entry: string, does: PlanStep["does"], name = entry): PlanStep {
  return {
    id: `${phase}/${name}`,
    phase,
    entry,
    statements: [],
    title: entry,
    action: entry,
    does,
    precondition: [],
    observation: "",
    timeoutSeconds: 600,
    plannedSeconds: 60,
    undo: "",
    people: [],
    tells: [],
  };
}

/** A small release on a gateway: deploy, smoke, 10 and 50 percent held 10 min each, switch, watched for an hour. */
export const plan = {
  digest: "sha256:0",
  system: "kirana-store",
  environment: "dev",
  types: ["application", "normal"],
  manifest: { system: "kirana-store", version: "2.0.0", components: {} },
  from: { version: "1.0.0", sides: { store: "blue" } },
  to: { version: "2.0.0", sides: { store: "green" } },
  facts: { tracks: [{ name: "store", components: ["web"], target: { kind: "gateway" } }] },
  steps: [
    planStep("deploy-idle", "deploy", { as: "action" }),
    planStep("smoke", "green-answers", { as: "gate" }),
    planStep("ramp", "ramp", { as: "weight", percent: 10, holdSeconds: 600 }, "ramp/10"),
    planStep("ramp", "ramp", { as: "weight", percent: 50, holdSeconds: 600 }, "ramp/50"),
    planStep("switch", "switch", { as: "action" }),
    planStep("watch", "switch", { as: "watch", seconds: 3600 }, "watch"),
  ],
  rollback: [planStep("rollback", "back", { as: "action" })],
  restore: [],
  aborted: [],
  watched: [{ entry: "error-rate", phases: ["ramp", "watch"] }],
  entries,
  days: {},
} as unknown as Plan;

/** A track whose traffic is a number, and which notes every write. */
export class FakeTrack implements Strategy {
  percent = 0;
  ready = false;
  readonly writes: number[] = [];

  async observe(): Promise<Position> {
    const traffic = { blue: 100 - this.percent, green: this.percent };
    return {
      sighting: { exists: true, traffic, workloads: [] },
      candidatePercent: this.percent,
      candidateReady: this.ready,
      liveReady: true,
      why: [],
    };
  }
  async deployIdle() {
    this.ready = true;
    return none;
  }
  async setTraffic(percent: number) {
    this.percent = percent;
    this.writes.push(percent);
    return none;
  }
  promote = () => this.setTraffic(100);
  revert = () => this.setTraffic(0);
  async warmUp() {
    return none;
  }
  async scale(_side: string, _components: readonly string[], to: number | "declared") {
    this.ready = to !== 0;
    return none;
  }
  async serve() {
    return none;
  }
  async finish() {}
}

const none = { ownMilliseconds: 0, platformMilliseconds: 0 };

/** A journal in memory, which can be told to end the process after so many entries. */
export class MemoryJournal implements Journal {
  readonly records: JournalRecord[] = [];
  endAfter = Number.POSITIVE_INFINITY;

  constructor(private readonly clock: VirtualClock) {}

  async read() {
    return [...this.records];
  }
  async append(entry: JournalEntry) {
    if (this.records.length >= this.endAfter) throw new Killed();
    const record = {
      sequence: this.records.length,
      at: this.clock.now().toISOString(),
      previous: "",
      hash: "",
      entry,
    };
    this.records.push(record);
    return record;
  }
}

/** As if the process had been killed. */
export class Killed extends Error {}

export interface World {
  readonly clock: VirtualClock;
  readonly journal: MemoryJournal;
  readonly track: FakeTrack;
  readonly progress: string[];
  sample(gate: Gate, clock: VirtualClock, track: FakeTrack): Sample;
  /** Commands by when they are given, in milliseconds from the beginning. */
  readonly commands: { readonly at: number; readonly command: Command }[];
}

export const healthy = (gate: Gate, clock: VirtualClock): Sample =>
  gate.word === "metricGate"
    ? { kind: "value", value: 0.001, at: clock.now(), count: 1000, question: "errors" }
    : { kind: "answer", holds: true, seen: "200", question: "GET /" };

export async function start(world: World, its: Plan = plan, by = "ana@example.org"): Promise<void> {
  await world.journal.append({
    kind: "started",
    format: 1,
    release: "kirana-store-1",
    by,
    plan: JSON.parse(JSON.stringify(its)),
  });
}

export function partsOf(world: World): EngineParts {
  const { clock, journal, track } = world;
  const never = () => Promise.reject(new Error("not in this plan"));
  return {
    clock,
    journal,
    lease: {
      release: "kirana-store-1",
      holder: "test",
      epoch: 1,
      check: async () => {},
      giveBack: async () => {},
      leave: async () => {},
    },
    strategies: new Map([["store", track]]),
    look: async (gate) => world.sample(gate, clock, track),
    data: () => {
      throw new Error("not in this plan");
    },
    people: { mayAct: async () => ({ holds: true, why: "" }) },
    evidence: never,
    tell: never,
    record: never,
    other: never,
    progress: (line) => void world.progress.push(line),
    async nextCommand(known, signal) {
      const next = world.commands.find(({ command }) => !known.has(command.id));
      if (next === undefined) return new Promise((_resolve, reject) => whenAborted(signal, reject));
      await clock.sleep(next.at - clock.monotonic(), signal);
      return next.command;
    },
  };
}

function whenAborted(signal: AbortSignal, reject: (reason: unknown) => void): void {
  if (signal.aborted) reject(signal.reason);
  else signal.addEventListener("abort", () => reject(signal.reason), { once: true });
}
