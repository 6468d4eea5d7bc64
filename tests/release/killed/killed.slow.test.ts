import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { Test } from "mocha";
import { stateOf } from "../../../release/engine/state";
import type { JournalEntry } from "../../../release/journal/entry";
import type { Plan } from "../../../release/plan/plan";
import type { Fault } from "../../../release/simulation/scenario";
import type { SystemName } from "../../../runbooks/model";
import { contractPlan } from "../engine/support/plans";
import { type FarReleaseOptions, runFar } from "./far-release";
import type { FarRelease } from "./outcome";
import { Pool } from "./pool";
import { interruptPositions, killPositions, type Position } from "./positions";
import { differences } from "./same-release";
import { snapshotIn } from "./snapshot";
import { wordsOf } from "./words-of";

/**
 * Releases whose process is killed (SIGKILL) at every position of their journal. Each runs in a process of its own, with a
 * real journal and a real lease in a folder; the world of release/simulation, its time and its invariants are in this
 * process, and go on when that one is dead. A second process takes the release up, and everything must come out as it does
 * undisturbed.
 *
 * The platforms are models here: release/strategies has tests of its own against real servers, and
 * tests/engine/release-command.test.ts kills the command itself on dev. A power cut is no kill: what the system had in
 * memory is kept, so that the folder may be in memory.
 */

const strategies: Readonly<Record<SystemName, string>> = {
  "kirana-inventory": "slots with a ramp and a swap, and a static site",
  "tesoro-xp": "slots with a ramp and a swap",
  "kirana-store": "Kubernetes, HTTPRoute with a ramp",
  "retail-agentic": "Kubernetes, one selector after the other",
  "case-management": "Kubernetes, selectors",
};

/** What people are asked and told is alike with every strategy; production asks most. */
const wide: SystemName = "kirana-store";
const withPeople: ReadonlySet<JournalEntry["kind"]> = new Set([
  "asked",
  "told",
  "recorded",
  "held",
  "goesOn",
  "command",
]);

const inMemory = "/dev/shm";
const testSeconds = 600;
const blowsPerRelease = 8;

describe("a release whose process is struck", function () {
  this.timeout(testSeconds * 1000);
  let folder: string;
  let snapshot: string;
  const pool = new Pool(availableParallelism() + 1);
  let number = 0;

  before(async () => {
    folder = mkdtempSync(join(existsSync(inMemory) ? inMemory : tmpdir(), "switchyard-killed-"));
    snapshot = await snapshotIn(folder);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const far = (
    plan: Plan,
    faults: readonly Fault[],
    more: Pick<FarReleaseOptions, "blows" | "fullFrom"> = {},
  ) => pool.add(() => runFar({ plan, folder: join(folder, `${++number}`), snapshot, faults, ...more }));

  async function undisturbed(plan: Plan, faults: readonly Fault[] = []): Promise<FarRelease> {
    const whole = await far(plan, faults);
    assert.deepEqual(whole.violations, []);
    assert.deepEqual([whole.result.end, whole.processes], [faults.length > 0 ? "rolledBack" : "finished", 1]);
    return whole;
  }

  /**
   * A test for each position. Some positions, far from each other, are struck in one release, one process after the other.
   * Where that goes wrong each of them is struck in a release of its own, so that it is known which one it is.
   */
  function addTests(
    suite: Mocha.Suite,
    positions: readonly Position[],
    { plan, faults, whole }: { plan: Plan; faults: readonly Fault[]; whole: FarRelease },
  ): void {
    assert.ok(positions.length > 0);
    const count = Math.ceil(positions.length / blowsPerRelease);
    const inOne = Array.from({ length: count }, (_, first) =>
      positions.filter((_position, index) => index % count === first),
    );
    const releases = inOne.map((some) =>
      far(plan, faults, { blows: some.map(({ blow }) => blow) }).then(
        (struck) => ({ struck: struck.struck, wrong: faultsOf(struck, whole) }),
        (error: unknown) => ({ struck: 0, wrong: [String(error)] }),
      ),
    );
    for (const [index, { name, blow }] of positions.entries()) {
      const test = async () => {
        const { struck, wrong } = await releases[index % count]!;
        if (wrong.length === 0 && struck > Math.floor(index / count)) return;
        const alone = await far(plan, faults, { blows: [blow] });
        assert.equal(alone.struck, 1, "its process was not struck");
        assert.deepEqual(faultsOf(alone, whole), []);
        assert.deepEqual(wrong, [], "struck here alone it goes well; not so with these together");
      };
      suite.addTest(new Test(name, test));
    }
  }

  for (const [system, strategy] of Object.entries(strategies) as [SystemName, string][]) {
    const plan = contractPlan(system, "dev", { migration: true });
    const suites: Record<"killed" | "killedGoingBack" | "interrupted", Mocha.Suite | undefined> = {
      killed: undefined,
      killedGoingBack: undefined,
      interrupted: undefined,
    };

    describe(`${system}: ${strategy}`, () => {
      it("loses nothing when the disk is full for every entry that it writes", async () => {
        const whole = await undisturbed(plan);
        const full = await far(plan, [], { fullFrom: wordsOf(whole.records[1]!.entry) });
        assert.deepEqual(faultsOf(full, whole), []);
        mustSayFull(full);
      });

      it("goes back when the disk is full from the word on, and has all of it written in the end", async () => {
        const told = rollbackAfterMoving(await undisturbed(plan));
        const back = await undisturbed(plan, told);
        const full = await far(plan, told, { fullFrom: wordsOf(back.records[wordAt(back)]!.entry) });
        assert.deepEqual(faultsOf(full, back), []);
        mustSayFull(full);
      });

      it("finishes undisturbed, and goes back when it is told to", async () => {
        const whole = await undisturbed(plan);
        const told = rollbackAfterMoving(whole);
        const back = await undisturbed(plan, told);
        const said = wordAt(back);
        addTests(suites.killed!, killPositions(whole), { plan, faults: [], whole });
        const after = killPositions(back, ({ sequence }) => sequence >= said);
        addTests(suites.killedGoingBack!, after, { plan, faults: told, whole: back });
        addTests(suites.interrupted!, interruptPositions(whole), { plan, faults: [], whole });
      });

      // Filled by the test before, which knows the positions.
      suites.killed = describe("killed", () => {});
      suites.killedGoingBack = describe("killed while it goes back", () => {});
      suites.interrupted = describe("stopped by Ctrl-C", () => {});
    });
  }

  describe(`${wide} in production: people and messages`, () => {
    let killed: Mocha.Suite | undefined;

    it("finishes undisturbed", async () => {
      const plan = contractPlan(wide, "production", { migration: true });
      const whole = await undisturbed(plan);
      const positions = killPositions(whole, ({ entry }) => withPeople.has(entry.kind));
      addTests(killed!, positions, { plan, faults: [], whole });
    });

    killed = describe("killed", () => {});
  });
});

/** A person's word a minute after the candidate got its first traffic. */
function rollbackAfterMoving({ records, times }: FarRelease): readonly Fault[] {
  const moved = records.findIndex(
    (_, index) => index > 0 && stateOf(records.slice(0, index + 1)).trafficMoved,
  );
  return [{ kind: "command", command: "rollback", atSeconds: times[moved]! + 60 }];
}

/** Number of the entry by which somebody wants it back. */
function wordAt({ records }: FarRelease): number {
  return records.findIndex(({ entry }) => entry.kind === "command" && entry.command === "rollback");
}

function mustSayFull({ said }: FarRelease): void {
  assert.match(said.join("\n"), /cannot be used: ENOSPC: no space left on device/);
}

/** What is wrong with a release that was struck. */
function faultsOf(struck: FarRelease, whole: FarRelease): readonly string[] {
  return [...struck.violations, ...differences(struck, whole)];
}
