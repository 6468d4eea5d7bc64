/**
 * ARM ids computed from names. An id read from a resource's output is unknown until the resource exists, and a policy
 * cannot decide on it in preview; a computed one is known from the start. Order then comes from `dependsOn`.
 */
export interface ArmScope {
  readonly subscriptionId: string;
  readonly resourceGroupName: string;
}

/** A resource by the last part of its id, and by the id. */
export interface NamedResource {
  readonly name: string;
  readonly id: string;
}

export function subscriptionScope(subscriptionId: string): string {
  return `/subscriptions/${subscriptionId}`;
}

export function resourceGroupId({ subscriptionId, resourceGroupName }: ArmScope): string {
  return `${subscriptionScope(subscriptionId)}/resourceGroups/${resourceGroupName}`;
}

/**
 * @param type ARM type with its segments, such as `Microsoft.Web/sites/slots`.
 * @param names One name per segment after the provider.
 * @throws Error when the numbers differ.
 */
export function armId(scope: ArmScope, type: string, ...names: readonly string[]): string {
  const [provider, ...segments] = type.split("/");
  if (segments.length !== names.length) {
    throw new Error(`${type} takes ${segments.length} names, got ${names.length}`);
  }
  const path = segments.map((segment, index) => `${segment}/${names[index]}`).join("/");
  return `${resourceGroupId(scope)}/providers/${provider}/${path}`;
}

/** Id of Defender's score of the whole subscription. */
export function secureScoreId(subscriptionId: string): string {
  return `${subscriptionScope(subscriptionId)}/providers/Microsoft.Security/secureScores/ascScore`;
}

/** Id of a role of Azure's own, by its GUID. */
export function roleDefinitionId(subscriptionId: string, roleGuid: string): string {
  return `${subscriptionScope(subscriptionId)}/providers/Microsoft.Authorization/roleDefinitions/${roleGuid}`;
}
