import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { CommandContext } from "../../../cli/context";
import { backendFolder } from "../../../cli/engine/environment";
import { checkpointFile } from "../../../cli/engine/file-stack";
import { journalStoreOf } from "../../../cli/release/journal-store";
import { rollback } from "../../../cli/release/rollback";
import { showExplain } from "../../../cli/release/show-explain";
import { showHistory } from "../../../cli/release/show-history";
import { showStatus } from "../../../cli/release/show-status";
import { requireNobodyNeedsIt } from "../../../cli/release/take-back";
import { silentProgress } from "../../../local/progress";
import { reopen } from "../../../release/engine/reopen";
import { begin } from "../../../release/engine/take-up";
import type { JournalEntry } from "../../../release/journal/entry";
import { MemoryStore } from "../../../release/journal/memory-store";
import type { VerifiableStore } from "../../../release/journal/verifiable-store";
import { manifestDigest } from "../../../release/plan/manifest";
import type { Plan } from "../../../release/plan/plan";
import { sideBlockOf } from "../../../release/plan/side-block";
import { VirtualClock } from "../../../release/simulation/virtual-clock";
import { mapAt } from "../../../release/targets/json";
import { selectorTraffic } from "../../../release/targets/selector";
import { trainsName } from "../../../release/train/train";
import { UserError } from "../../../release/user-error";
import { releaseKey } from "../../../runbooks/sides";
import { plan as small } from "../../release/engine/support/world";
import { ColoursWorld, imageOf, servicePath } from "../../release/strategies/support/colours-world";
import { selectorTarget } from "../../release/support/targets";
import { root as repository } from "../../support/root";
import { until } from "../../support/until";
import { stateOf } from "../check/support/states";

/** Its contract asks no Prometheus, which dev would start; the release here is one of colours all the same. */
const system = "tesoro-xp";
const release = "20261121-160512-2.0.0-3f9c";
const components = Object.keys(selectorTarget.components);
const blockOf = (version: string) => ({
  system,
  version,
  components: Object.fromEntries(components.map((name) => [name, { image: imageOf(name, version) }])),
});
const keyOf = (version: string) => releaseKey(sideBlockOf(blockOf(version)));
const facts = {
  ...small.facts,
  system,
  hosts: {},
  stores: {},
  tracks: [{ name: "store", components, target: selectorTarget }],
};
const scaleUp = {
  ...small.entries.deploy,
  name: "old-side-scaled-up",
  does: { action: "scale", components, side: "old", to: "declared" },
};
const plan = {
  ...small,
  system,
  manifest: blockOf("2.0.0"),
  manifestDigest: manifestDigest(blockOf("2.0.0")),
  fromKeys: { store: keyOf("1.0.0") },
  facts,
  rollback: [
    { ...small.rollback[0], id: "rollback/old-side-scaled-up", entry: "old-side-scaled-up" },
    ...small.rollback,
  ],
  entries: {
    ...small.entries,
    "old-side-scaled-up": scaleUp,
    deploy: { ...small.entries.deploy, does: { action: "deploy", components, to: "idle" } },
  },
} as unknown as Plan;

describe("switchyard release rollback of a release that has finished", () => {
  let root: string;
  let world: ColoursWorld;
  let said: string[];
  let store: VerifiableStore;

  beforeEach(async () => {
    said = [];
    root = mkdtempSync(join(tmpdir(), "switchyard-take-back-"));
    world = await ColoursWorld.make("selector");
    // As a finished release leaves it: green serves, blue is whole and has no pods.
    for (const component of components) {
      world.deploy(component, "blue", keyOf("1.0.0").slice("sha256:".length), 0);
      world.deploy(component, "green", keyOf("2.0.0").slice("sha256:".length), 2);
    }
    const service = world.cluster.get(servicePath);
    const spec = mapAt(service, "spec");
    const selector = { ...mapAt(spec, "selector"), deployment: "green" };
    world.cluster.put(servicePath, { ...service, spec: { ...spec, selector } });

    const file = join(root, "Pulumi.dev.yaml");
    copyFileSync(join(repository, "Pulumi.dev.yaml"), file);
    const text = readFileSync(file, "utf8").replace(
      /^config:\n/m,
      `config:\n  switchyard:kubeconfig: ${world.cluster.kubeconfig}\n`,
    );
    writeFileSync(file, text);
    const state = checkpointFile(backendFolder(workspace()), "dev");
    mkdirSync(dirname(state), { recursive: true });
    writeFileSync(
      state,
      stateOf([
        {
          urn: "urn:pulumi:dev::switchyard::pulumi:pulumi:Stack::switchyard-dev",
          type: "pulumi:pulumi:Stack",
          outputs: { tesoroXp: { release: facts } },
        },
      ]),
    );
    store = journalStoreOf({ workspace: workspace(), stack: "dev", user: {} });
    await finished(release);
  });
  afterEach(async () => {
    await world.remove();
    rmSync(root, { recursive: true, force: true });
  });

  const workspace = () => ({ root, dist: "", policyPack: "", stateDir: root });
  const context = (): CommandContext => ({
    workspace: workspace(),
    progress: silentProgress,
    signal: new AbortController().signal,
    out: (text) => said.push(text),
    say: (line) => said.push(line),
  });
  async function finished(id: string): Promise<void> {
    const { lease } = await begin(store, { release: id, plan, holder: "Lena", by: "Lena", speed: 1 });
    const journal = store.open(system, id, lease);
    for (const { id: step } of plan.steps) {
      await journal.append({ kind: "intent", step });
      await journal.append({ kind: "done", step, seen: null, milliseconds: 0 });
    }
    await journal.append({ kind: "ended", outcome: "finished", why: "2.0.0 is live" });
    await lease.giveBack();
  }
  const kinds = async () => (await store.open(system, release).read()).map(({ entry }) => entry.kind);
  const back = (more: object = {}) =>
    rollback(context(), system, { stack: "dev", reason: "orders are lost", ...more });
  const served = () => selectorTraffic(selectorTarget, world.cluster.get(servicePath));
  const printed = async (show: () => Promise<void>): Promise<string> => {
    said = [];
    await show();
    return said.join("\n");
  };

  it("scales the former side up, sends all traffic back, and every command says so afterwards", async () => {
    await back();
    assert.match(said.join("\n"), /^rolled back: orders are lost$/m);
    assert.match(said.join("\n"), /evidence that it did not stay: staging-release [0-9a-f]{12}/);
    assert.deepEqual(served(), { blue: 100, green: 0 });
    for (const component of components) {
      assert.equal(world.replicas(`${component}-blue`), 2);
      assert.equal(world.replicas(`${component}-green`), 0, "what the release brought has no pods any more");
    }
    assert.deepEqual(Object.keys(world.annotations()), ["switchyard.dev/track"], "nothing is kept or held");
    assert.equal(await store.lease(system), undefined);
    const { fault, outcome, signedBy } = await store.inspect(system, release);
    assert.deepEqual([fault, outcome, signedBy.length], [undefined, "rolledBack", 1]);
    const order = await kinds();
    assert.deepEqual(
      order.filter((kind) => ["ended", "reopened", "rollback"].includes(kind)),
      ["ended", "reopened", "rollback", "ended"],
    );

    const format = "text" as const;
    const status = await printed(() =>
      showStatus(context(), system, { stack: "dev", format, follow: false }),
    );
    assert.match(status, /state {6}rolledBack: orders are lost/);
    assert.match(status, /finished {3}\S+Z, and was live until it went back/);
    assert.match(status, /steps {6}2 of 2/);
    const history = await printed(() => showHistory(context(), system, { stack: "dev", format }));
    assert.match(
      history,
      /1\.0\.0 -> 2\.0\.0 {2}rolledBack, after it had finished at \S+Z .*orders are lost/,
    );
    assert.match(history, /rolled back +100 %/);
    assert.match(history, /mean time to recovery +\d/);
    const explained = await printed(() => showExplain(context(), system, { stack: "dev", format }));
    assert.match(explained, /TAKEN BACK after its end by .*: orders are lost/);

    await assert.rejects(back(), /has ended: rolledBack, orders are lost/);
  });

  it("is refused, and changes nothing, when the former side holds something else by now", async () => {
    for (const component of components) world.deploy(component, "blue", "3".repeat(64), 0);
    const before = world.cluster.writes.length;
    await assert.rejects(back(), (error: Error & { mend?: string }) => {
      assert.match(error.message, /blue does not hold 1\.0\.0 any more: .*Nothing was changed/);
      assert.match(error.mend ?? "", /release prepare tesoro-xp --to MANIFEST/);
      return true;
    });
    assert.equal(world.cluster.writes.length, before);
    assert.equal((await kinds()).at(-1), "ended");
    assert.equal(await store.lease(system), undefined);
  });

  it("sends nobody to a side that an update of the stack has changed after it was looked at", async () => {
    const stop = new AbortController();
    world.cluster.beforeWrite = (path) => {
      if (!path.endsWith("/scale")) return;
      world.cluster.beforeWrite = () => {};
      for (const component of components) world.deploy(component, "blue", "3".repeat(64), 2);
    };
    const ends = rollback({ ...context(), signal: stop.signal }, system, {
      stack: "dev",
      reason: "orders are lost",
    });
    await until("the hold", () => said.some((line) => line.includes("on hold: ")), 30_000);
    stop.abort(new Error("seen"));
    await assert.rejects(ends);
    assert.match(
      said.join("\n"),
      /on hold: .*blue gets no traffic of Service shop\/web: it does not hold 1\.0\.0/,
    );
    assert.deepEqual(served(), { blue: 0, green: 100 });
    // Nobody relies on a release that goes back, however long the way back takes.
    assert.match(said.join("\n"), /evidence that it did not stay: staging-release [0-9a-f]{12}/);
  });

  it("is refused while another release runs, with its name, and once one began since", async () => {
    const running = await begin(store, {
      release: "20261122-080000-3.0.0-aaaa",
      plan,
      holder: "Ana",
      by: "Ana",
      speed: 1,
    });
    await assert.rejects(back({ release }), /being released: release 20261122-080000-3\.0\.0-aaaa/);
    await running.lease.giveBack();
    await assert.rejects(back({ release }), /20261122-080000-3\.0\.0-aaaa began since/);
  });

  it("restores no data of a contract that has none to restore there", async () => {
    await assert.rejects(back({ restore: true }), /restores no data on dev/);
    assert.equal((await kinds()).at(-1), "ended");
  });

  it("is taken up by a second rollback when the process of the first was killed", async () => {
    const { lease } = await reopen(store, {
      system,
      release,
      holder: "killed",
      by: "Lena",
      why: "orders are lost",
      facts: facts as never,
      requireWayBack: async () => {},
    });
    await lease.leave();
    await back({ reason: "again" });
    assert.deepEqual(served(), { blue: 100, green: 0 });
    assert.equal((await kinds()).filter((kind) => kind === "reopened").length, 1);
    const ended = (await store.open(system, release).read()).at(-1)?.entry;
    assert.deepEqual([ended?.kind, ended?.kind === "ended" && ended.why], ["ended", "orders are lost"]);
  });
});

describe("a finished release that came in a train", () => {
  const members = [
    { system: "kirana-inventory", release: "k-1", after: [] },
    { system: "retail-agentic", release: "r-1", after: ["kirana-inventory"] },
  ];
  let said: string[];
  const say = (line: string) => void said.push(line);
  beforeEach(() => {
    said = [];
  });
  const ended: JournalEntry = { kind: "ended", outcome: "finished", why: "live" };

  async function stored(trainEnded: boolean, needingEnded?: JournalEntry): Promise<MemoryStore> {
    const store = new MemoryStore(new VirtualClock());
    const write = async (name: string, id: string, its: object, entries: readonly JournalEntry[]) => {
      const lease = await store.acquire(name, id, "a process");
      const journal = store.open(name, id, lease);
      const started = { kind: "started", format: 1, release: id, by: "Lena", plan: its } as JournalEntry;
      for (const entry of [started, ...entries]) await journal.append(entry);
      if (entries.length > 0) await lease.giveBack();
    };
    await write(trainsName, "train-1", { members }, trainEnded ? [ended] : []);
    await write("kirana-inventory", "k-1", {}, [ended]);
    await write("retail-agentic", "r-1", {}, needingEnded === undefined ? [] : [needingEnded]);
    return store;
  }

  it("goes back after what needs it, which is named with its command", async () => {
    const store = await stored(true, ended);
    await assert.rejects(
      requireNobodyNeedsIt(store, "kirana-inventory", "k-1", say),
      (error: Error & { mend?: string }) => {
        assert.match(error.message, /in train train-1 with retail-agentic, which needs it and is live/);
        assert.match(error.mend ?? "", /release rollback retail-agentic --reason TEXT/);
        return true;
      },
    );
    await requireNobodyNeedsIt(store, "retail-agentic", "r-1", say);
    await requireNobodyNeedsIt(store, "kirana-inventory", "k-0", say);
  });

  it("goes back alone once nothing is live that needs it, and not while the train is under way", async () => {
    const gone = await stored(true, { ...ended, outcome: "rolledBack" });
    await requireNobodyNeedsIt(gone, "kirana-inventory", "k-1", say);
    const running = await stored(false, undefined);
    await assert.rejects(
      requireNobodyNeedsIt(running, "kirana-inventory", "k-1", say),
      /is of train train-1, which is under way/,
    );
  });

  it("waits for the end that a train has still to write, which is named with its command", async () => {
    const store = await stored(false, ended);
    await assert.rejects(
      requireNobodyNeedsIt(store, "kirana-inventory", "k-1", say),
      (error: Error & { mend?: string }) => {
        assert.match(error.message, /of train train-1, whose releases have all ended/);
        assert.match(error.mend ?? "", /release resume train/);
        return true;
      },
    );
  });

  it("goes back alone once a newer release has replaced what needs it", async () => {
    const store = await stored(true, ended);
    const lease = await store.acquire("retail-agentic", "r-2", "a process");
    const journal = store.open("retail-agentic", "r-2", lease);
    await journal.append({
      kind: "started",
      format: 1,
      release: "r-2",
      by: "Lena",
      plan: {},
    } as JournalEntry);
    await assert.rejects(requireNobodyNeedsIt(store, "kirana-inventory", "k-1", say), /needs it and is live/);
    await journal.append(ended);
    await requireNobodyNeedsIt(store, "kirana-inventory", "k-1", say);
  });

  it("is not kept by the damaged journal of a train, which is said", async () => {
    const store = await stored(true, ended);
    const open = store.open.bind(store);
    store.open = (system, release, lease) => {
      const journal = open(system, release, lease);
      if (system === trainsName) journal.read = () => Promise.reject(new UserError("entry 1 is not its own"));
      return journal;
    };
    await requireNobodyNeedsIt(store, "kirana-inventory", "k-1", say);
    assert.deepEqual(said, ["it is not known which releases train train-1 had: entry 1 is not its own"]);
  });
});
