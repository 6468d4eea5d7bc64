import assert from "node:assert/strict";
import type { ContainerStatus, Pod, PodCondition } from "../../../../local/cluster/kubelet/pod";
import { phaseOf, podStatus } from "../../../../local/cluster/kubelet/pod-status";
import { PodAddresses } from "../../../../local/cluster/kubelet/pod-table";
import { preStopSeconds } from "../../../../local/cluster/kubelet/probes";
import { pod } from "./support";

const time = "2026-01-01T00:00:00Z";
const container = (more: Partial<ContainerStatus> = {}): ContainerStatus => ({
  name: "c",
  image: "i",
  imageID: "i",
  ready: true,
  started: true,
  restartCount: 0,
  state: { running: { startedAt: time } },
  lastState: {},
  ...more,
});
const ended = (exitCode: number) =>
  container({
    ready: false,
    state: { terminated: { exitCode, reason: "Completed", startedAt: time, finishedAt: time } },
  });

describe("status of a pod", () => {
  const conditions = (from: Pod, statuses: ContainerStatus[], now = new Date(time)) => {
    const input = { pod: from, podIP: "10.244.0.9", containers: statuses, startTime: time, now };
    return podStatus(input).conditions as PodCondition[];
  };
  const condition = (all: PodCondition[], type: string) => all.find((each) => each.type === type);

  it("has the phase that its containers give it", () => {
    assert.equal(phaseOf(pod(), [container({ state: { waiting: { reason: "ErrImagePull" } } })]), "Pending");
    assert.equal(phaseOf(pod(), [container()]), "Running");
    const waiting = container({ restartCount: 2, state: { waiting: { reason: "CrashLoopBackOff" } } });
    assert.equal(phaseOf(pod(), [waiting]), "Running");
    assert.equal(phaseOf(pod(), [ended(0)]), "Running", "it is started again");
    assert.equal(phaseOf(pod({ restartPolicy: "Never" }), [ended(0)]), "Succeeded");
    assert.equal(phaseOf(pod({ restartPolicy: "Never" }), [ended(0), ended(3)]), "Failed");
  });

  it("is Ready when all containers are, and its gates hold", () => {
    assert.equal(condition(conditions(pod(), [container()]), "Ready")?.status, "True");
    const unready = condition(
      conditions(pod(), [container(), container({ name: "d", ready: false })]),
      "Ready",
    );
    assert.deepEqual([unready?.status, unready?.message], ["False", "containers with unready status: [d]"]);
    const gated = { readinessGates: [{ conditionType: "x/y" }] };
    assert.equal(condition(conditions(pod(gated), [container()]), "Ready")?.reason, "ReadinessGatesNotReady");
    const open = { ...pod(gated), status: { conditions: [{ type: "x/y", status: "True" }] } };
    const all = conditions(open, [container()]);
    assert.equal(condition(all, "Ready")?.status, "True");
    assert.equal(condition(all, "x/y")?.status, "True", "a condition of somebody else stays");
  });

  it("keeps the time of a condition that did not change", () => {
    const first = conditions(pod(), [container()]);
    const later = new Date("2026-01-02T00:00:00Z");
    const again = conditions(
      { ...pod(), status: { conditions: first } },
      [container({ ready: false })],
      later,
    );
    assert.equal(condition(again, "PodScheduled")?.lastTransitionTime, time);
    assert.equal(condition(again, "Ready")?.lastTransitionTime, "2026-01-02T00:00:00Z");
  });
});

describe("addresses of pods", () => {
  it("are of a private range, each taken once, and used again last", () => {
    const addresses = new PodAddresses();
    const [first, second] = [addresses.take(), addresses.take()];
    assert.deepEqual([first, second], ["10.244.0.2", "10.244.0.3"]);
    addresses.release(first!);
    addresses.keep("10.244.0.4");
    assert.equal(addresses.take(), "10.244.0.5");
  });

  it("run over to the next block", () => {
    const addresses = new PodAddresses();
    const taken = Array.from({ length: 300 }, () => addresses.take());
    assert.equal(new Set(taken).size, 300);
    assert.equal(taken.at(-1), "10.244.1.45");
  });
});

describe("preStop hook", () => {
  const cases: [string, Parameters<typeof preStopSeconds>[0], number][] = [
    ["the sleep action", { sleep: { seconds: 10 } }, 10],
    ["sleep", { exec: { command: ["sleep", "5"] } }, 5],
    ["sleep through a shell", { exec: { command: ["/bin/sh", "-c", "nginx -s quit; sleep 15"] } }, 15],
    ["another command", { exec: { command: ["./drain", "20"] } }, 0],
    ["none", undefined, 0],
  ];
  for (const [what, handler, seconds] of cases) {
    it(`of ${what} takes ${seconds} s`, () => assert.equal(preStopSeconds(handler), seconds));
  }
});
