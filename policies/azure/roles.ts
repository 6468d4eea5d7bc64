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

/** Id at the end of a role definition's ARM id. */
export function roleIdOf(roleDefinitionId: string): string {
  return roleDefinitionId.slice(roleDefinitionId.lastIndexOf("/") + 1).toLowerCase();
}
