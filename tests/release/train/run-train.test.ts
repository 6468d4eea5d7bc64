import assert from "node:assert/strict";
import type { RunResult } from "../../../release/engine/run";
import type { JournalEntry, JournalRecord } from "../../../release/journal/entry";
import { journalFormat } from "../../../release/journal/entry";
import { VirtualClock } from "../../../release/simulation/virtual-clock";
import { runTrain, type TrainParts } from "../../../release/train/run-train";
import type { Train } from "../../../release/train/train";
import { UserError } from "../../../release/user-error";

/** What a train does when a release does not run in its process: releases are functions here, and time is virtual. */
class Made {
  readonly clock = new VirtualClock();
  readonly records: JournalRecord[] = [];
  readonly said: string[] = [];
  left = false;
  givenBack = false;

  constructor(...systems: readonly string[]) {
    const train: Train = {
      digest: "sha256:0",
      environment: "dev",
      members: systems.map((system) => ({
        system,
        release: `${system}-1`,
        after: [],
        manifest: { system, version: "2.0.0", components: {} },
        types: ["application", "normal"],
        planDigest: "sha256:1",
      })),
    };
    const plan = JSON.parse(JSON.stringify(train));
    this.write({ kind: "started", format: journalFormat, release: "train-1", by: "starter", plan });
  }

  write(entry: JournalEntry): JournalRecord {
    const { length: sequence } = this.records;
    const record = { sequence, at: this.clock.now().toISOString(), previous: "", hash: "", entry };
    this.records.push(record);
    return record;
  }

  parts(walks: Readonly<Record<string, (signal: AbortSignal) => Promise<RunResult>>>): TrainParts {
    return {
      clock: this.clock,
      journal: { read: async () => [...this.records], append: async (entry) => this.write(entry) },
      lease: {
        release: "train-1",
        holder: "process 1",
        epoch: 1,
        check: async () => {},
        giveBack: async () => {
          this.givenBack = true;
        },
        leave: async () => {
          this.left = true;
        },
      },
      members: new Map(
        Object.entries(walks).map(([system, walk]) => [
          system,
          { state: async () => undefined, walk: (_company, signal) => walk(signal) },
        ]),
      ),
      given: async () => [],
      nextCommand: (_known, signal) => untilAborted(signal),
      progress: (line) => this.said.push(line),
      waits: false,
    };
  }

  entries(kind: JournalEntry["kind"]): readonly JournalEntry[] {
    return this.records.map(({ entry }) => entry).filter((entry) => entry.kind === kind);
  }
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

const live: RunResult = { end: "finished", why: "it is live" };

describe("the process of a train", () => {
  it("takes a release up again that failed with what may mend itself, and writes that down once", async () => {
    const made = new Made("shop");
    let times = 0;
    const walk = async () => {
      if (++times < 3) throw new UserError("its lease is not over", { retriable: true });
      return live;
    };
    const { end } = await made.clock.until(
      runTrain(made.parts({ shop: walk }), new AbortController().signal),
    );
    assert.deepEqual([end, times, made.givenBack], ["finished", 3, true]);
    assert.equal(made.entries("failed").length, 1);
    assert.ok(made.clock.monotonic() >= 30_000, "each time a little later");
  });

  it("ends with what a release failed with when nothing else is left to do, and can be taken up", async () => {
    const made = new Made("shop", "stock");
    const walk = async (): Promise<RunResult> => {
      throw new UserError("the stack was never brought up");
    };
    const parts = made.parts({ shop: walk, stock: async () => live });
    await assert.rejects(made.clock.until(runTrain(parts, new AbortController().signal)), /never brought up/);
    assert.deepEqual([made.left, made.givenBack, made.entries("ended").length], [true, false, 0]);
  });

  it("stopped from outside lets everything go and says how to go on", async () => {
    const made = new Made("shop", "stock");
    const stop = new AbortController();
    const walk = (signal: AbortSignal) =>
      untilAborted(signal).catch((): never => {
        throw new UserError("release shop-1 of shop stops where it is");
      });
    made.clock.at(1000, () => stop.abort(new Error("Ctrl-C")));
    const running = runTrain(made.parts({ shop: walk, stock: async () => live }), stop.signal);
    await assert.rejects(made.clock.until(running), (error) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, /^train train-1 stops where it is/);
      assert.match(error.mend ?? "", /release resume train/);
      return true;
    });
    assert.ok(made.said.includes("release shop-1 of shop stops where it is"));
    assert.deepEqual([made.left, made.entries("failed").length, made.entries("done").length], [true, 0, 0]);
  });

  it("that finds the train ended gives it free and begins nothing", async () => {
    const made = new Made("shop");
    made.write({ kind: "ended", outcome: "finished", why: "all are live" });
    const never = () => Promise.reject(new Error("it began"));
    const { end, why } = await runTrain(made.parts({ shop: never }), new AbortController().signal);
    assert.deepEqual([end, why, made.givenBack], ["finished", "all are live", true]);
  });
});
