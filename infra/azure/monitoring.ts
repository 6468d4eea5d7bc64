import { Component } from "@pulumi/azure-native/applicationinsights/component";
import { Workspace } from "@pulumi/azure-native/operationalinsights/workspace";
import * as pulumi from "@pulumi/pulumi";
import { armId } from "../arm-id";
import { classified, type Placement } from "../placement";
import { childOf } from "./component";

export interface MonitoringArgs extends Placement {
  readonly workspaceName: string;
  readonly componentName: string;
  readonly retentionDays: number;
}

/** A Log Analytics workspace and an Application Insights component that keeps its data there. */
export class Monitoring extends pulumi.ComponentResource {
  readonly workspaceId: string;
  readonly componentId: string;
  readonly workspace: Workspace;
  readonly component: Component;

  constructor(name: string, args: MonitoringArgs, options?: pulumi.ComponentResourceOptions) {
    super("switchyard:azure:Monitoring", name, {}, options);
    const { resourceGroupName, location, retentionDays } = args;
    const tags = classified(args.tags, "internal");
    this.workspaceId = armId(args, "Microsoft.OperationalInsights/workspaces", args.workspaceName);
    this.componentId = armId(args, "Microsoft.Insights/components", args.componentName);

    this.workspace = new Workspace(
      `${name}-workspace`,
      {
        resourceGroupName,
        location,
        workspaceName: args.workspaceName,
        sku: { name: "PerGB2018" },
        retentionInDays: retentionDays,
        features: { disableLocalAuth: true, enableLogAccessUsingOnlyResourcePermissions: true },
        tags,
      },
      childOf(this),
    );
    this.component = new Component(
      `${name}-insights`,
      {
        resourceGroupName,
        location,
        resourceName: args.componentName,
        kind: "web",
        applicationType: "web",
        ingestionMode: "LogAnalytics",
        workspaceResourceId: this.workspaceId,
        retentionInDays: retentionDays,
        // Telemetry is accepted from identities with the role Monitoring Metrics Publisher, not from whoever knows a key.
        disableLocalAuth: true,
        tags,
      },
      childOf(this, [this.workspace]),
    );
    this.registerOutputs({ workspaceId: this.workspaceId, componentId: this.componentId });
  }
}
