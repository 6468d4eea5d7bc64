import assert from "node:assert/strict";
import { invokes } from "../../../local/cloud/resource-types";
import { cluster, type Inputs, redis, rules, server } from "./cluster-inputs";
import { type Answer, GROUP, TestCloud } from "./support";

describe("the local cloud with a cluster and what stands on it", () => {
  const at = (type: string, name: string) => `${GROUP}/providers/${type}/${name}`;
  const CLUSTER = at("Microsoft.ContainerService/managedClusters", "cluster-one");
  const PROFILE = at("Microsoft.Cdn/profiles", "edge");
  const SERVER = at("Microsoft.DBforPostgreSQL/flexibleServers", "server-one");
  const NETWORK = at("Microsoft.Network/virtualNetworks", "net");
  const CACHE = at("Microsoft.Cache/redisEnterprise", "cache-one");
  let cloud: TestCloud;
  beforeEach(async () => {
    cloud = await TestCloud.create();
    await cloud.put(GROUP, { location: "westus2" });
  });
  afterEach(() => cloud.remove());

  const refused = async (id: string, body: unknown, status: number, text: RegExp) => {
    const answer: Answer = await cloud.call("PUT", id, body);
    assert.equal(answer.status, status, JSON.stringify(answer.body));
    assert.match(answer.body.error.message, text);
  };
  const inId = ["resourceGroupName", "resourceName", "serverName", "clusterName"];
  const bodyOf = ({ location, identity, sku, ...rest }: Inputs) => {
    const properties = Object.fromEntries(Object.entries(rest).filter(([name]) => !inId.includes(name)));
    return { location, identity, sku, properties };
  };

  it("gives a cluster its issuer, its kubelet identity and a kubeconfig without a secret", async () => {
    await cloud.put(CLUSTER, bodyOf(cluster));
    const { properties } = (await cloud.get(CLUSTER)).body;
    assert.match(properties.oidcIssuerProfile.issuerURL, /^https:\/\/westus2\.oic\.prod-aks\.azure\.com\//);
    assert.ok(properties.identityProfile.kubeletidentity.objectId);
    const answer = await cloud.call("POST", `${CLUSTER}/listClusterUserCredential`);
    const config = JSON.parse(Buffer.from(answer.body.kubeconfigs[0].value, "base64").toString());
    assert.equal(config.users[0].user.exec.command, "kubelogin");
    assert.ok(!JSON.stringify(config).includes("token"));
    const without = bodyOf({ ...cluster, aadProfile: undefined, disableLocalAccounts: false });
    await refused(CLUSTER, without, 400, /Microsoft Entra integration/);
  });

  it("names an invoke for the kubeconfig and for a cache's keys, both secret", () => {
    for (const name of [
      "containerservice:listManagedClusterUserCredentials",
      "redisenterprise:listDatabaseKeys",
    ]) {
      const invoke = invokes[`azure-native:${name}`];
      assert.ok(invoke?.kind === "action" && invoke.secret.length > 0, name);
    }
  });

  it("gives keys of a cache only where access keys are on", async () => {
    await cloud.put(CACHE, bodyOf(redis));
    const keysWith = async (accessKeysAuthentication: string) => {
      await cloud.put(`${CACHE}/databases/default`, { properties: { accessKeysAuthentication } });
      return (await cloud.call("POST", `${CACHE}/databases/default/listKeys`)).body;
    };
    assert.deepEqual(await keysWith("Disabled"), {});
    assert.ok((await keysWith("Enabled")).primaryKey);
  });

  it("refuses a route whose group has no origin, and a second one of the same host and pattern", async () => {
    await cloud.put(PROFILE, { location: "Global", sku: { name: "Premium_AzureFrontDoor" } });
    await cloud.put(`${PROFILE}/afdEndpoints/e`, { location: "Global" });
    await cloud.put(`${PROFILE}/originGroups/g`, {});
    const route = {
      properties: {
        originGroup: { id: `${PROFILE}/originGroups/g` },
        patternsToMatch: ["/*"],
        linkToDefaultDomain: "Enabled",
      },
    };
    await refused(`${PROFILE}/afdEndpoints/e/routes/a`, route, 400, /has no enabled origin/);
    await cloud.put(`${PROFILE}/originGroups/g/origins/o`, { properties: { hostName: "a.test" } });
    await cloud.put(`${PROFILE}/afdEndpoints/e/routes/a`, route);
    await refused(`${PROFILE}/afdEndpoints/e/routes/b`, route, 409, /are those of/);
  });

  it("refuses a private origin beside a public one, and on a standard profile", async () => {
    const link = {
      hostName: "a.test",
      sharedPrivateLinkResource: {
        privateLink: { id: "/l" },
        privateLinkLocation: "westus2",
        requestMessage: "hello",
      },
    };
    await cloud.put(PROFILE, { location: "Global", sku: { name: "Premium_AzureFrontDoor" } });
    await cloud.put(`${PROFILE}/originGroups/g`, {});
    await cloud.put(`${PROFILE}/originGroups/g/origins/o`, { properties: { hostName: "a.test" } });
    await refused(`${PROFILE}/originGroups/g/origins/p`, { properties: link }, 400, /not both/);
    const standard = at("Microsoft.Cdn/profiles", "standard");
    await cloud.put(standard, { location: "Global", sku: { name: "Standard_AzureFrontDoor" } });
    await cloud.put(`${standard}/originGroups/g`, {});
    await refused(
      `${standard}/originGroups/g/origins/o`,
      { properties: link },
      400,
      /Premium_AzureFrontDoor/,
    );
  });

  it("refuses a firewall of another sku than the profile's, and a domain in two policies", async () => {
    const wafId = at("Microsoft.Network/FrontDoorWebApplicationFirewallPolicies", "waf");
    await cloud.put(PROFILE, { location: "Global", sku: { name: "Premium_AzureFrontDoor" } });
    await cloud.put(`${PROFILE}/afdEndpoints/e`, { location: "Global" });
    const policy = {
      properties: {
        parameters: {
          type: "WebApplicationFirewall",
          wafPolicy: { id: wafId },
          associations: [{ domains: [{ id: `${PROFILE}/afdEndpoints/e` }], patternsToMatch: ["/*"] }],
        },
      },
    };
    await refused(`${PROFILE}/securityPolicies/a`, policy, 400, /does not exist/);
    await cloud.put(wafId, { location: "Global", sku: { name: "Standard_AzureFrontDoor" }, properties: {} });
    await refused(`${PROFILE}/securityPolicies/a`, policy, 400, /both must be the same/);
    await cloud.delete(wafId);
    await cloud.put(wafId, { location: "Global", sku: { name: "Premium_AzureFrontDoor" }, properties: {} });
    await cloud.put(`${PROFILE}/securityPolicies/a`, policy);
    await refused(`${PROFILE}/securityPolicies/b`, policy, 400, /in .* already/);
  });

  it("refuses an Entra administrator while Entra is off, a smaller disk, and a change of geo backup", async () => {
    await cloud.put(SERVER, bodyOf(server));
    const administrator = {
      properties: {
        principalName: "dba",
        principalType: "Group",
        tenantId: "00000000-0000-4000-8000-0000000de001",
      },
    };
    await refused(`${SERVER}/administrators/a`, administrator, 400, /not enabled/);
    await refused(SERVER, bodyOf({ ...server, storage: { storageSizeGB: 32 } }), 400, /cannot be lowered/);
    const geo = bodyOf({ ...server, backup: { geoRedundantBackup: "Enabled" } });
    await refused(SERVER, geo, 409, /geoRedundantBackup/);
  });

  it("never answers a server's password", async () => {
    await cloud.put(SERVER, bodyOf(server));
    assert.ok(!JSON.stringify((await cloud.get(SERVER)).body).includes("a-long-password"));
  });

  it("refuses a private endpoint in a delegated subnet, and one for a service that is not there", async () => {
    await cloud.put(NETWORK, {
      location: "westus2",
      properties: { addressSpace: { addressPrefixes: ["10.0.0.0/16"] } },
    });
    await cloud.put(`${NETWORK}/subnets/apps`, {
      properties: {
        addressPrefix: "10.0.0.0/24",
        delegations: [{ name: "a", serviceName: "Microsoft.Web/serverFarms" }],
      },
    });
    await cloud.put(`${NETWORK}/subnets/endpoints`, { properties: { addressPrefix: "10.0.1.0/24" } });
    const endpoint = (subnet: string) => ({
      location: "westus2",
      properties: {
        subnet: { id: `${NETWORK}/subnets/${subnet}` },
        privateLinkServiceConnections: [
          { name: "a", privateLinkServiceId: SERVER, groupIds: ["postgresqlServer"] },
        ],
      },
    });
    const id = at("Microsoft.Network/privateEndpoints", "e");
    await refused(id, endpoint("endpoints"), 400, /does not exist/);
    await cloud.put(SERVER, bodyOf(server));
    await refused(id, endpoint("apps"), 400, /delegated/);
    await cloud.put(id, endpoint("endpoints"));
  });

  it("refuses a rule group in another region than its workspace", async () => {
    const workspace = at("Microsoft.Monitor/accounts", "prometheus");
    await cloud.put(workspace, { location: "westus2" });
    const body = (location: string) => ({
      location,
      properties: { scopes: [workspace], rules: rules.rules },
    });
    const id = at("Microsoft.AlertsManagement/prometheusRuleGroups", "r");
    await refused(id, body("eastus"), 400, /one region/);
    await cloud.put(id, body("West US 2"));
  });

  it("refuses a second federated credential of the same issuer and subject", async () => {
    const identity = at("Microsoft.ManagedIdentity/userAssignedIdentities", "i");
    await cloud.put(identity, { location: "westus2" });
    const credential = {
      properties: {
        issuer: "https://issuer.test",
        subject: "system:serviceaccount:a:b",
        audiences: ["api://x"],
      },
    };
    await cloud.put(`${identity}/federatedIdentityCredentials/one`, credential);
    await refused(`${identity}/federatedIdentityCredentials/two`, credential, 409, /already exists/);
  });
});
