const registries = "Microsoft.ContainerRegistry/registries";
const clusters = "Microsoft.ContainerService/managedClusters";
const zones = "Microsoft.Network/dnszones";
const dashboards = "Microsoft.Dashboard/grafana";
const identities = "Microsoft.ManagedIdentity/userAssignedIdentities";
const prometheus = "Microsoft.Monitor/accounts";
const subnets = "Microsoft.Network/virtualNetworks/subnets";

/** Built-in roles by id (Microsoft Learn, "Azure built-in roles"), as far as applications and the release need them. */
export const dataRoles: ReadonlyMap<string, string> = new Map([
  ["4633458b-17de-408a-b874-0445c86b69e6", "Key Vault Secrets User"],
  ["2a2b9908-6ea1-4ae2-8e65-a410df84e7d1", "Storage Blob Data Reader"],
  ["ba92f5b4-2d11-453d-a403-e96b0029c9fe", "Storage Blob Data Contributor"],
  ["b7e6dc6d-f1e8-4753-8033-0f276bb0955b", "Storage Blob Data Owner"],
  ["974c5e8b-45b9-4653-ba55-5f855dd0fb88", "Storage Queue Data Contributor"],
  ["0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3", "Storage Table Data Contributor"],
  ["3913510d-42f4-4e42-8a64-420c390055eb", "Monitoring Metrics Publisher"],
]);

/** Roles that may be given on a resource group too: they only read, and no data. */
export const readingRoles: ReadonlyMap<string, string> = new Map([
  ["43d0d8ad-25c7-4714-9337-8ba259a9fe05", "Monitoring Reader"],
  ["73c42c96-874c-492b-b04d-ab87d138a893", "Log Analytics Reader"],
]);

/**
 * Roles of what systems share, with the one ARM type that each may be given on: the same role on anything wider would
 * hand over more than the cluster, its edge or its dashboards.
 */
export const rolesOnOneType: ReadonlyMap<string, { readonly name: string; readonly armType: string }> =
  new Map([
    ["7f951dda-4ed3-4680-a7ca-43fe172d538d", { name: "AcrPull", armType: registries }],
    ["4abbcc35-e782-43d8-92c5-2d3f1bd2253f", { name: "AKS Cluster User", armType: clusters }],
    ["b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b", { name: "AKS RBAC Cluster Admin", armType: clusters }],
    ["7f6c6a51-bcf8-42ba-9220-52d62157d7db", { name: "AKS RBAC Reader", armType: clusters }],
    ["befefa01-2a29-4197-83a8-272ff33ce314", { name: "DNS Zone Contributor", armType: zones }],
    ["22926164-76b3-42b3-bc55-97df8dab3e41", { name: "Grafana Admin", armType: dashboards }],
    ["a79a5197-3a5c-4973-a920-486035ffd60f", { name: "Grafana Editor", armType: dashboards }],
    ["60921a7e-fef1-4a43-9b16-a26c52ad4769", { name: "Grafana Viewer", armType: dashboards }],
    ["f1a07417-d97a-45cb-824c-7a7467783830", { name: "Managed Identity Operator", armType: identities }],
    ["b0d8363b-8ddd-447d-831f-62ca05bff136", { name: "Monitoring Data Reader", armType: prometheus }],
    ["4d97b98b-1d4f-4787-a291-c67834d212e7", { name: "Network Contributor", armType: subnets }],
  ]);

/** Id at the end of a role definition's ARM id. */
export function roleIdOf(roleDefinitionId: string): string {
  return roleDefinitionId.slice(roleDefinitionId.lastIndexOf("/") + 1).toLowerCase();
}
