import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap";
import * as pulumi from "@pulumi/pulumi";
import type { Dashboard } from "../../runbooks/prometheus";
import type { Egress } from "../kubernetes/app-component";
import { labelsOf } from "../kubernetes/labels";
import { MaintenanceJob } from "../kubernetes/maintenance-job";
import { objectOf } from "../kubernetes/options";
import type { SystemNamespace } from "../kubernetes/system-namespace";
import { type DashboardSource, grafanaDashboard } from "./grafana-dashboard";

/** Dashboards of one system, and the alerts that their panels draw. */
export interface SystemDashboards {
  readonly system: string;
  readonly dashboards: readonly Dashboard[];
  readonly alerts: DashboardSource["alerts"];
}

export interface GrafanaPublisherArgs {
  readonly environment: string;
  readonly namespace: SystemNamespace;
  /** Of every system, also of those that other stacks carry: an environment has one Grafana. */
  readonly systems: readonly SystemDashboards[];
  /** `https://….grafana.azure.com`, without a slash at the end. */
  readonly grafanaEndpoint: pulumi.Input<string>;
  /** Client id of an identity with the role Grafana Editor; the service account is `grafana-dashboards`. */
  readonly identityClientId: pulumi.Input<string>;
  /** Azure CLI, by digest. */
  readonly image: string;
  readonly egress: readonly Egress[];
}

/** Name of the CronJob, of its service account and, with a system's name behind it, of the ConfigMaps. */
export const publisherName = "grafana-dashboards";

const dashboardsFolder = "/dashboards";

/** Azure Managed Grafana as an audience of tokens (Microsoft Learn, "Call Grafana APIs using Microsoft Entra"). */
const grafanaAudience = "ce34e7e5-485f-4d76-964f-b3d2b16d1e4f";

/**
 * Signs in as the pod's identity, without a secret, and puts every dashboard under its uid. A dashboard that somebody
 * changed by hand is as declared again after the next run. Stops at the first that Grafana refuses.
 */
export const publishScript = [
  "set -eu",
  'az login --service-principal --username "$AZURE_CLIENT_ID" --tenant "$AZURE_TENANT_ID" \\',
  // The CLI reads the file itself: a token on its command line would be seen in the list of processes.
  '  --federated-token "@$AZURE_FEDERATED_TOKEN_FILE" --allow-no-subscriptions --output none',
  `for file in ${dashboardsFolder}/*/*.json; do`,
  `  az rest --method post --url "$GRAFANA_ENDPOINT/api/dashboards/db" --resource ${grafanaAudience} \\`,
  '    --headers Content-Type=application/json --body "@$file" --output none',
  "done",
].join("\n");

/** What Grafana's API takes; no version, so that it replaces whatever is there. */
export function dashboardRequest(source: DashboardSource): string {
  return JSON.stringify({
    dashboard: grafanaDashboard(source),
    overwrite: true,
    message: "declared by the stack",
  });
}

/** Brings the dashboards of all contracts into the environment's Managed Grafana, which has no ARM resource for them. */
export class GrafanaPublisher extends pulumi.ComponentResource {
  constructor(name: string, args: GrafanaPublisherArgs, options?: pulumi.ComponentResourceOptions) {
    super("switchyard:monitoring:GrafanaPublisher", name, {}, options);
    const { environment, namespace, systems } = args;
    const files = systems.filter(({ dashboards }) => dashboards.length > 0);
    const folders = files.map(({ system }) => ({
      configMap: `${publisherName}-${system}`,
      mountPath: `${dashboardsFolder}/${system}`,
    }));
    const maps = files.map(
      ({ system, dashboards, alerts }, index) =>
        new ConfigMap(
          `${name}-${system}`,
          {
            metadata: {
              name: folders[index]!.configMap,
              namespace: namespace.namespaceName,
              labels: labelsOf({ system: "platform", component: publisherName, environment }),
            },
            data: Object.fromEntries(
              dashboards.map((dashboard) => [
                `${dashboard.uid}.json`,
                dashboardRequest({ system, dashboard, alerts }),
              ]),
            ),
          },
          objectOf(this, { dependsOn: [namespace.namespace] }),
        ),
    );
    new MaintenanceJob(
      `${name}-job`,
      {
        system: "platform",
        environment,
        namespace,
        objectName: publisherName,
        image: args.image,
        command: ["/bin/sh", "-c", publishScript],
        environmentVariables: { GRAFANA_ENDPOINT: args.grafanaEndpoint },
        identityClientId: args.identityClientId,
        egress: args.egress,
        configFolders: folders,
        // The first is HOME, below which the Azure CLI keeps its session.
        writableFolders: [{ name: "tmp", mountPath: "/tmp", sizeLimit: "64Mi" }],
        resources: { requests: { cpu: "100m", memory: "256Mi" }, limits: { cpu: "1", memory: "512Mi" } },
        schedule: { cron: "*/15 * * * *", timeZone: "Etc/UTC" },
        deadlineSeconds: 300,
      },
      { parent: this, dependsOn: maps },
    );
    this.registerOutputs({});
  }
}
