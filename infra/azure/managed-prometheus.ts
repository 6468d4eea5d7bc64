import { Grafana } from "@pulumi/azure-native/dashboard/grafana";
import { AzureMonitorWorkspace } from "@pulumi/azure-native/monitor/azureMonitorWorkspace";
import { DataCollectionEndpoint } from "@pulumi/azure-native/monitor/dataCollectionEndpoint";
import { DataCollectionRule } from "@pulumi/azure-native/monitor/dataCollectionRule";
import { DataCollectionRuleAssociation } from "@pulumi/azure-native/monitor/dataCollectionRuleAssociation";
import * as pulumi from "@pulumi/pulumi";
import { armId } from "../arm-id";
import { classified, type Placement } from "../placement";
import { Access } from "./access";
import { childOf, guardedChildOf } from "./component";

export interface ManagedPrometheusArgs extends Placement {
  readonly workspaceName: string;
  readonly grafanaName: string;
  readonly collectionName: (what: string) => string;
  readonly zoneRedundant: boolean;
  /** Entra groups whose members change dashboards, and those who only look. */
  readonly editorGroupIds: readonly string[];
  readonly viewerGroupIds: readonly string[];
}

/** Managed Prometheus and Grafana: what clusters send their metrics to, and where dashboards are. */
export class ManagedPrometheus extends pulumi.ComponentResource {
  /** Scope of rule groups. */
  readonly workspaceId: string;
  readonly workspace: AzureMonitorWorkspace;
  readonly grafanaId: string;
  readonly grafana: Grafana;
  /** Address of the query API. */
  readonly queryUrl: pulumi.Output<string>;
  readonly grafanaUrl: pulumi.Output<string>;
  private readonly args: ManagedPrometheusArgs;
  private readonly prefix: string;

  constructor(name: string, args: ManagedPrometheusArgs, options?: pulumi.ComponentResourceOptions) {
    super("switchyard:azure:ManagedPrometheus", name, {}, options);
    this.args = args;
    this.prefix = name;
    const { resourceGroupName, location } = args;
    this.workspaceId = armId(args, "Microsoft.Monitor/accounts", args.workspaceName);
    this.grafanaId = armId(args, "Microsoft.Dashboard/grafana", args.grafanaName);
    this.workspace = new AzureMonitorWorkspace(
      `${name}-workspace`,
      {
        resourceGroupName,
        location,
        azureMonitorWorkspaceName: args.workspaceName,
        tags: classified(args.tags, "internal"),
      },
      guardedChildOf(this, args),
    );
    this.grafana = new Grafana(
      `${name}-grafana`,
      {
        resourceGroupName,
        location,
        workspaceName: args.grafanaName,
        sku: { name: "Standard" },
        identity: { type: "SystemAssigned" },
        properties: {
          // Dashboards are written with a token of Entra; keys of Grafana's own would not end with their holder.
          apiKey: "Disabled",
          deterministicOutboundIP: "Disabled",
          publicNetworkAccess: "Enabled",
          zoneRedundancy: args.zoneRedundant ? "Enabled" : "Disabled",
          grafanaIntegrations: {
            azureMonitorWorkspaceIntegrations: [{ azureMonitorWorkspaceResourceId: this.workspaceId }],
          },
        },
        tags: args.tags,
      },
      childOf(this, [this.workspace]),
    );
    this.queryUrl = this.workspace.metrics.prometheusQueryEndpoint;
    this.grafanaUrl = this.grafana.properties.endpoint;
    this.grantAccess();
    this.registerOutputs({ workspaceId: this.workspaceId, grafanaId: this.grafanaId });
  }

  /** Sends the metrics of a cluster here, and its containers' logs to a Log Analytics workspace. */
  collectFrom(
    cluster: { readonly id: string; readonly resource: pulumi.Resource },
    logWorkspaceId: string,
  ): void {
    const { resourceGroupName, location, collectionName, tags } = this.args;
    const endpointName = collectionName("metrics");
    const endpoint = new DataCollectionEndpoint(
      `${this.prefix}-endpoint`,
      { resourceGroupName, location, dataCollectionEndpointName: endpointName, kind: "Linux", tags },
      childOf(this),
    );
    const metrics = new DataCollectionRule(
      `${this.prefix}-metrics`,
      {
        resourceGroupName,
        location,
        dataCollectionRuleName: collectionName("metrics"),
        dataCollectionEndpointId: armId(
          this.args,
          "Microsoft.Insights/dataCollectionEndpoints",
          endpointName,
        ),
        kind: "Linux",
        dataSources: {
          prometheusForwarder: [{ name: "PrometheusDataSource", streams: ["Microsoft-PrometheusMetrics"] }],
        },
        destinations: {
          monitoringAccounts: [{ name: "prometheus", accountResourceId: this.workspaceId }],
        },
        dataFlows: [{ streams: ["Microsoft-PrometheusMetrics"], destinations: ["prometheus"] }],
        tags,
      },
      childOf(this, [endpoint, this.workspace]),
    );
    const logs = new DataCollectionRule(
      `${this.prefix}-logs`,
      {
        resourceGroupName,
        location,
        dataCollectionRuleName: collectionName("logs"),
        kind: "Linux",
        dataSources: {
          extensions: [
            {
              name: "ContainerInsightsExtension",
              extensionName: "ContainerInsights",
              streams: logStreams,
              extensionSettings: {
                dataCollectionSettings: {
                  interval: "1m",
                  namespaceFilteringMode: "Off",
                  enableContainerLogV2: true,
                },
              },
            },
          ],
        },
        destinations: { logAnalytics: [{ name: "workspace", workspaceResourceId: logWorkspaceId }] },
        dataFlows: [{ streams: logStreams, destinations: ["workspace"] }],
        tags,
      },
      childOf(this),
    );
    const rules = [
      ["metrics", metrics],
      ["logs", logs],
    ] as const;
    for (const [what, rule] of rules) {
      new DataCollectionRuleAssociation(
        `${this.prefix}-${what}-of-cluster`,
        {
          resourceUri: cluster.id,
          // The agent on the nodes looks for its rule by this name.
          associationName:
            what === "logs" ? "ContainerInsightsExtension" : "ContainerInsightsMetricsExtension",
          dataCollectionRuleId: armId(
            this.args,
            "Microsoft.Insights/dataCollectionRules",
            collectionName(what),
          ),
        },
        childOf(this, [rule, cluster.resource]),
      );
    }
  }

  private grantAccess(): void {
    const { subscriptionId, editorGroupIds, viewerGroupIds } = this.args;
    new Access(
      `${this.prefix}-grafana-reads`,
      {
        subscriptionId,
        principalId: this.grafana.identity.apply((identity) => {
          if (identity?.principalId === undefined) throw new Error("Azure gave Grafana no identity");
          return identity.principalId;
        }),
        grants: [{ role: "monitoringDataReader", scope: this.workspaceId, scopeResource: this.workspace }],
      },
      { parent: this },
    );
    const people = [
      ["editors", "grafanaAdmin", editorGroupIds],
      ["viewers", "grafanaViewer", viewerGroupIds],
    ] as const;
    for (const [who, role, groups] of people) {
      for (const [index, principalId] of groups.entries()) {
        new Access(
          `${this.prefix}-${who}-${index + 1}`,
          {
            subscriptionId,
            principalId,
            principalType: "Group",
            grants: [{ role, scope: this.grafanaId, scopeResource: this.grafana }],
          },
          { parent: this },
        );
      }
    }
  }
}

/** Logs of containers, and what happens to nodes and pods (Microsoft Learn, "Container insights data collection rule"). */
const logStreams = [
  "Microsoft-ContainerLogV2",
  "Microsoft-KubeEvents",
  "Microsoft-KubePodInventory",
  "Microsoft-KubeNodeInventory",
];
