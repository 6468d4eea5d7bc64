import assert from "node:assert/strict";
import { azureType, compareAzure } from "../../../cli/drift/compare-azure";
import { providers as group, recordedOf } from "./recorded";

/** Paths that differ between recorded inputs and an answer as Azure's REST reference shows it. */
function differences(
  token: string,
  id: string,
  inputs: Record<string, unknown>,
  body: Record<string, unknown>,
) {
  const resource = recordedOf(token, id, inputs);
  return compareAzure(resource, azureType(resource)!, { id: resource.id, body, outputs: {} }).map(
    ({ path }) => path,
  );
}

describe("answers of Azure, whose names are not the SDK's", () => {
  it("are compared by the rules of a storage account's firewall", () => {
    const inputs = {
      accountName: "a",
      networkRuleSet: {
        defaultAction: "Deny",
        ipRules: [{ iPAddressOrRange: "203.0.113.7", action: "Allow" }],
        virtualNetworkRules: [
          { virtualNetworkResourceId: `${group}/Microsoft.Network/virtualNetworks/v`, action: "Allow" },
        ],
      },
    };
    const answer = (value: string) => ({
      properties: {
        networkAcls: {
          defaultAction: "Deny",
          ipRules: [{ value, action: "Allow" }],
          virtualNetworkRules: [
            { id: `${group}/microsoft.network/virtualnetworks/v`, action: "Allow", state: "Succeeded" },
          ],
        },
      },
    });
    const of = (value: string) =>
      differences("storage:StorageAccount", "Microsoft.Storage/storageAccounts/a", inputs, answer(value));
    assert.deepEqual(of("203.0.113.7"), []);
    assert.deepEqual(of("198.51.100.1"), ["networkRuleSet.ipRules[0].iPAddressOrRange"]);
  });

  it("are compared by an availability test's request and places", () => {
    const inputs = {
      webTestName: "t",
      locations: [{ location: "emea-nl-ams-azr" }],
      request: { requestUrl: "https://api.kirana.io/health", followRedirects: false },
      validationRules: { sSLCheck: true, contentValidation: { contentMatch: "healthy" } },
    };
    const answer = (url: string) => ({
      properties: {
        Locations: [{ Id: "emea-nl-ams-azr" }],
        Request: { RequestUrl: url, FollowRedirects: false },
        ValidationRules: { SSLCheck: true, ContentValidation: { ContentMatch: "healthy" } },
      },
    });
    const of = (url: string) =>
      differences("applicationinsights:WebTest", "Microsoft.Insights/webtests/t", inputs, answer(url));
    assert.deepEqual(of("https://api.kirana.io/health"), []);
    assert.deepEqual(of("https://elsewhere.invalid/"), ["request.requestUrl"]);
  });

  it("are compared by what lies in the properties of an element", () => {
    const rule = { name: "deny", priority: 4096, access: "Deny" };
    const of = (access: string) =>
      differences(
        "network:NetworkSecurityGroup",
        "Microsoft.Network/networkSecurityGroups/n",
        { networkSecurityGroupName: "n", securityRules: [rule] },
        {
          properties: {
            securityRules: [{ name: "deny", etag: "W", properties: { priority: 4096, access } }],
          },
        },
      );
    assert.deepEqual(of("Deny"), []);
    assert.deepEqual(of("Allow"), ["securityRules[0].access"]);
    const endpoint = `${group}/Microsoft.Network/privateEndpoints/e`;
    assert.deepEqual(
      differences(
        "network:PrivateEndpoint",
        "Microsoft.Network/privateEndpoints/e",
        {
          privateEndpointName: "e",
          privateLinkServiceConnections: [
            { name: "sql", privateLinkServiceId: endpoint, groupIds: ["sqlServer"] },
          ],
        },
        {
          properties: {
            privateLinkServiceConnections: [
              { name: "sql", properties: { privateLinkServiceId: endpoint, groupIds: ["sqlServer"] } },
            ],
          },
        },
      ),
      [],
    );
  });

  it("are compared by the kind of a metric's criteria", () => {
    const odataType = "Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria";
    const criterion = { name: "cpu", metricName: "CpuPercentage", threshold: 80 };
    const of = (threshold: number) =>
      differences(
        "monitor:MetricAlert",
        "Microsoft.Insights/metricAlerts/m",
        { ruleName: "m", criteria: { odataType, allOf: [criterion] } },
        { properties: { criteria: { "odata.type": odataType, allOf: [{ ...criterion, threshold }] } } },
      );
    assert.deepEqual(of(80), []);
    assert.deepEqual(of(90), ["criteria.allOf[0].threshold"]);
  });

  it("leave to Azure what the SDK sends empty: the zone of a database", () => {
    const inputs = {
      serverName: "s",
      availabilityZone: "",
      highAvailability: { mode: "ZoneRedundant", standbyAvailabilityZone: "" },
    };
    const of = (mode: string) =>
      differences("dbforpostgresql:Server", "Microsoft.DBforPostgreSQL/flexibleServers/s", inputs, {
        properties: { availabilityZone: "2", highAvailability: { mode, standbyAvailabilityZone: "3" } },
      });
    assert.deepEqual(of("ZoneRedundant"), []);
    assert.deepEqual(of("Disabled"), ["highAvailability.mode"]);
  });

  it("leave to Azure which patch of a declared minor version a cluster runs", () => {
    const of = (kubernetesVersion: string) =>
      differences(
        "containerservice:ManagedCluster",
        "Microsoft.ContainerService/managedClusters/c",
        { resourceName: "c", kubernetesVersion: "1.33" },
        { properties: { kubernetesVersion } },
      );
    assert.deepEqual([of("1.33"), of("1.33.5")], [[], []]);
    assert.deepEqual(of("1.34.1"), ["kubernetesVersion"]);
    assert.deepEqual(of("1.3"), ["kubernetesVersion"]);
  });
});
