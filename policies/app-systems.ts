import type { Alert, AvailabilityAlert, GateLimit } from "../runbooks/model";
import { azure } from "./azure/types";
import { requiredText } from "./read";
import type { DeclaredResource } from "./resource";
import type { SystemView } from "./stack-view";
import { type CommonContract, kirana, type SystemContract, systemOfUrn, tesoro } from "./systems";

/** What a contract says of a system on App Service. */
export interface AppContract extends CommonContract {
  readonly alerts: readonly Alert[];
  readonly gateLimits: readonly GateLimit[];
}

/** Site and slot of a system, as its contract has them. */
export interface AppFacts {
  readonly slot: string;
  /** Any of them may be the health check and the path that is asked before a swap. */
  readonly healthPaths: readonly string[];
  readonly warmUpStatuses: readonly number[];
  readonly minimumTlsVersion: string;
}

/** A system on App Service, whose releases swap a slot, and whose alerts are Azure Monitor's own. */
export interface AppSystem {
  readonly system: SystemContract<AppContract>;
  readonly app: AppFacts;
  /** Resources without which the runbook's architecture is not there. */
  readonly parts: readonly { readonly type: string; readonly what: string }[];
  /** Host that a probe must ask; undefined where Azure makes it up, so that preview cannot know it. */
  probedHost(system: SystemView, probe: AvailabilityAlert["probe"]): string | undefined;
}

const commonParts = [
  { type: azure.workspace, what: "Log Analytics workspace" },
  { type: azure.applicationInsights, what: "Application Insights component" },
  { type: azure.vault, what: "key vault" },
  { type: azure.storageAccount, what: "storage account" },
  { type: azure.plan, what: "plan" },
  { type: azure.actionGroup, what: "action group" },
];

export const appSystems: readonly AppSystem[] = [
  {
    system: kirana,
    app: {
      ...kirana.contract.functionApp,
      healthPaths: [kirana.contract.functionApp.healthPath, kirana.contract.functionApp.slotHealthPath],
    },
    parts: [
      ...commonParts,
      { type: azure.cosmosAccount, what: "Cosmos DB account" },
      { type: azure.site, what: "function app" },
      { type: azure.staticSite, what: "static web app" },
    ],
    probedHost: ({ environment }, probe) =>
      environment === "production" ? kirana.contract.domains[probe] : undefined,
  },
  {
    system: tesoro,
    app: {
      ...tesoro.contract.webApp,
      healthPaths: [tesoro.contract.webApp.healthPath, tesoro.contract.webApp.apiHealthPath],
    },
    parts: [
      ...commonParts,
      { type: azure.sqlServer, what: "SQL server" },
      { type: azure.sqlDatabase, what: "SQL database" },
      { type: azure.site, what: "web app" },
      { type: azure.autoscaleSetting, what: "autoscale setting" },
      { type: azure.activityLogAlert, what: "alert on incidents of Azure" },
    ],
    // Known in every environment: the app has no other host than Azure's (conflicts 37).
    probedHost: (system) => {
      const [site] = system.ofType(azure.site);
      return site && `${requiredText(site, "name")}.azurewebsites.net`;
    },
  },
];

/**
 * Facts that a site, a slot or its settings are held to. What lies outside every such system is held to those of
 * kirana-inventory, so that no rule falls silent over it.
 */
export function appFactsOf({ urn }: DeclaredResource): AppFacts {
  const system = systemOfUrn(urn);
  return (appSystems.find((entry) => entry.system === system) ?? appSystems[0]!).app;
}
