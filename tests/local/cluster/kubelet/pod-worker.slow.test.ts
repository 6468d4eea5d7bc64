import assert from "node:assert/strict";
import { type ApiClient, ApiError } from "../../../../local/cluster/api-client";
import type { Events } from "../../../../local/cluster/kubelet/events";
import type { Pod } from "../../../../local/cluster/kubelet/pod";
import type { PodFaults } from "../../../../local/cluster/kubelet/pod-faults";
import { PodWorker } from "../../../../local/cluster/kubelet/pod-worker";
import { until } from "../../../support/until";
import { pod } from "./support";

const ending = (uid: string): Pod =>
  pod({ containers: [] }, { uid, deletionTimestamp: new Date().toISOString() });

const conflict = new ApiError(409, "Conflict", "the object has been modified");

/** Ends a pod against an API that answers its first two deletions with a conflict; how often it was asked to delete. */
async function deletionsOf(there: () => Pod): Promise<() => number> {
  let deletions = 0;
  const api = {
    mergePatch: async () => ({}),
    call: async (method: string) => {
      if (method === "GET") return there();
      if (++deletions < 3) throw conflict;
      return {};
    },
  };
  const worker = new PodWorker(ending("one"), {
    api: api as unknown as ApiClient,
    events: { say: async () => {} } as unknown as Events,
    faults: { of: () => ({}) } as unknown as PodFaults,
    podIP: "127.0.0.2",
  });
  worker.start();
  await until("it was asked to delete", () => deletions > 0);
  return () => deletions;
}

describe("a pod that is to go", () => {
  it("is deleted although others kept changing it meanwhile", async () => {
    const deletions = await deletionsOf(() => ending("one"));
    await until("the third one is answered", () => deletions() === 3, 5_000);
  });

  for (const [what, there] of [
    ["has gone", () => Promise.reject(new ApiError(404, "NotFound", "no such pod"))],
    ["was replaced by another of its name", () => ending("two")],
  ] as const) {
    it(`is let be once it ${what}`, async () => {
      const deletions = await deletionsOf(there as () => Pod);
      await new Promise((resolve) => setTimeout(resolve, 700));
      assert.equal(deletions(), 1);
    });
  }
});
