import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Surroundings } from "../../../release/clients/surroundings";
import type {
  EngineView,
  LiveResources,
  ReleaseExpectation,
  TrackPosition,
} from "../../../release/gates/engine-view";
import { firedAlertsProvider } from "../../../release/gates/fired-alerts";
import type { Sample } from "../../../release/gates/gate-provider";
import type { CheckGateOf } from "../../../release/gates/provider-gate";
import { releaseStateProvider } from "../../../release/gates/release-state";
import type { Json } from "../../../release/targets/json";
import { UserError } from "../../../release/user-error";
import { checkGate, contextAt, surroundingsWith } from "../support/gates";
import { type Answer, HttpServer } from "../support/http-server";

function said(sample: Sample): string {
  if (sample.kind === "answer") return `${sample.holds}: ${sample.seen}`;
  assert.ok(sample.kind === "nothing");
  return `nothing: ${sample.why}`;
}

type AlertCheck = CheckGateOf<"firedAlerts">["check"];
const severe: AlertCheck = { provider: "firedAlerts", severities: ["critical", "warning"] };

describe("alerts that fire in Azure", () => {
  const alert = (changes: Json, context: Json = {}): Json => ({
    properties: {
      essentials: {
        severity: "Sev0",
        monitorCondition: "Fired",
        alertRule: "/subscriptions/s/resourceGroups/Shop/providers/microsoft.insights/metricAlerts/high-cpu",
        ...changes,
      },
      context: { context },
    },
  });
  function look(found: readonly Json[] | undefined | Error, check: AlertCheck = severe) {
    const arm = () => ({
      collection: async (path: string) => {
        assert.equal(path, "/subscriptions/s/providers/Microsoft.AlertsManagement/alerts");
        if (found instanceof Error) throw found;
        return found;
      },
    });
    const surroundings = surroundingsWith({ arm: arm as unknown as Surroundings["arm"] });
    return firedAlertsProvider({ surroundings }).look(checkGate(check), contextAt("https://x"));
  }

  const elsewhere = {
    alertRule: "/subscriptions/s/resourceGroups/other/providers/x/y",
    targetResource: "/subscriptions/s/resourceGroups/shop-2/a",
  };
  const cases: readonly (readonly [string, readonly Json[], string])[] = [
    ["none", [], "true: none fires"],
    ["one of the system's resource group", [alert({})], "false: fires: high-cpu"],
    [
      "one on a resource of the group",
      [alert({ ...elsewhere, targetResource: "/subscriptions/s/resourceGroups/shop/providers/a" })],
      "false: fires: y",
    ],
    [
      "one of Prometheus, by its labels",
      [alert(elsewhere, { labels: { system: "kirana-store", alertname: "HighErrorRate" } })],
      "false: fires: HighErrorRate",
    ],
    [
      "one of this environment",
      [
        alert(elsewhere, {
          labels: { system: "kirana-store", environment: "staging", alertname: "HighErrorRate" },
        }),
      ],
      "false: fires: HighErrorRate",
    ],
    [
      "the same rule of another environment in the same subscription",
      [
        alert(elsewhere, {
          labels: { system: "kirana-store", environment: "production", alertname: "HighErrorRate" },
        }),
      ],
      "true: none fires",
    ],
    ["another system's", [alert(elsewhere, { labels: { system: "retail-agentic" } })], "true: none fires"],
    ["one that was resolved", [alert({ monitorCondition: "Resolved" })], "true: none fires"],
    ["one that is only informational", [alert({ severity: "Sev3" })], "true: none fires"],
    ["a severity that nobody knows", [alert({ severity: "Sev9" })], "false: fires: high-cpu"],
  ];
  for (const [name, found, expected] of cases) {
    it(name, async () => assert.equal(said(await look(found)), expected));
  }

  it("only those that the gate names count, where it names some", async () => {
    const named = { ...severe, alerts: ["PostgresConnectionsCritical"] };
    assert.match(said(await look([alert({})], named)), /^true/);
  });

  it("a list that cannot be read is nothing", async () => {
    assert.equal(said(await look(undefined)), "nothing: the subscription has no list of alerts");
    assert.equal(said(await look(new UserError("Azure forbids it"))), "nothing: Azure forbids it");
  });
});

describe("alerts that fire in the Prometheus of dev", () => {
  let server: HttpServer;
  let answer: Answer = { status: 200 };
  const stateDir = mkdtempSync(join(tmpdir(), "switchyard-alerts-"));
  before(async () => {
    server = await HttpServer.start(() => answer);
    mkdirSync(join(stateDir, "prometheus"));
  });
  after(async () => {
    await server.stop();
    rmSync(stateDir, { recursive: true });
  });
  const running = () =>
    writeFileSync(join(stateDir, "prometheus", "endpoint.json"), JSON.stringify({ url: server.url }));
  const look = (check: AlertCheck = severe) =>
    firedAlertsProvider({
      surroundings: surroundingsWith({
        environment: "dev",
        outside: { stateDir } as Surroundings["outside"],
      }),
    }).look(checkGate(check), contextAt("https://x", { environment: "dev" }));
  const rule = (changes: Json = {}, ...states: string[]): Json => ({
    type: "alerting",
    name: "HighErrorRate",
    labels: { system: "kirana-store", severity: "critical" },
    health: "ok",
    lastEvaluation: new Date().toISOString(),
    alerts: states.map((state) => ({ state })),
    ...changes,
  });
  const rules = (...all: Json[]): Answer => ({
    status: 200,
    body: { status: "success", data: { groups: [{ rules: all }] } },
  });

  it("one that is not running is nothing", async () => {
    rmSync(join(stateDir, "prometheus", "endpoint.json"), { force: true });
    assert.match(said(await look()), /^nothing: the Prometheus of dev is not running/);
  });

  const cases: readonly (readonly [string, Json[], RegExp])[] = [
    ["none", [rule()], /^true: none of 1 fires/],
    ["one", [rule({}, "firing")], /^false: fires: HighErrorRate/],
    ["one that only begins", [rule({}, "pending")], /^true/],
    [
      "one of another system",
      [rule(), rule({ labels: { system: "other", severity: "critical" } }, "firing")],
      /^true/,
    ],
    ["no rules at all: none could fire", [], /^nothing: Prometheus has no such rules/],
    [
      "a rule that fails to be evaluated",
      [rule({ health: "err", lastError: "no such function" })],
      /^nothing: not evaluated: HighErrorRate no such function/,
    ],
    [
      "a rule that was not evaluated for long",
      [rule({ lastEvaluation: "2026-01-01T00:00:00Z" })],
      /^nothing: not evaluated/,
    ],
    [
      "one that fires beside one that is not evaluated",
      [rule({ health: "unknown" }), rule({ name: "B" }, "firing")],
      /^false: fires: B/,
    ],
  ];
  for (const [name, given, expected] of cases) {
    it(name, async () => {
      running();
      answer = rules(...given);
      assert.match(said(await look()), expected);
    });
  }

  it("a rule that the gate names and Prometheus has not is nothing", async () => {
    answer = rules(rule());
    assert.match(
      said(await look({ ...severe, alerts: ["HighErrorRate", "Gone"] })),
      /^nothing: Prometheus has no rule Gone/,
    );
  });
});

describe("what the release knows of itself", () => {
  const track = (
    candidatePercent: number,
    changes: Partial<TrackPosition> & { ready?: boolean; lacks?: readonly string[] } = {},
  ): TrackPosition => ({
    track: "shop",
    previousKept: true,
    ...changes,
    position: {
      sighting: { exists: true, traffic: {}, workloads: [] },
      candidatePercent,
      candidateReady: changes.ready ?? true,
      liveReady: changes.ready ?? true,
      ...(changes.lacks !== undefined && { liveLacks: changes.lacks }),
      why: changes.ready === false ? ["3 of 5 pods"] : [],
    },
  });
  const backup = { store: "postgres", recordedAs: "dump-1", at: "2026-11-21T12:00:00Z" };
  const proof = { by: "restoreToScratch", seconds: 5 } as const;
  const view = (parts: Partial<EngineView> = {}): EngineView => ({
    release: "r-1",
    figures: { figure: () => undefined },
    positions: async () => [],
    lastVerdict: () => undefined,
    backups: () => ({ required: [], made: [] }),
    migrations: () => ({ wanted: [], ran: [], verified: [] }),
    lease: async () => undefined,
    openPostMortems: async () => undefined,
    openFollowUps: async () => undefined,
    liveResources: async () => undefined,
    stack: async () => undefined,
    change: async () => undefined,
    window: async () => undefined,
    ...parts,
  });
  const positions = (...tracks: TrackPosition[]) => ({ positions: async () => tracks });
  const verdicts = (known: Readonly<Record<string, "pass" | "inconclusive">>) => ({
    lastVerdict: (gate: string) =>
      known[gate] === undefined ? undefined : { verdict: known[gate], why: "because" },
  });
  const stack = (parts: object) => ({ stack: async () => ({ missingOutputs: [], ...parts }) });

  const live = (parts: Partial<LiveResources>) => ({
    liveResources: async () => ({ same: 0, differ: [], undecided: [], ...parts }),
  });

  /** For each expectation: a world in which it holds, one in which it does not, and one in which nobody knows. */
  const table: Readonly<
    Record<
      ReleaseExpectation,
      readonly [Partial<EngineView>, Partial<EngineView>, Partial<EngineView> | undefined]
    >
  > = {
    idleSideReady: [positions(track(0)), positions(track(0), track(0, { ready: false })), undefined],
    idleSideDeclared: [
      positions({ ...track(0, { ready: false }), candidateKey: "sha256:new", wantedKey: "sha256:new" }),
      positions({ ...track(0), candidateKey: "sha256:old", wantedKey: "sha256:new" }),
      undefined,
    ],
    previousVersionKept: [positions(track(100)), positions(track(100, { previousKept: false })), undefined],
    rollbackPrepared: [positions(track(10)), positions(track(10, { ready: false })), undefined],
    oldSideReady: [
      positions(track(100), track(0, { ready: false })),
      positions(track(0), track(100, { ready: false })),
      undefined,
    ],
    candidateServed: [positions(track(100)), positions(track(100), track(90)), undefined],
    trafficOnOldSide: [positions(track(0)), positions(track(1)), undefined],
    rampAtWeight: [positions(track(30)), positions(track(20)), undefined],
    backupRecorded: [
      { backups: () => ({ required: ["postgres"], made: [{ backup }] }) },
      { backups: () => ({ required: ["postgres", "mongo"], made: [{ backup }] }) },
      undefined,
    ],
    backupVerified: [
      { backups: () => ({ required: ["postgres"], made: [{ backup, proof }] }) },
      { backups: () => ({ required: ["postgres"], made: [{ backup }] }) },
      undefined,
    ],
    migrationVerified: [
      { migrations: () => ({ wanted: ["a"], ran: ["a"], verified: ["a"] }) },
      { migrations: () => ({ wanted: ["a", "b"], ran: ["a", "b"], verified: ["a"] }) },
      undefined,
    ],
    noOtherRelease: [
      { lease: async () => ({ release: "r-1", holder: "me" }) },
      { lease: async () => ({ release: "r-2", holder: "somebody" }) },
      undefined,
    ],
    noOpenPostMortem: [{ openPostMortems: async () => [] }, { openPostMortems: async () => ["r-0"] }, {}],
    noOpenFollowUp: [{ openFollowUps: async () => [] }, { openFollowUps: async () => ["review"] }, {}],
    stackUnchanged: [stack({ wouldChange: [] }), stack({ wouldChange: ["urn"] }), stack({})],
    changesAsApproved: [
      { ...stack({ changes: "sha256:a" }), plannedChanges: "sha256:a" },
      { ...stack({ changes: "sha256:b" }), plannedChanges: "sha256:a" },
      stack({ changes: "sha256:b" }),
    ],
    resourcesAsDeclared: [
      { ...stack({ wouldChange: [] }), ...live({ same: 9 }) },
      { ...stack({ wouldChange: [] }), ...live({ same: 9, differ: ["database is gone"] }) },
      { ...stack({ wouldChange: [] }), ...live({ same: 9, undecided: ["database"] }) },
    ],
    updateSucceeded: [
      stack({ lastUpdate: { succeeded: true, at: "now" } }),
      stack({ lastUpdate: { succeeded: false, at: "now" } }),
      stack({}),
    ],
    outputsPresent: [stack({}), stack({ missingOutputs: ["release"] }), {}],
    candidateDiffersFromLive: [
      positions(track(0, { candidateKey: "a", liveKey: "b" })),
      positions(track(0, { candidateKey: "a", liveKey: "a" })),
      positions(track(0)),
    ],
    minimalChange: [
      { change: async () => ({ minimal: true, seen: "1 file" }) },
      { change: async () => ({ minimal: false, seen: "90 files" }) },
      {},
    ],
    insideWindow: [
      { window: async () => ({ open: true, seen: "Tuesday" }) },
      { window: async () => ({ open: false, seen: "Friday" }) },
      {},
    ],
    gatesPassed: [
      verdicts({ one: "pass", two: "pass" }),
      verdicts({ one: "pass", two: "inconclusive" }),
      undefined,
    ],
  };

  const ask = (expects: ReleaseExpectation, parts: Partial<EngineView>) =>
    releaseStateProvider(view(parts)).look(
      checkGate({ provider: "release", expects, gates: ["one", "two"], weight: 30 }),
      contextAt("https://x"),
    );

  for (const expects of Object.keys(table) as ReleaseExpectation[]) {
    it(`${expects}: yes, no, and nobody knows`, async () => {
      const [holds, fails, unknown] = table[expects];
      assert.match(said(await ask(expects, holds)), /^true: /);
      assert.match(said(await ask(expects, fails)), /^false: /);
      if (unknown !== undefined)
        assert.match(said(await ask(expects, unknown)), /^nothing: nobody knows whether /);
    });
  }

  it("resources are not there as declared while an update of them waits, and of none nothing was seen (TES-036)", async () => {
    const waiting = { ...stack({ wouldChange: ["a::b::c::database"] }), ...live({ same: 9 }) };
    assert.match(said(await ask("resourcesAsDeclared", waiting)), /^false: a preview would change database/);
    const none = { ...stack({ wouldChange: [] }), ...live({}) };
    assert.match(said(await ask("resourcesAsDeclared", none)), /^nothing: /);
  });

  it("an idle side with pods is not declared alone: they would be of the new version before it is approved", async () => {
    const declared = { candidateKey: "sha256:new", wantedKey: "sha256:new" };
    const seen = said(
      await ask("idleSideDeclared", positions({ ...track(0), ...declared, candidatePods: 10 })),
    );
    assert.match(seen, /^false: .*\(candidate 0 %, 10 pods/);
    assert.match(
      said(await ask("idleSideDeclared", positions({ ...track(0), ...declared, candidatePods: 0 }))),
      /^true: /,
    );
  });

  it("a way back is prepared with all pods of the old side, not with the half that traffic needs (STO-084)", async () => {
    const half = positions(track(10, { lacks: ["backend-blue: 4 of 8 pods ready"] }));
    assert.match(
      said(await ask("rollbackPrepared", half)),
      /^false: .*all its pods: shop \(candidate 10 %: backend-blue: 4 of 8 pods ready\)$/,
    );
    assert.match(said(await ask("oldSideReady", half)), /^true: /);
    assert.match(
      said(await ask("rollbackPrepared", positions(track(10, { lacks: [] })))),
      /^true: .*the plan takes no backup$/,
    );
  });

  it("a way back is prepared with the name of every backup that the plan takes (STO-084)", async () => {
    const whole = positions(track(10, { lacks: [] }));
    const required = ["postgres", "blob"];
    const none = { ...whole, backups: () => ({ required, made: [] }) };
    assert.match(
      said(await ask("rollbackPrepared", none)),
      /^false: no backup is recorded of postgres, blob$/,
    );
    const one = { ...whole, backups: () => ({ required, made: [{ backup }] }) };
    assert.match(said(await ask("rollbackPrepared", one)), /^false: no backup is recorded of blob$/);
    const made = [{ backup }, { backup: { ...backup, store: "blob", recordedAs: "uploads-1" } }];
    const all = { ...whole, backups: () => ({ required, made }) };
    assert.match(said(await ask("rollbackPrepared", all)), /^true: .*dump-1; blob: uploads-1$/);
  });

  it("a world that does not answer is nothing", async () => {
    const away = async () => {
      throw new UserError("the cluster cannot be reached", { retriable: true });
    };
    assert.equal(
      said(await ask("idleSideReady", { positions: away })),
      "nothing: the cluster cannot be reached",
    );
  });

  it("no track, no backup and no verdict are no yes", async () => {
    assert.equal(said(await ask("idleSideReady", {})), "false: the system has no track");
    assert.equal(said(await ask("backupVerified", {})), "false: no backup is verified");
    assert.equal(said(await ask("gatesPassed", {})), "false: one: not looked at; two: not looked at");
    assert.equal(said(await ask("migrationVerified", {})), "true: the candidate brings no migration");
  });
});
