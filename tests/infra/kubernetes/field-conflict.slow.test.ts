import assert from "node:assert/strict";
import { type ApiClient, ApiError } from "../../../local/cluster/api-client";
import { conflictingManagers } from "../../../reports/field-conflict";
import { TestCluster } from "../../local/cluster/support";

interface Budget {
  readonly metadata: { readonly managedFields: readonly { readonly manager: string }[] };
  readonly spec: { readonly maxUnavailable: number };
}

/** What our explanation of a conflict advises, done as it says on a real API server. */
describe("a field that somebody else owns, on a real API server", function () {
  this.timeout(300_000);
  const cluster = new TestCluster();
  const path = "/apis/policy/v1/namespaces/default/poddisruptionbudgets/web";
  let api: ApiClient;
  before(async () => {
    await cluster.start();
    api = cluster.api();
  });
  after(() => cluster.remove());

  const declare = (maxUnavailable: number) =>
    api.call<Budget>("PATCH", `${path}?fieldManager=pulumi-kubernetes-1`, {
      body: {
        apiVersion: "policy/v1",
        kind: "PodDisruptionBudget",
        metadata: { name: "web" },
        spec: { maxUnavailable, selector: { matchLabels: { app: "web" } } },
      },
      contentType: "application/apply-patch+yaml",
    });
  const editByHand = (maxUnavailable: number) =>
    api.call("PATCH", `${path}?fieldManager=kubectl-edit`, {
      body: { spec: { maxUnavailable } },
      contentType: "application/merge-patch+json",
    });
  const refusal = async () => {
    try {
      await declare(1);
    } catch (error) {
      if (error instanceof ApiError) return error.message;
      throw error;
    }
    throw new assert.AssertionError({ message: "the apply was not refused" });
  };

  beforeEach(async () => {
    await declare(1);
    await editByHand(4);
  });
  afterEach(() => api.call("DELETE", path));

  it("the server's message tells manager and field, as we read it", async () => {
    assert.deepEqual(conflictingManagers(await refusal()), [
      { manager: "kubectl-edit", fields: [".spec.maxUnavailable"] },
    ]);
  });

  it("the declared value set by hand: the next apply passes", async () => {
    await refusal();
    await editByHand(1);
    assert.equal((await declare(1)).spec.maxUnavailable, 1);
  });

  it("the owner's entry removed: the next apply passes, with another value too", async () => {
    await refusal();
    // The controller writes the status, and with it an entry of its own, at any moment: then the place is another one.
    for (let isRemoved = false; !isRemoved; ) {
      const { metadata } = await api.call<Budget>("GET", path);
      const index = metadata.managedFields.findIndex(({ manager }) => manager === "kubectl-edit");
      assert.ok(index >= 0);
      const entry = `/metadata/managedFields/${index}`;
      isRemoved = await api
        .call("PATCH", path, {
          body: [
            { op: "test", path: `${entry}/manager`, value: "kubectl-edit" },
            { op: "remove", path: entry },
          ],
          contentType: "application/json-patch+json",
        })
        .then(
          () => true,
          (error) => {
            if (error instanceof ApiError) return false;
            throw error;
          },
        );
    }
    assert.equal((await declare(2)).spec.maxUnavailable, 2);
  });
});
