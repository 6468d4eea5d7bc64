import assert from "node:assert/strict";
import { scaledResources } from "../../../cli/drift/autoscaled";
import { azureType, compareAzure } from "../../../cli/drift/compare-azure";
import type { RecordedResource } from "../../../cli/drift/finding";
import { recordedOf } from "./recorded";

const uri = "https://kirana-keyvault-prod.vault.azure.net/secrets/cosmos-endpoint";
const outputsOf = (version: string) => ({
  name: "cosmos-endpoint",
  properties: { secretUri: uri, secretUriWithVersion: `${uri}/${version}` },
});
const recorded = {
  urn: "urn:pulumi:production::switchyard::azure-native:keyvault:Secret::endpoint",
  type: "azure-native:keyvault:Secret",
  id: "/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v/secrets/cosmos-endpoint",
  inputs: {
    resourceGroupName: "g",
    vaultName: "v",
    secretName: "cosmos-endpoint",
    properties: { value: "https://Canary-before", contentType: "text/plain" },
  },
  secretPaths: [["properties", "value"]],
  outputs: outputsOf("1111"),
};

function changesTo(version: string) {
  const body = { properties: { ...outputsOf(version).properties, contentType: "text/plain" } };
  return compareAzure(recorded, azureType(recorded)!, { id: recorded.id, body, outputs: outputsOf(version) });
}

describe("a secret of a vault, whose value Azure never gives back", () => {
  it("is the same while its version is the recorded one", () => {
    assert.deepEqual(changesTo("1111"), []);
  });

  it("was written again when its version is another, as after a restore, and no value is shown", () => {
    assert.deepEqual(changesTo("2222"), [{ path: "properties.value", kind: "update", withheld: "secret" }]);
  });
});

describe("numbers that an autoscaler decides", () => {
  const found = (resource: RecordedResource, body: Record<string, unknown>, scaled?: ReadonlySet<string>) =>
    compareAzure(resource, azureType(resource)!, { id: resource.id, body, outputs: {} }, scaled).map(
      ({ path }) => path,
    );
  const plan = recordedOf("web:AppServicePlan", "Microsoft.Web/serverfarms/p", {
    name: "p",
    sku: { name: "P1v3", capacity: 3 },
  });
  const autoscale = (enabled: boolean) =>
    scaledResources([
      recordedOf("monitor:AutoscaleSetting", "Microsoft.Insights/autoscaleSettings/a", {
        enabled,
        targetResourceUri: plan.id.replace("resourceGroups", "resourcegroups"),
      }),
    ]);

  it("are no drift of a plan that a setting of the stack scales, and drift of any other", () => {
    const grown = { sku: { name: "P1v3", capacity: 7 } };
    assert.deepEqual(found(plan, grown, autoscale(true)), []);
    assert.deepEqual(found(plan, grown, autoscale(false)), ["sku.capacity"]);
    assert.deepEqual(found(plan, grown), ["sku.capacity"]);
    assert.deepEqual(found(plan, { sku: { name: "P2v3", capacity: 7 } }, autoscale(true)), ["sku.name"]);
  });

  it("are no drift of nodes, and neither is a pool that is a resource of its own", () => {
    const system = { name: "system", count: 3, minCount: 3, maxCount: 5, enableAutoScaling: true };
    const work = { ...system, name: "work" };
    const id = "Microsoft.ContainerService/managedClusters/c";
    const cluster = recordedOf("containerservice:ManagedCluster", id, {
      resourceName: "c",
      agentPoolProfiles: [system],
    });
    const pools = (...agentPoolProfiles: unknown[]) => ({ properties: { agentPoolProfiles } });
    assert.deepEqual(found(cluster, pools({ ...work, count: 9 }, { ...system, count: 4 })), []);
    assert.deepEqual(found(cluster, pools({ ...system, maxCount: 9 })), ["agentPoolProfiles[0].maxCount"]);
    const pool = recordedOf("containerservice:AgentPool", `${id}/agentPools/work`, {
      resourceName: "c",
      agentPoolName: "work",
      count: 3,
      minCount: 3,
      enableAutoScaling: true,
    });
    const live = { count: 8, minCount: 3, enableAutoScaling: true };
    assert.deepEqual(found(pool, { properties: live }), []);
    assert.deepEqual(found(pool, { properties: { ...live, minCount: 1 } }), ["minCount"]);
    const fixed = { ...pool, inputs: { ...pool.inputs, enableAutoScaling: false } };
    assert.deepEqual(found(fixed, { properties: { ...live, enableAutoScaling: false } }), ["count"]);
  });
});
