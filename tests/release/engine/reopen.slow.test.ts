import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Reopening, reopen } from "../../../release/engine/reopen";
import { stateOf } from "../../../release/engine/state";
import { begin, takeUp } from "../../../release/engine/take-up";
import type { JournalEntry } from "../../../release/journal/entry";
import { FolderStore } from "../../../release/journal/folder-store";
import type { Plan } from "../../../release/plan/plan";
import { UserError } from "../../../release/user-error";
import type { ReleaseFacts } from "../../../runbooks/release-facts";
import { keyPair, signedBy } from "../support/journals";
import { plan as small } from "./support/world";

const system = "kirana-store";
const plan = small as Plan;
const facts = { ...plan.facts, resourceGroup: "moved-since" } as unknown as ReleaseFacts;
const finished: JournalEntry = { kind: "ended", outcome: "finished", why: "it is live" };

describe("a finished release that is opened again", () => {
  const keys = keyPair();
  let folder: string;
  let store: FolderStore;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "switchyard-reopen-"));
    store = new FolderStore(folder, signedBy(keys));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function released(release: string, ...entries: readonly JournalEntry[]): Promise<void> {
    const { lease } = await begin(store, { release, plan, holder: "Lena", by: "Lena", speed: 1 });
    for (const entry of entries) await store.open(system, release, lease).append(entry);
    await lease.giveBack();
  }
  const wanted = (more: Partial<Reopening> = {}): Reopening => ({
    system,
    release: "r-1",
    holder: "Omar:1",
    by: "Omar",
    why: "orders are lost",
    facts,
    requireWayBack: async () => {},
    ...more,
  });
  const state = async () => stateOf(await store.open(system, "r-1").read());

  it("has the lease, and its journal says who takes it back, why, and where things are by now", async () => {
    await released("r-1", finished);
    const { lease } = await reopen(store, wanted({ restore: true }));
    const { reopened, ended, restoreAsked, plan: its, runner } = await state();
    assert.deepEqual(
      [ended, reopened?.why, reopened?.by, restoreAsked],
      [undefined, "orders are lost", "Omar", true],
    );
    assert.deepEqual([its.facts, runner], [facts, "Omar:1"]);
    assert.equal((await store.lease(system))?.release, "r-1");
    await assert.rejects(store.acquire(system, "r-2", "Lena"), /r-1/);
    const inspected = await store.inspect(system, "r-1");
    assert.deepEqual([inspected.fault, inspected.outcome], [undefined, undefined]);
    await store.open(system, "r-1", lease).append({ ...finished, outcome: "rolledBack" });
    await lease.giveBack();
    assert.equal((await store.inspect(system, "r-1")).outcome, "rolledBack");
  });

  it("is over for whoever verifies it, also when its process was killed before it had set the system free", async () => {
    const { lease } = await begin(store, { release: "r-1", plan, holder: "Lena", by: "Lena", speed: 1 });
    await store.open(system, "r-1", lease).append(finished);
    await lease.leave();
    const taken = await takeUp(store, system, "Omar:1");
    assert.equal((await store.inspect(system, "r-1")).outcome, "finished");
    await taken.lease.giveBack();
  });

  it("hears nothing that was said before: neither what is in the journal nor what nobody had read", async () => {
    await released(
      "r-1",
      { kind: "command", id: "c-1", command: "confirm", by: "Lena", role: "technical-lead", reason: "so" },
      { kind: "held", why: "unseen", gate: "error-rate", needsPerson: true },
      finished,
    );
    const late = { id: "c-2", command: "confirm", by: "Lena", at: "2026-03-03T10:00:00Z" } as const;
    await store.send(system, "r-1", { ...late, role: "technical-lead" });
    const { lease } = await reopen(store, wanted());
    const { commands, heard, held } = await state();
    assert.deepEqual([commands, [...heard].sort(), held], [[], ["c-1", "c-2"], undefined]);
    assert.deepEqual(await store.commands(system, "r-1", heard), []);
    await lease.giveBack();
  });

  it("stays as it was, and the system free, when there is no way back", async () => {
    await released("r-1", finished);
    const gone = async () => Promise.reject(new UserError("blue holds something else"));
    await assert.rejects(reopen(store, wanted({ requireWayBack: gone })), /blue holds something else/);
    assert.equal((await state()).ended?.outcome, "finished");
    assert.equal(await store.lease(system), undefined);
  });

  it("is looked at under the lease: no release begins and no side is changed meanwhile", async () => {
    await released("r-1", finished);
    let holder: string | undefined;
    const { lease } = await reopen(
      store,
      wanted({
        requireWayBack: async () => {
          holder = (await store.lease(system))?.holder;
        },
      }),
    );
    assert.equal(holder, "Omar:1");
    await lease.giveBack();
  });

  it("is refused while another release runs, and once another one began since", async () => {
    await released("r-1", finished);
    const { lease } = await begin(store, { release: "r-2", plan, holder: "Lena", by: "Lena", speed: 1 });
    await assert.rejects(reopen(store, wanted()), /is being released: release r-2, held by Lena/);
    await store.open(system, "r-2", lease).append({ kind: "ended", outcome: "refused", why: "so" });
    await lease.giveBack();
    await assert.rejects(reopen(store, wanted()), /cannot be taken back any more: r-2 began since/);
    assert.equal(await store.lease(system), undefined);
  });

  for (const outcome of ["rolledBack", "refused", "aborted"] as const) {
    it(`is refused of one that ended ${outcome}, so that none is taken back twice`, async () => {
      await released("r-1", { kind: "ended", outcome, why: "so" });
      await assert.rejects(reopen(store, wanted()), new RegExp(`has ended: ${outcome}, so`));
      assert.equal(await store.lease(system), undefined);
    });
  }

  it("is refused to a second process that comes at the same time", async () => {
    await released("r-1", finished);
    const both = await Promise.allSettled([
      reopen(store, wanted()),
      reopen(store, wanted({ holder: "Ana:2" })),
    ]);
    const [won, ...others] = both.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    assert.deepEqual([won !== undefined, others], [true, []]);
    assert.equal(
      (await store.open(system, "r-1").read()).filter(({ entry }) => entry.kind === "reopened").length,
      1,
    );
    await won!.lease.giveBack();
  });

  it("is reopened by the next process when the first was killed before it had written so", async () => {
    await released("r-1", finished);
    await (await store.acquire(system, "r-1", "killed")).leave();
    await assert.rejects(store.acquire(system, "r-2", "Lena"), /r-1/);
    const { lease } = await reopen(store, wanted());
    assert.equal((await state()).reopened?.by, "Omar");
    await lease.giveBack();
  });

  it("is taken up, not reopened again, when the first was killed after that", async () => {
    await released("r-1", finished);
    await (await reopen(store, wanted())).lease.leave();
    await assert.rejects(reopen(store, wanted()), /is under way, and not finished/);
    assert.equal((await store.lease(system))?.release, "r-1", "nobody may begin over it");
    const { lease } = await takeUp(store, system, "Ana:2");
    const { reopened, ended, runner } = await state();
    assert.deepEqual([reopened?.why, ended, runner], ["orders are lost", undefined, "Ana:2"]);
    await lease.giveBack();
  });

  it("is in the phase that it finished in when it stays live after all, and a second way back tells and looks anew", async () => {
    const verdict = {
      kind: "verdict",
      gate: "error-rate",
      phase: "rollback",
      verdict: "hold",
      why: "unseen",
      question: "?",
      since: "2026-03-03T10:00:00Z",
    };
    await released("r-1", { kind: "phase", phase: "finish" }, finished);
    const before = await state();
    const { lease } = await reopen(store, wanted());
    const journal = store.open(system, "r-1", lease);
    await journal.append({ kind: "rollback", why: "orders are lost", by: "Omar", seenAt: before.startedAt });
    await journal.append({ kind: "phase", phase: "rollback" });
    await journal.append({ kind: "told", entry: "goes-back", channel: "#x", delivered: true, why: "" });
    await journal.append({ ...verdict, state: {} } as unknown as JournalEntry);
    await journal.append({ ...finished, why: "stays live: it is well" });
    const { phase, phaseBegan, told, verdicts, rollback } = await state();
    assert.deepEqual(
      [phase, phaseBegan, [...told], [...verdicts.keys()], rollback],
      ["finish", before.phaseBegan, [], [], undefined],
    );
    await lease.giveBack();
  });
});
