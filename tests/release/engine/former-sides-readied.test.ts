import assert from "node:assert/strict";
import { run } from "../../../release/engine/run";
import type { Plan } from "../../../release/plan/plan";
import { VirtualClock } from "../../../release/simulation/virtual-clock";
import { UserError } from "../../../release/user-error";
import {
  FakeTrack,
  healthy,
  MemoryJournal,
  partsOf,
  plan as small,
  start,
  type World,
} from "./support/world";

const [back] = small.rollback;
const scaleUp = {
  ...small.entries.deploy,
  name: "old-side-scaled-up",
  does: { action: "scale", components: ["web"], side: "old", to: "declared" },
};

/** The small release on two tracks. Its way back is traffic alone, as plans had it before there was a step that scales up. */
const plan = {
  ...small,
  from: { version: "1.0.0", sides: { store: "blue", desk: "blue" } },
  to: { version: "2.0.0", sides: { store: "green", desk: "green" } },
  facts: {
    tracks: [
      { name: "store", components: ["web"], target: { kind: "gateway" } },
      { name: "desk", components: ["desk"], target: { kind: "selector" } },
    ],
  },
} as unknown as Plan;
const withScaleUp = {
  ...plan,
  rollback: [{ ...back, id: "rollback/old-side-scaled-up", entry: "old-side-scaled-up" }, back],
  entries: { ...plan.entries, "old-side-scaled-up": scaleUp },
} as unknown as Plan;

/** A track that everybody is on the candidate of, and whose former side has no pods. */
class DoneTrack extends FakeTrack {
  override percent = 100;
  override ready = true;
  pods = 0;
  /** So many times scaling up fails. */
  fails = 0;

  constructor(
    readonly name: string,
    private readonly log: string[],
  ) {
    super();
  }
  override async observe() {
    const position = await super.observe();
    return { ...position, liveReady: this.pods > 0, why: this.pods > 0 ? [] : ["blue has no pods"] };
  }
  override async setTraffic(percent: number) {
    this.log.push(`${this.name} ${percent} %`);
    return super.setTraffic(percent);
  }
  override promote = () => this.setTraffic(100);
  override revert = async () => {
    if (this.pods === 0) throw new UserError(`blue of ${this.name} is not ready`, { retriable: true });
    return this.setTraffic(0);
  };
  override async scale(side: string, components: readonly string[], to: number | "declared") {
    this.log.push(`${this.name}: ${side} ${to}, ${components.join(" ")}`);
    if (side === "blue" && to !== 0 && this.fails-- > 0)
      throw new UserError("the cluster does not answer", { retriable: true });
    if (side === "blue") this.pods = to === 0 ? 0 : 2;
    return { ownMilliseconds: 0, platformMilliseconds: 0 };
  }
}

describe("traffic that goes back after the end of a release", () => {
  async function takenBack(its: Plan, change: (tracks: readonly DoneTrack[], world: World) => unknown) {
    const clock = new VirtualClock();
    const log: string[] = [];
    const [store, desk] = [new DoneTrack("store", log), new DoneTrack("desk", log)];
    const journal = new MemoryJournal(clock);
    const world: World = { clock, journal, track: store, progress: [], sample: healthy, commands: [] };
    await start(world, its);
    for (const { id: step } of its.steps) {
      await journal.append({ kind: "intent", step });
      await journal.append({ kind: "done", step, seen: null, milliseconds: 0 });
    }
    await journal.append({ kind: "ended", outcome: "finished", why: "it is live" });
    await journal.append({
      kind: "reopened",
      by: "Omar",
      why: "orders are lost",
      runner: "Omar:1",
      epoch: 2,
      facts: its.facts as never,
      passedOver: [],
    });
    await journal.append({
      kind: "rollback",
      why: "orders are lost",
      by: "Omar",
      seenAt: "2026-03-03T10:00:00Z",
    });
    await change([store, desk], world);
    const parts = {
      ...partsOf(world),
      strategies: new Map([
        ["store", store],
        ["desk", desk],
      ]),
    };
    const stop = new AbortController();
    clock.at(7_200_000, () => stop.abort(new Error("it stands still")));
    const { end, why } = await clock.until(run(parts, stop.signal));
    return { end, why, log, records: journal.records };
  }
  const places = (log: readonly string[], pattern: RegExp) =>
    log.flatMap((line, place) => (pattern.test(line) ? [place] : []));

  it("scales all former sides up before any moves, of a plan without a step that does", async () => {
    const { end, why, log } = await takenBack(plan, () => {});
    assert.equal(end, "rolledBack", why);
    const [raised, moved] = [places(log, /: blue declared, /), places(log, / 0 %$/)];
    assert.deepEqual([raised.length, moved.length], [2, 2], log.join("\n"));
    assert.ok(Math.max(...raised) < Math.min(...moved), log.join("\n"));
    assert.ok(log.includes("store: blue declared, web") && log.includes("desk: blue declared, desk"));
  });

  it("scales up again what a step that is over did not bring up, or what was taken away since", async () => {
    const { end, why, log } = await takenBack(withScaleUp, async (_tracks, { journal }) => {
      const step = "rollback/old-side-scaled-up";
      await journal.append({ kind: "intent", step });
      await journal.append({ kind: "done", step, seen: { waitedFor: false }, milliseconds: 0 });
    });
    assert.equal(end, "rolledBack", why);
    assert.equal(places(log, /: blue declared, /).length, 2, log.join("\n"));
  });

  it("is tried again while one side cannot be scaled up, and the other waits with its traffic", async () => {
    const { end, why, log, records } = await takenBack(plan, ([, desk]) => {
      desk!.fails = 2;
    });
    assert.equal(end, "rolledBack", why);
    const failed = records.flatMap(({ entry }) => (entry.kind === "failed" ? [entry.why] : []));
    assert.equal(failed.length, 2, log.join("\n"));
    for (const one of failed)
      assert.match(
        one,
        /^1\.0\.0 is not ready everywhere: desk: blue has no pods: the cluster does not answer/,
      );
    const moved = places(log, / 0 %$/);
    assert.ok(Math.max(...places(log, /^desk: blue declared/)) < Math.min(...moved), log.join("\n"));
    assert.equal(places(log, /^store: blue declared/).length, 1, "what is ready is left alone");
  });
});
