import assert from "node:assert/strict";
import { refuseIdlePods } from "../../../cli/release/prepare";
import type { ObservedTrack } from "../../../release/plan/observed";
import { releaseKey } from "../../../runbooks/sides";
import { selectorTarget, slotsTarget, workload } from "../../release/support/targets";

const block = { version: "1.4.2", images: { web: `registry.invalid/web@sha256:${"a".repeat(64)}` } };
const withPods: ObservedTrack = {
  exists: true,
  live: "blue",
  idle: "green",
  traffic: { blue: 100, green: 0 },
  keys: { green: "sha256:older" },
  versions: {},
  podsOnIdle: [workload("green", "sha256:older")],
};

function judged(
  observed: ObservedTrack,
  target: typeof selectorTarget | typeof slotsTarget = selectorTarget,
) {
  refuseIdlePods(
    {
      contract: { system: "shop" },
      facts: { system: "shop", tracks: [{ name: "web", components: ["web"], target }], hosts: {}, tasks: {} },
      observed: { web: observed },
    } as unknown as Parameters<typeof refuseIdlePods>[0],
    block,
  );
}

describe("release prepare", () => {
  it("declares nothing on an idle side that still has pods: they would be the new version's at the next up", () => {
    assert.throws(
      () => judged(withPods),
      (error: Error & { mend?: string }) => {
        assert.match(error.message, /^green of shop has no traffic and still has pods: 2 of web-green/);
        assert.match(error.mend ?? "", /kubectl -n shop scale deployment web-green --replicas=0$/);
        return true;
      },
    );
  });

  it("lets a side be that has none, that has this very block, or is no Deployment", () => {
    const { podsOnIdle: _pods, ...empty } = withPods;
    judged(empty);
    judged({ ...withPods, keys: { green: releaseKey(block) } });
    judged(withPods, slotsTarget);
  });
});
