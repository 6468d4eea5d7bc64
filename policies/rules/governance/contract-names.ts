import type { Environment } from "../../../runbooks/model";
import { azure } from "../../azure/types";
import { judgeEach } from "../../decide";
import { describe, requiredText } from "../../read";
import type { SystemView } from "../../stack-view";
import { systemsRule } from "../../system-rule";
import { kirana, type SystemContract, tesoro } from "../../systems";
import { type Finding, violation } from "../../verdict";

/** A name that the runbook writes for production, and the form that other environments derive from it (conflicts 22). */
interface NamedPart {
  readonly type: string;
  readonly what: string;
  /** Input that holds the name. */
  readonly property: string;
  readonly production: string;
  /** Absent: names of other environments are not the runbook's. */
  readonly elsewhere?: Partial<Readonly<Record<Environment, string>>>;
  /** Whether the owner's suffix follows, after a hyphen. */
  readonly suffixed?: true;
  /** Whether it is for this rule to say that none is there: no other asks for one. */
  readonly needed?: true;
}

interface NamedSystem {
  readonly system: SystemContract;
  readonly parts: readonly NamedPart[];
}

const { names: kiranaNames } = kirana.contract;
const { names: tesoroNames } = tesoro.contract;

/** The production name with another environment in its place. */
function withEnvironment(name: string, inProduction: string): NonNullable<NamedPart["elsewhere"]> {
  return { staging: name.replace(inProduction, "staging"), dev: name.replace(inProduction, "dev") };
}

function kiranaPart(
  type: string,
  what: string,
  property: string,
  name: string,
  elsewhere?: NamedPart["elsewhere"],
): NamedPart {
  return { type, what, property, production: name, elsewhere: elsewhere ?? withEnvironment(name, "prod") };
}

function tesoroPart(type: string, what: string, property: string, name: string): NamedPart {
  return { type, what, property, production: name, elsewhere: withEnvironment(name, "production") };
}

const namedSystems: readonly NamedSystem[] = [
  {
    system: kirana,
    parts: [
      {
        ...kiranaPart(azure.resourceGroup, "resource group", "resourceGroupName", kiranaNames.resourceGroup),
        needed: true,
      },
      kiranaPart(azure.cosmosAccount, "Cosmos DB account", "accountName", kiranaNames.cosmosAccount),
      kiranaPart(azure.cosmosDatabase, "database", "databaseName", kirana.contract.cosmos.database, {
        staging: kirana.contract.cosmos.database,
        dev: kirana.contract.cosmos.database,
      }),
      kiranaPart(azure.vault, "key vault", "vaultName", kiranaNames.vault),
      kiranaPart(
        azure.applicationInsights,
        "Application Insights component",
        "resourceName",
        kiranaNames.applicationInsights,
      ),
      kiranaPart(azure.site, "function app", "name", kiranaNames.functionApp, {
        staging: kiranaNames.stagingFunctionApp,
      }),
      kiranaPart(azure.staticSite, "static web app", "name", kiranaNames.staticSite, {}),
    ],
  },
  {
    system: tesoro,
    parts: [
      {
        ...tesoroPart(azure.resourceGroup, "resource group", "resourceGroupName", tesoroNames.resourceGroup),
        needed: true,
      },
      { ...tesoroPart(azure.site, "web app", "name", tesoroNames.webApp), suffixed: true },
      tesoroPart(azure.sqlServer, "SQL server", "serverName", tesoroNames.sqlServer),
      tesoroPart(azure.sqlDatabase, "SQL database", "databaseName", tesoroNames.sqlDatabase),
      {
        type: azure.storageAccount,
        what: "storage account",
        property: "accountName",
        production: tesoroNames.storageAccount,
      },
      {
        type: azure.blobContainer,
        needed: true,
        what: "blob container",
        property: "containerName",
        production: tesoro.contract.backups.container,
        elsewhere: { staging: tesoro.contract.backups.container, dev: tesoro.contract.backups.container },
      },
      tesoroPart(azure.vault, "key vault", "vaultName", tesoroNames.vault),
      tesoroPart(
        azure.applicationInsights,
        "Application Insights component",
        "resourceName",
        tesoroNames.applicationInsights,
      ),
    ],
  },
];

/** Types of the parts that lie in the resource group. */
const grouped = (parts: readonly NamedPart[]) =>
  new Set(parts.map(({ type }) => type).filter((type) => type !== azure.resourceGroup));

export const contractNames = systemsRule({
  name: "contract-names",
  topic: "governance",
  displayName: "What the runbook calls by a name has it",
  description:
    "Resources that the runbook names have its names, and are in its resource group; other environments put their own in place of production's.",
  severity: "high",
  ids: [
    "KIR-007",
    "KIR-008",
    "KIR-028",
    "KIR-031",
    "KIR-036",
    "KIR-065",
    "KIR-081",
    "TES-004",
    "TES-025",
    "TES-029",
    "TES-048",
    "TES-049",
    "TES-059",
  ],
  conflicts: [20, 21, 22, 23, 37],
  remediationSteps: "Take the name from the contract's names; a new name is a change of the runbook.",
  systems: namedSystems,
  findings: (system, { parts }) => [
    ...judgeEach(
      parts,
      () => system.urn,
      (part) => judgeName(system, part),
    ),
    ...judgeGroup(system, parts),
  ],
});

function judgeName(system: SystemView, part: NamedPart): readonly Finding[] {
  const { type, what, property, suffixed, needed } = part;
  const wanted = system.environment === "production" ? part.production : part.elsewhere?.[system.environment];
  if (wanted === undefined) return [];
  const declared = system.ofType(type);
  const fits = (name: string) => (suffixed ? name.startsWith(`${wanted}-`) : name === wanted);
  const found = declared.map((resource) => requiredText(resource, property));
  if (found.some(fits)) return [];
  const says = suffixed ? `${wanted}-<suffix>` : wanted;
  const [first] = declared;
  if (!first) return needed ? [violation(system.urn, `no ${what} ${says} is declared`)] : [];
  return [violation(first.urn, `${property} must be ${says}, found ${describe(found[0])}`)];
}

function judgeGroup(system: SystemView, parts: readonly NamedPart[]): readonly Finding[] {
  const [group] = system.ofType(azure.resourceGroup);
  if (!group) return [];
  const name = requiredText(group, "resourceGroupName");
  return judgeEach(
    system.ofType(...grouped(parts)),
    ({ urn }) => urn,
    (resource) => {
      const found = requiredText(resource, "resourceGroupName");
      if (found === name) return [];
      return [violation(resource.urn, `resourceGroupName must be ${name}, found ${describe(found)}`)];
    },
  );
}
