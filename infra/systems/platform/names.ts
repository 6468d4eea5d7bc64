import { globalName, localName, type NameScope } from "../../naming";

/** Names of everything in the system, known before anything exists. No runbook names them. */
export interface PlatformNames {
  readonly resourceGroup: string;
  readonly workspace: string;
  readonly applicationInsights: string;
  readonly virtualNetwork: string;
  readonly subnets: { readonly nodes: string; readonly endpoints: string; readonly edge: string };
  readonly securityGroup: (subnet: string) => string;
  readonly cluster: string;
  readonly nodeResourceGroup: string;
  readonly clusterIdentity: string;
  readonly kubeletIdentity: string;
  readonly certificateIdentity: string;
  readonly dashboardIdentity: string;
  readonly registry: string;
  readonly vault: string;
  readonly prometheus: string;
  readonly collection: (what: string) => string;
  readonly grafana: string;
  readonly edgeProfile: string;
  readonly originLink: string;
  readonly privateEndpoint: (target: string) => string;
  readonly actionGroups: { readonly pagerDuty: string; readonly slack: string; readonly mail: string };
  readonly slackRelay: string;
  readonly budget: string;
  readonly alert: (alert: string) => string;
}

/**
 * @param vaultName Another name for the vault, where the usual one is still reserved after a deletion.
 */
export function platformNames(scope: NameScope, vaultName?: string): PlatformNames {
  const own = (kind: Parameters<typeof localName>[0], base: string) =>
    localName(kind, `switchyard-${base}`, scope);
  return {
    resourceGroup: own("resourceGroup", "platform"),
    workspace: own("workspace", "logs"),
    applicationInsights: own("applicationInsights", "insights"),
    virtualNetwork: own("virtualNetwork", "network"),
    subnets: { nodes: "nodes", endpoints: "endpoints", edge: "edge" },
    securityGroup: (subnet) => own("networkSecurityGroup", subnet),
    cluster: own("cluster", "cluster"),
    nodeResourceGroup: own("resourceGroup", "nodes"),
    clusterIdentity: own("identity", "cluster"),
    kubeletIdentity: own("identity", "kubelet"),
    certificateIdentity: own("identity", "certificates"),
    dashboardIdentity: own("identity", "dashboards"),
    registry: globalName("registry", "switchyard", scope),
    vault: vaultName ?? globalName("vault", "platform", scope),
    prometheus: own("monitorWorkspace", "prometheus"),
    collection: (what) => own("dataCollection", what),
    grafana: globalName("grafana", "grafana", scope),
    edgeProfile: own("edgeProfile", "edge"),
    originLink: own("privateLink", "gateway"),
    privateEndpoint: (target) => own("privateEndpoint", target),
    actionGroups: {
      pagerDuty: own("actionGroup", "page"),
      slack: own("actionGroup", "chat"),
      mail: own("actionGroup", "mail"),
    },
    slackRelay: own("workflow", "slack-relay"),
    budget: own("budget", "platform"),
    alert: (alert) => own("alertRule", alert),
  };
}
