import { requiredText } from "../read";
import type { DeclaredResource } from "../resource";
import { azure } from "./types";

/** Where a resource's id comes from: its ARM type, and the inputs that hold its names. */
interface IdShape {
  readonly armType: string;
  readonly names: readonly string[];
}

const shapes: ReadonlyMap<string, IdShape> = new Map([
  [azure.workspace, { armType: "Microsoft.OperationalInsights/workspaces", names: ["workspaceName"] }],
  [azure.applicationInsights, { armType: "Microsoft.Insights/components", names: ["resourceName"] }],
  [azure.webTest, { armType: "Microsoft.Insights/webtests", names: ["webTestName"] }],
  [azure.actionGroup, { armType: "Microsoft.Insights/actionGroups", names: ["actionGroupName"] }],
  [azure.cosmosAccount, { armType: "Microsoft.DocumentDB/databaseAccounts", names: ["accountName"] }],
  [azure.vault, { armType: "Microsoft.KeyVault/vaults", names: ["vaultName"] }],
  [azure.storageAccount, { armType: "Microsoft.Storage/storageAccounts", names: ["accountName"] }],
  [azure.plan, { armType: "Microsoft.Web/serverfarms", names: ["name"] }],
  [azure.site, { armType: "Microsoft.Web/sites", names: ["name"] }],
  [azure.postgresServer, { armType: "Microsoft.DBforPostgreSQL/flexibleServers", names: ["serverName"] }],
  [azure.sqlServer, { armType: "Microsoft.Sql/servers", names: ["serverName"] }],
  [azure.sqlDatabase, { armType: "Microsoft.Sql/servers/databases", names: ["serverName", "databaseName"] }],
  [azure.mongoCluster, { armType: "Microsoft.DocumentDB/mongoClusters", names: ["mongoClusterName"] }],
  [azure.containerRegistry, { armType: "Microsoft.ContainerRegistry/registries", names: ["registryName"] }],
  [azure.cluster, { armType: "Microsoft.ContainerService/managedClusters", names: ["resourceName"] }],
  [
    azure.prometheusWorkspace,
    { armType: "Microsoft.Monitor/accounts", names: ["azureMonitorWorkspaceName"] },
  ],
  [
    azure.firewallPolicy,
    { armType: "Microsoft.Network/frontDoorWebApplicationFirewallPolicies", names: ["policyName"] },
  ],
  [azure.edgeProfile, { armType: "Microsoft.Cdn/profiles", names: ["profileName"] }],
  [
    azure.edgeEndpoint,
    { armType: "Microsoft.Cdn/profiles/afdEndpoints", names: ["profileName", "endpointName"] },
  ],
  [
    azure.edgeDomain,
    { armType: "Microsoft.Cdn/profiles/customDomains", names: ["profileName", "customDomainName"] },
  ],
  [azure.taskEnvironment, { armType: "Microsoft.App/managedEnvironments", names: ["environmentName"] }],
  [azure.slot, { armType: "Microsoft.Web/sites/slots", names: ["name", "slot"] }],
]);

/**
 * Id of a resource as far as a program can know it: from the resource group on, in lower case (Azure compares ids
 * without regard to case, and the subscription is the stack's). Names are read from the inputs.
 * @throws AbsentValueError, UnknownValueError when a name is not declared or not known
 */
export function armIdOf(resource: DeclaredResource): string {
  const shape = shapes.get(resource.type);
  if (!shape) throw new Error(`no id shape for ${resource.type}`);
  const [provider, ...types] = shape.armType.split("/");
  const path = types.map((type, index) => `${type}/${nameAt(resource, shape.names[index]!)}`).join("/");
  return `/resourcegroups/${requiredText(resource, "resourceGroupName")}/providers/${provider}/${path}`.toLowerCase();
}

/** The same form of an id that another resource refers to. */
export function comparableId(id: string): string {
  return id
    .replace(/^\/subscriptions\/[^/]+/i, "")
    .replace(/\/$/, "")
    .toLowerCase();
}

/** ARM type of a comparable id: `microsoft.network/virtualnetworks/subnets`; empty for anything but a resource. */
export function armTypeOf(id: string): string {
  const [, provider, rest] = /\/providers\/([^/]+)\/(.+)$/.exec(id) ?? [];
  if (provider === undefined || rest === undefined) return "";
  return [provider, ...rest.split("/").filter((_part, index) => index % 2 === 0)].join("/").toLowerCase();
}

/** A slot's name may be declared as `site/slot`. */
function nameAt(resource: DeclaredResource, property: string): string {
  const name = requiredText(resource, property);
  return property === "slot" ? name.slice(name.lastIndexOf("/") + 1) : name;
}
