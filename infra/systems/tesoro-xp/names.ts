import { tesoroXp as contract } from "../../../runbooks/tesoro-xp";
import type { TesoroSettings } from "../../config/tesoro-settings";
import { globalName, localName, type NameScope, runbookName } from "../../naming";

/** Names of everything in the system, known before anything exists. */
export interface TesoroNames {
  readonly resourceGroup: string;
  readonly workspace: string;
  readonly applicationInsights: string;
  readonly virtualNetwork: string;
  readonly subnets: { readonly apps: string; readonly endpoints: string; readonly tasks: string };
  readonly securityGroup: string;
  readonly vault: string;
  readonly storageAccount: string;
  readonly sqlServer: string;
  readonly sqlDatabase: string;
  readonly sqlEndpoint: string;
  readonly taskEnvironment: string;
  readonly job: (task: string) => string;
  readonly taskIdentity: (task: string) => string;
  readonly plan: string;
  readonly autoscale: string;
  readonly webApp: string;
  readonly slot: string;
  readonly actionGroups: { readonly pagerDuty: string; readonly slack: string; readonly mail: string };
  readonly slackRelay: string;
  readonly serviceHealth: string;
  readonly budget: string;
  readonly alert: (kind: "alertRule" | "webTest", alert: string) => string;
}

export function tesoroNames(
  scope: NameScope,
  { appSuffix, vaultName }: Pick<TesoroSettings, "appSuffix" | "vaultName">,
): TesoroNames {
  const { names, webApp, serviceHealth } = contract;
  return {
    resourceGroup: runbookName("resourceGroup", names.resourceGroup, scope),
    workspace: localName("workspace", "tesoro-logs", scope),
    applicationInsights: runbookName("applicationInsights", names.applicationInsights, scope),
    virtualNetwork: localName("virtualNetwork", "tesoro-network", scope),
    subnets: { apps: "apps", endpoints: "endpoints", tasks: "tasks" },
    securityGroup: localName("networkSecurityGroup", "tesoro-endpoints", scope),
    vault: vaultName ?? runbookName("vault", names.vault, scope),
    storageAccount: storageAccountName(scope),
    sqlServer: runbookName("sqlServer", names.sqlServer, scope),
    sqlDatabase: runbookName("sqlDatabase", names.sqlDatabase, scope),
    sqlEndpoint: localName("privateEndpoint", "tesoro-database", scope),
    taskEnvironment: localName("containerEnvironment", "tesoro-tasks", scope),
    job: (task) => localName("containerJob", `tesoro-${task}`, scope),
    taskIdentity: (task) => localName("identity", `tesoro-${task}`, scope),
    plan: localName("plan", "tesoro-plan", scope),
    autoscale: localName("autoscale", "tesoro-autoscale", scope),
    webApp: runbookName("webApp", `${names.webApp}-${appSuffix}`, scope),
    slot: webApp.slot,
    actionGroups: {
      pagerDuty: localName("actionGroup", "tesoro-page", scope),
      slack: localName("actionGroup", "tesoro-chat", scope),
      mail: localName("actionGroup", "tesoro-mail", scope),
    },
    slackRelay: localName("workflow", "tesoro-slack-relay", scope),
    serviceHealth: localName("alertRule", `tesoro-${serviceHealth.name}`, scope),
    budget: localName("budget", "tesoro-budget", scope),
    alert: (kind, alert) => localName(kind, `tesoro-${alert}`, scope),
  };
}

/** The runbook's name has no word to replace by the environment; another stack's must be nobody else's in all of Azure. */
function storageAccountName(scope: NameScope): string {
  const asWritten = scope.environment === "production" && !scope.suffix;
  return asWritten
    ? runbookName("storageAccount", contract.names.storageAccount, scope)
    : globalName("storageAccount", "tesorost", scope);
}

/** Host that Azure gives the app or its slot (conflicts 37: the runbook's own host is nobody's). */
export function azureHosts({ webApp, slot }: TesoroNames) {
  return {
    site: `${webApp}.azurewebsites.net`,
    slot: `${webApp}-${slot}.azurewebsites.net`,
  } as const;
}
