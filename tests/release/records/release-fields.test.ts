import assert from "node:assert/strict";
import type { JournalEntry, JournalRecord } from "../../../release/journal/entry";
import type { Plan } from "../../../release/plan/plan";
import { releaseFields } from "../../../release/records/release-fields";

const step = (name: string, does: object) => ({ word: "step", name, title: name, does, ids: [] });
const planStep = (
  phase: string,
  entry: string,
  does: object = { as: "action" },
  id = `${phase}/${entry}`,
) => ({
  id,
  phase,
  entry,
  does,
  people: [],
  plannedSeconds: 600,
});

const plan = {
  system: "kirana-store",
  environment: "staging",
  startsAt: "2026-11-21T10:00:00Z",
  manifestDigest: "sha256:m",
  manifest: {
    system: "kirana-store",
    version: "2.0.0",
    commit: "c".repeat(40),
    components: { backend: { image: `r/backend@sha256:${"b".repeat(64)}` } },
    migration: { names: ["add-column"], kind: "additive" },
  },
  from: { version: "1.9.0", sides: {} },
  steps: [
    planStep("backup", "dump"),
    planStep("deploy-idle", "deploy"),
    planStep("ramp", "ramp", { as: "weight", percent: 30, holdSeconds: 60 }, "ramp/30"),
    planStep("switch", "switch"),
    planStep("watch", "watch", { as: "watch", seconds: 600 }),
  ],
  rollback: [planStep("rollback", "back")],
  entries: {
    dump: step("dump", { action: "backup" }),
    deploy: step("deploy", { action: "deploy", components: ["backend"], to: "idle" }),
    ramp: step("ramp", { action: "traffic", move: "ramp" }),
    switch: step("switch", { action: "traffic", move: "switch" }),
    back: step("back", { action: "traffic", move: "back" }),
    tag: step("tag", { action: "tag", format: "v{version}", pushed: true }),
    "error-rate": { word: "metricGate", unit: "ratio" },
    "ramp-error-rate": { word: "metricGate", unit: "ratio" },
    "p95-latency": { word: "metricGate", unit: "milliseconds" },
    told: { word: "notify", name: "told", audience: "the team" },
  },
} as unknown as Plan;

const began = Date.parse("2026-11-21T10:00:00Z");

/** A journal of these entries, a minute apart. */
function journal(...entries: readonly JournalEntry[]): JournalRecord[] {
  const started = {
    kind: "started",
    format: 1,
    release: "kirana-store-1",
    by: "ana",
    plan: JSON.parse(JSON.stringify(plan)),
  } as JournalEntry;
  return [started, ...entries].map((entry, sequence) => ({
    sequence,
    at: new Date(began + sequence * 60_000).toISOString(),
    previous: "",
    hash: "",
    entry,
  }));
}

/** The same journal of a plan with a frontend that has one side only, which this step deploys on the way there or back. */
function withFrontend([first, ...others]: JournalRecord[], does: object): JournalRecord[] {
  const back = "version" in does;
  const frontend = planStep(back ? "rollback" : "switch", "frontend");
  const changed = {
    ...plan,
    steps: back ? plan.steps : [...plan.steps, frontend],
    rollback: back ? [...plan.rollback, frontend] : plan.rollback,
    entries: { ...plan.entries, frontend: step("frontend", does) },
  };
  return [{ ...first!, entry: { ...first!.entry, plan: changed } as unknown as JournalEntry }, ...others];
}

const done = (id: string, seen: unknown = null, milliseconds = 0) =>
  ({ kind: "done", step: id, seen, milliseconds }) as JournalEntry;
const phase = (name: string) => ({ kind: "phase", phase: name }) as JournalEntry;
const at = (minutes: number) => new Date(began + minutes * 60_000);

describe("what a journal says of its release", () => {
  it("is who, what and from where", () => {
    const fields = releaseFields(journal(), at(1));
    assert.equal(fields["previous version"], "1.9.0");
    assert.equal(fields.manifest, "sha256:m");
    assert.equal(fields.tag, "v2.0.0");
    assert.equal(fields.digests, `backend sha256:${"b".repeat(64)}`);
    assert.equal(fields.changes, "2.0.0 after 1.9.0, with the migrations add-column");
    assert.equal(fields.deployedBy, "ana");
    assert.equal(fields.approvals, "none asked for");
  });

  it("is how long it and each component took", () => {
    const fields = releaseFields(journal(done("deploy-idle/deploy", null, 4200), phase("finish")), at(10));
    assert.equal(fields.backendSeconds, "4.2");
    assert.equal(fields.totalSeconds, "4.2");
    assert.equal(fields.rollbackSeconds, undefined);
    assert.equal(fields.outcome, "finished");
    assert.equal(fields.duration, "10 min");
    // While it runs, its duration is what was planned, which others say.
    assert.equal(releaseFields(journal(phase("watch")), at(10)).duration, undefined);
  });

  it("is, of one that is taken back after its end, how long it was worked on, not how long it was live", () => {
    const ended: JournalEntry = { kind: "ended", outcome: "finished", why: "live" };
    const reopened: JournalEntry = {
      kind: "reopened",
      by: "ben",
      why: "orders are lost",
      runner: "b:1",
      epoch: 2,
      facts: {},
      passedOver: [],
    };
    const records = journal(phase("finish"), ended, reopened, phase("rolled-back"));
    const hoursLater = records.map((record, index) =>
      index < 3 ? record : { ...record, at: new Date(Date.parse(record.at) + 6 * 3_600_000).toISOString() },
    );
    const fields = releaseFields(hoursLater, new Date(at(6).getTime() + 6 * 3_600_000));
    // 2 min to its end, 3 min since it was reopened.
    assert.deepEqual([fields.outcome, fields.duration], ["rolled back", "5 min"]);
  });

  it("is how long it took to bring each component to everybody: holds apart, and nothing that came before or after", () => {
    // Each entry stands a minute after the one before.
    const entries = [
      done("backup/dump", null, 60_000),
      done("deploy-idle/deploy", null, 30_000),
      done("ramp/30", null, 45_000),
      done("switch/switch", null, 20_000),
      done("switch/frontend", null, 50_000),
      phase("finish"),
    ];
    const inPlace = { action: "deploy", components: ["frontend"], to: "inPlace" };
    const fields = releaseFields(withFrontend(journal(...entries), inPlace), at(99));
    // From 1:30 to the switch at 4:00, of which 45 s were a hold; the frontend is there at 5:00.
    assert.equal(fields.backendSeconds, "105.0");
    assert.equal(fields.frontendSeconds, "50.0");
    assert.equal(fields.totalSeconds, "210.0");
    assert.equal(fields.duration, "99 min");
  });

  it("is from when to when users may notice it, without what comes before and behind, by what is left", () => {
    const { maintenanceStart, maintenanceEnd, maintenanceDuration } = releaseFields(journal(), at(0));
    assert.deepEqual(
      [maintenanceStart, maintenanceEnd, maintenanceDuration],
      ["2026-11-21 10:10", "2026-11-21 10:40", "30 min"],
    );
    const late = releaseFields(journal(done("backup/dump"), done("deploy-idle/deploy")), at(25));
    assert.equal(late.maintenanceEnd, "2026-11-21 10:45");
  });

  it("is the error rate and the latency that gates measured last, in their units", () => {
    const verdict = (gate: string, value: number) =>
      ({
        kind: "verdict",
        gate,
        phase: "watch",
        verdict: "pass",
        since: at(1).toISOString(),
        why: "",
        value,
        question: "",
        state: {},
      }) as JournalEntry;
    const fields = releaseFields(
      journal(verdict("ramp-error-rate", 0.5), verdict("error-rate", 0.00042), verdict("p95-latency", 312.4)),
      at(9),
    );
    assert.equal(fields.errorRate, "0.042 %");
    assert.equal(fields.latency, "312 ms");
    assert.equal(releaseFields(journal(), at(1)).latency, undefined);
  });

  it("is what comes next while it is held, and after it went back", () => {
    const held = (needsPerson: boolean) =>
      releaseFields(journal({ kind: "held", why: "w", needsPerson }), at(2)).next;
    assert.match(held(true)!, /somebody decides: switchyard release promote kirana-store or/);
    assert.match(held(false)!, /goes on by itself/);
    assert.equal(releaseFields(journal(), at(1)).next, undefined);
  });

  it("is what is new, in the manifest's words for those who use it and no commit's", () => {
    assert.equal(releaseFields(journal(), at(1)).news, "✓ Improvements of version 2.0.0");
    const [started, ...others] = journal();
    const news = ["Loyalty rewards", "Search by brand"];
    const entry = { ...started!.entry, plan: { ...plan, manifest: { ...plan.manifest, news } } };
    const told = releaseFields(
      [{ ...started!, entry: entry as unknown as JournalEntry }, ...others],
      at(1),
    ).news;
    assert.equal(told, "✓ Loyalty rewards\n✓ Search by brand");
  });

  it("is why it was given up", () => {
    const stopped = { kind: "stopped", why: "no approval", outcome: "refused" } as JournalEntry;
    assert.equal(releaseFields(journal(stopped), at(2)).reason, "no approval");
    assert.equal(releaseFields(journal(), at(2)).reason, undefined);
  });

  it("is what was measured before anything moved", () => {
    const field = "value of each gate that compares with the baseline";
    const measured = journal({ kind: "baseline", gate: "latency", value: 120, count: 9 });
    assert.equal(releaseFields(measured, at(2))[field], "latency 120");
    assert.equal(releaseFields(journal(), at(2))[field], undefined);
  });

  it("is, of one that went back, why, by which gate and value, and how long the way back took", () => {
    const verdict = {
      kind: "verdict",
      gate: "error-rate",
      phase: "ramp",
      verdict: "rollback",
      since: at(1).toISOString(),
      why: "too many",
      value: 0.07,
      question: "",
      state: {},
    } as JournalEntry;
    const fields = releaseFields(
      journal(
        verdict,
        {
          kind: "rollback",
          why: "too many",
          by: "switchyard",
          gate: "error-rate",
          seenAt: at(1).toISOString(),
        },
        done("rollback/back"),
        phase("rolled-back"),
      ),
      at(99),
    );
    assert.equal(fields.value, "0.07");
    assert.equal(fields.rolledBack, "true");
    assert.equal(fields.outcome, "rolled back");
    assert.equal(fields.notes, "too many");
    assert.equal(fields.rollbackSeconds, "60.0");
  });

  it("is no way back that took so long before everybody was back, and no deployment that is taken back", () => {
    const previous = { action: "deploy", components: ["frontend"], to: "inPlace", version: "previous" };
    const rollback = { kind: "rollback", why: "", by: "bo", seenAt: at(1).toISOString() } as JournalEntry;
    const half = withFrontend(journal(rollback, done("rollback/back", null, 9000)), previous);
    assert.equal(releaseFields(half, at(3)).rollbackSeconds, undefined);
    const whole = withFrontend(
      journal(
        rollback,
        done("rollback/back", null, 9000),
        done("rollback/frontend", null, 8000),
        phase("rollback-watch"),
      ),
      previous,
    );
    const fields = releaseFields(whole, at(99));
    assert.equal(fields.rollbackSeconds, "120.0");
    assert.equal(fields.frontendSeconds, undefined);
  });

  it("is the share of the traffic by what moved last", () => {
    const weight = (...entries: JournalEntry[]) => releaseFields(journal(...entries), at(9)).weight;
    assert.equal(weight(), "0");
    assert.equal(weight({ kind: "intent", step: "ramp/30" }), "30");
    assert.equal(weight({ kind: "intent", step: "ramp/30" }, done("switch/switch")), "100");
    assert.equal(weight(done("switch/switch"), done("rollback/back")), "0");
  });

  it("is the last backup with what proved it; nothing is said of one that was not made", () => {
    assert.equal(releaseFields(journal(), at(1)).name, undefined);
    const backup = { store: "postgres", recordedAs: "dump-1", at: at(1).toISOString(), bytes: 42 };
    const proof = { by: "restoreToScratch", seconds: 3, counts: { orders: { source: 7, restored: 7 } } };
    const fields = releaseFields(journal(done("backup/dump", { backup, proof })), at(2));
    assert.deepEqual(
      [fields.name, fields.store, fields.bytes, fields.rows],
      ["dump-1", "postgres", "42", "orders 7 of 7"],
    );
  });

  it("is who approved, who took part, and what was told to whom", () => {
    const fields = releaseFields(
      journal(
        { kind: "command", id: "1", command: "approve", by: "bo", role: "sre", entry: "go" },
        { kind: "told", entry: "told", channel: "slack", delivered: true },
        { kind: "told", entry: "told", channel: "mail", delivered: false },
      ),
      at(5),
    );
    assert.equal(fields.approvals, "bo as sre");
    assert.equal(fields.team, "ana, bo");
    assert.equal(fields.audience, "the team");
    assert.equal(fields.channel, "slack, mail");
    assert.equal(fields.delivered, "1 of 2");
  });
});
