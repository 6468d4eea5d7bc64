import assert from "node:assert/strict";
import type { Surroundings } from "../../../../release/clients/surroundings";
import type { Asking } from "../../../../release/gates/asking";
import type { GateContext, Sample } from "../../../../release/gates/gate-provider";
import type { CheckGate } from "../../../../runbooks/entry-basics";
import { contextOf, cronJob, FakeClock, FakeJobCluster, facts } from "../../data/fakes";
import { checkGate } from "../../support/gates";

/** What is faked: the API server's Jobs. What is not: how they are made, found again and read. */

class Cluster extends FakeJobCluster {
  override readonly deleted: string[] = [];
  override async delete(path: string): Promise<void> {
    const name = path.split("/").at(-1)!;
    this.deleted.push(name);
    this.jobs.delete(name);
  }
}

export const release = "case-management-20260128-101500";

export class World {
  readonly cluster = new Cluster();
  readonly clock = new FakeClock();
  made: readonly object[] = [];
  ran: readonly string[] = [];

  constructor() {
    this.cluster.cronJobs = [
      cronJob("case-management-check", { app: "backend" }),
      cronJob("restore-test", {
        labels: { "switchyard.dev/store": "postgres", "switchyard.dev/work": "prove" },
      }),
      cronJob("ask-database", {
        labels: { "switchyard.dev/store": "postgres", "switchyard.dev/work": "ask" },
      }),
    ];
  }

  /** As a process that has just started, over the same cluster. */
  asking(): Asking {
    return {
      surroundings: {
        environment: "staging",
        env: {},
        kubernetes: async () => this.cluster,
      } as unknown as Surroundings,
      view: {
        release,
        backups: () => ({ required: [], made: this.made }),
        migrations: () => ({ wanted: ["m"], ran: this.ran, verified: [] }),
      },
      secret: async () => "",
    } as unknown as Asking;
  }

  context(more: Partial<GateContext> = {}): GateContext {
    const { manifest, candidate, signal } = contextOf();
    return {
      environment: "staging",
      facts: facts(),
      manifest,
      candidate,
      live: { "case-management-track": "blue" },
      clock: this.clock,
      phaseBegan: this.clock.now(),
      releaseBegan: this.clock.now(),
      baselines: {},
      remembered: new Map(),
      signal,
      ...more,
    };
  }
}

export function said(sample: Sample): string {
  if (sample.kind === "nothing") return `nothing: ${sample.why}`;
  assert.ok(sample.kind === "answer");
  return `${sample.holds}: ${sample.seen}`;
}

export const suiteGate = (task: string, more: Partial<CheckGate> = {}) =>
  checkGate(
    { provider: "suite", suite: "s", run: { as: "task", task }, atMostFailed: 0, atLeastPassed: 1 },
    { timeoutSeconds: 20, ...more },
  );
