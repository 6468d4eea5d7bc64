import assert from "node:assert/strict";
import { azureType, compareAzure } from "../../../cli/drift/compare-azure";

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
