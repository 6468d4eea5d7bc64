import { kiranaInventory as contract } from "../../../runbooks/kirana-inventory";
import { globalName, localName, type NameScope, runbookName } from "../../naming";

/** Names of everything in the system, known before anything exists. */
export interface KiranaNames {
  readonly resourceGroup: string;
  readonly workspace: string;
  readonly applicationInsights: string;
  readonly virtualNetwork: string;
  readonly subnet: string;
  readonly cosmosAccount: string;
  readonly vault: string;
  readonly storageAccount: string;
  readonly plan: string;
  readonly functionApp: string;
  readonly slot: string;
  readonly staticSite: string;
  readonly actionGroups: { readonly pagerDuty: string; readonly slack: string; readonly mail: string };
  readonly slackRelay: string;
  readonly budget: string;
  readonly certificate: string;
  readonly edgeProfile: string;
  readonly edgeEndpoint: string;
  readonly alert: (kind: "alertRule" | "webTest", alert: string) => string;
}

/**
 * @param vaultName Another name for the vault, where the usual one is still reserved after a deletion.
 */
export function kiranaNames(scope: NameScope, vaultName?: string): KiranaNames {
  const { names, functionApp, cdn } = contract;
  return {
    resourceGroup: runbookName("resourceGroup", names.resourceGroup, scope),
    workspace: localName("workspace", "kirana-logs", scope),
    applicationInsights: runbookName("applicationInsights", names.applicationInsights, scope),
    virtualNetwork: localName("virtualNetwork", "kirana-network", scope),
    subnet: "apps",
    cosmosAccount: runbookName("cosmosAccount", names.cosmosAccount, scope),
    vault: vaultName ?? runbookName("vault", names.vault, scope),
    storageAccount: globalName("storageAccount", "kirana", scope),
    plan: localName("plan", "kirana-plan", scope),
    functionApp: functionAppName(scope),
    slot: functionApp.slot,
    staticSite: runbookName("staticSite", names.staticSite, scope),
    actionGroups: {
      pagerDuty: localName("actionGroup", "kirana-page", scope),
      slack: localName("actionGroup", "kirana-chat", scope),
      mail: localName("actionGroup", "kirana-mail", scope),
    },
    slackRelay: localName("workflow", "kirana-slack-relay", scope),
    budget: localName("budget", "kirana-budget", scope),
    certificate: localName("certificate", "kirana-api-certificate", scope),
    edgeProfile: runbookName("edgeProfile", cdn.profile, scope),
    edgeEndpoint: runbookName("edgeEndpoint", cdn.endpoint, scope),
    alert: (kind, alert) => localName(kind, `kirana-${alert}`, scope),
  };
}

/** The staging stack's app has a name of its own; its usual one would be the host of production's slot (conflicts 23). */
function functionAppName(scope: NameScope): string {
  const { names } = contract;
  if (scope.environment !== "staging") return runbookName("functionApp", names.functionApp, scope);
  return runbookName("functionApp", names.stagingFunctionApp, { ...scope, environment: "production" });
}
