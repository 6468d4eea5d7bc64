import assert from "node:assert/strict";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CommandContext } from "../../../cli/context";
import { journalStoreOf } from "../../../cli/release/journal-store";
import { commandReader } from "../../../cli/release/next-command";
import { pendingFolder } from "../../../cli/release/pending-folder";
import { rollback } from "../../../cli/release/rollback";
import { silentProgress } from "../../../local/progress";
import { Diary } from "../../../release/engine/diary";
import { type RunResult, run } from "../../../release/engine/run";
import { systemClock } from "../../../release/engine/system-clock";
import { begin } from "../../../release/engine/take-up";
import { CommandsHere, runningHere } from "../../../release/journal/commands-here";
import { LocalJournal, leaseForRollback } from "../../../release/journal/local-journal";
import type { VerifiableStore } from "../../../release/journal/verifiable-store";
import type { Plan } from "../../../release/plan/plan";
import { VirtualClock } from "../../../release/simulation/virtual-clock";
import { UserError } from "../../../release/user-error";
import { FakeTrack, healthy, partsOf, plan as small } from "../../release/engine/support/world";
import { soon } from "../../support/until";

const system = "tesoro-xp";
const release = "20261121-160512-2.0.0-3f9c";
const plan = { ...small, system } as unknown as Plan;

/** A person who wants to go back while the store of the journals is away, with a release that runs in this process. */
describe("switchyard release rollback while the store does not answer", () => {
  let root: string;
  let said: string[];
  let store: VerifiableStore;
  let track: FakeTrack;
  let running: Promise<RunResult> | undefined;
  let stop: AbortController;

  const workspace = () => ({ root, dist: "", policyPack: "", stateDir: root });
  const context = (): CommandContext => ({
    workspace: workspace(),
    progress: silentProgress,
    signal: new AbortController().signal,
    out: (text) => said.push(text),
    say: (line) => said.push(line),
  });
  const journals = () => join(root, "releases", system);
  const away = () => {
    renameSync(journals(), join(root, "kept"));
    symlinkSync(journals(), journals());
  };
  const there = () => {
    rmSync(journals());
    renameSync(join(root, "kept"), journals());
  };
  const here = () => new CommandsHere(pendingFolder(workspace()), system, release);
  const back = (more: object = {}) =>
    rollback(context(), system, { stack: "dev", reason: "orders are lost", ...more });
  const entries = async () => (await store.open(system, release).read()).map(({ entry }) => entry);

  beforeEach(async () => {
    said = [];
    root = mkdtempSync(join(tmpdir(), "switchyard-rollback-here-"));
    writeFileSync(join(root, "Pulumi.dev.yaml"), "config: {}\n");
    store = journalStoreOf({ workspace: workspace(), stack: "dev", user: {} });
    track = new FakeTrack();
    stop = new AbortController();
    running = undefined;
  });
  afterEach(async () => {
    stop.abort(new Error("the test is over"));
    await running?.catch(() => undefined);
    rmSync(root, { recursive: true, force: true });
  });

  /** As the process of a release does it, up to a weight that is held for ten minutes. */
  async function runs(): Promise<void> {
    const { lease } = await begin(store, { release, plan, holder: "Lena", by: "Lena", speed: 1 });
    const clock = systemClock();
    let rollingBack = () => false;
    const journal = new LocalJournal(store.open(system, release, lease), {
      system,
      release,
      folder: pendingFolder(workspace()),
      rollingBack: () => rollingBack(),
      clock,
    });
    const diary = await Diary.open(journal, clock, () => {});
    rollingBack = () => diary.rollsBack;
    const world = {
      clock: new VirtualClock(),
      journal: undefined as never,
      track,
      progress: [],
      commands: [],
      sample: healthy,
    };
    await here().announce({ system, release, stack: "dev", holder: "Lena", back: ["rollback/back"] });
    const parts = {
      ...partsOf(world),
      clock,
      journal,
      lease: leaseForRollback(lease, rollingBack),
      given: () => here().given(diary.state.heard),
      nextCommand: commandReader(store, system, release, { clock, near: true, here: here(), say: () => {} }),
      look: async (gate: Parameters<typeof healthy>[0]) => ({
        ...healthy(gate, world.clock),
        at: clock.now(),
      }),
    };
    running = run(parts as never, stop.signal, diary).finally(() => here().withdraw());
    running.catch(() => undefined);
    await soon("the first weight", () => track.percent === 10);
  }

  it("reaches the process of this machine: traffic is back, the journal has it as that person's word once it may", async () => {
    await runs();
    away();
    const began = Date.now();
    await back();
    assert.ok(Date.now() - began < 10_000, `${Date.now() - began} ms`);
    assert.equal(track.percent, 0);
    const text = said.join("\n");
    assert.match(text, /given to Lena on this machine, past the store/);
    assert.match(text, /All traffic is back/);
    assert.doesNotMatch(text, /release resume/);
    there();
    // What is left of the end waits for the store by itself or ends: then it is written by whoever takes it up.
    await running!.catch(() => undefined);
    const journal = new LocalJournal(store.open(system, release) as never, {
      system,
      release,
      folder: pendingFolder(workspace()),
      rollingBack: () => true,
      clock: systemClock(),
    });
    const kinds = (await journal.read()).map(({ entry }) => entry);
    const command = kinds.find((entry) => entry.kind === "command");
    assert.ok(command?.kind === "command");
    assert.deepEqual([command.command, command.reason], ["rollback", "orders are lost"]);
    assert.equal(kinds.filter((entry) => entry.kind === "rollback").length, 1);
    const folder = join(pendingFolder(workspace()), `${system}.${release}.commands`);
    assert.deepEqual(readdirSync(folder), [], "heard, and gone");
  });

  it("goes through the store as ever when that answers, and is heard once by whichever way", async () => {
    await runs();
    await back();
    assert.equal(track.percent, 0);
    assert.doesNotMatch(said.join("\n"), /past the store/);
    await running;
    assert.equal((await entries()).filter(({ kind }) => kind === "command").length, 1);
    assert.equal(existsSync(join(pendingFolder(workspace()), `${system}.${release}.process.json`)), false);
  });

  it("names the way by hand where no process of this machine runs it, and not resume", async () => {
    const { lease } = await begin(store, { release, plan, holder: "Lena", by: "Lena", speed: 1 });
    await lease.leave();
    away();
    await assert.rejects(back(), (error) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, /cannot be used: .*; and no process of this machine runs the release$/);
      assert.match(error.mend ?? "", /by the rollback of the runbook of tesoro-xp by hand/);
      assert.match(error.mend ?? "", /docs\/release\.md, "Back without the journals"/);
      assert.doesNotMatch(`${error.message} ${error.mend}`, /resume/);
      return true;
    });
  });

  it("is not left lying for a process that ends without hearing it", async () => {
    const { lease } = await begin(store, { release, plan, holder: "Lena", by: "Lena", speed: 1 });
    await lease.leave();
    await here().announce({ system, release, stack: "dev", holder: "Lena", back: ["rollback/back"] });
    away();
    const asked = back();
    asked.catch(() => undefined);
    const folder = join(pendingFolder(workspace()), `${system}.${release}.commands`);
    await soon("the command", () => existsSync(folder) && readdirSync(folder).length === 1);
    await here().withdraw();
    await assert.rejects(asked, /no process of this machine runs the release any more/);
    assert.deepEqual(readdirSync(folder), []);
  });

  it("is given to no process of another stack, release or start of the machine", async () => {
    const folder = pendingFolder(workspace());
    const running = { system, release, stack: "dev", holder: "Lena", back: [] };
    await here().announce(running);
    assert.equal((await runningHere(folder, { system, stack: "dev" }))?.release, release);
    assert.equal(await runningHere(folder, { system, stack: "staging" }), undefined);
    assert.equal(await runningHere(folder, { system, stack: "dev", release: "another" }), undefined);
    assert.equal(await runningHere(folder, { system: "tesoro", stack: "dev" }), undefined);
    const mark = join(folder, `${system}.${release}.process.json`);
    for (const changed of [{ machine: "another start" }, { process: { pid: process.pid, started: "1" } }]) {
      writeFileSync(mark, JSON.stringify({ ...running, ...changed }));
      assert.equal(await runningHere(folder, { system, stack: "dev" }), undefined);
    }
    writeFileSync(mark, "{");
    assert.equal(await runningHere(folder, { system, stack: "dev" }), undefined);
  });
});
