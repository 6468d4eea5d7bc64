import type { Environment } from "../../../runbooks/model";
import type { FixtureResource } from "./fixture";

/** The fixture is written with production's names; other environments derive theirs (conflicts 22). */
export function inEnvironment(stack: FixtureResource[], environment: Environment): FixtureResource[] {
  if (environment === "production") return stack;
  const renamed = JSON.stringify(stack)
    .replaceAll(/kirana-prod-rg/g, `kirana-${environment}-rg`)
    .replaceAll(/(kirana-(?:cosmosdb|keyvault|app-insights|plan|net|logs|all))-prod/g, `$1-${environment}`)
    .replaceAll(
      /kirana-functions(?=[/"])/g,
      environment === "staging" ? "kirana-api-staging" : "kirana-functions-dev",
    );
  const resources = JSON.parse(renamed) as FixtureResource[];
  return environment === "staging" ? [...resources, ...stagingRoles(resources)] : resources;
}

/** The slot's roles and the developers' on the data, beside the site's: staging's database is shared. */
function stagingRoles(resources: readonly FixtureResource[]): readonly FixtureResource[] {
  const as = (key: string, who: "slot" | "developers"): FixtureResource => {
    const role = resources.find((resource) => resource.key === key)!;
    const principalId = stagingPrincipals[who];
    return { ...role, key: `${key}-${who}`, props: { ...role.props, principalId } };
  };
  return [as("cosmos-role", "slot"), as("role-vault", "slot"), as("cosmos-role", "developers")];
}

export const stagingPrincipals = {
  site: "11111111-0000-4000-8000-000000000001",
  slot: "11111111-0000-4000-8000-000000000004",
  developers: "11111111-0000-4000-8000-000000000010",
} as const;
