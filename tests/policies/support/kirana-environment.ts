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
  return environment === "staging" ? [...resources, ...developersRoles(resources)] : resources;
}

/** The slot's and the developers' role on the data, beside the site's: staging's database is shared. */
function developersRoles(resources: readonly FixtureResource[]): readonly FixtureResource[] {
  const role = resources.find(({ key }) => key === "cosmos-role")!;
  return ["slot", "developers"].map((who) => ({
    ...role,
    key: `cosmos-role-${who}`,
    props: { ...role.props, principalId: `11111111-0000-4000-8000-00000000000${who.length}` },
  }));
}
