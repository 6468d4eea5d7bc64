import { DiagnosticSetting } from "@pulumi/azure-native/monitor/diagnosticSetting";
import type * as pulumi from "@pulumi/pulumi";
import { childOf } from "./component";

export interface DiagnosticsArgs {
  /** ARM id of what is observed. */
  readonly resourceUri: string;
  readonly workspaceId: string;
  /** Log categories or category groups; `allLogs` takes all that the resource has. */
  readonly logs: readonly { readonly category?: string; readonly categoryGroup?: string }[];
  readonly metrics?: readonly string[];
  /** Tables of the resource's own instead of the shared AzureDiagnostics. */
  readonly dedicatedTables?: boolean;
}

/** Sends logs and metrics of a resource to the workspace. */
export function sendDiagnostics(
  name: string,
  { resourceUri, workspaceId, logs, metrics = [], dedicatedTables = false }: DiagnosticsArgs,
  parent: pulumi.Resource,
  dependsOn: readonly pulumi.Resource[],
): void {
  new DiagnosticSetting(
    name,
    {
      name: "switchyard",
      resourceUri,
      workspaceId,
      logs: logs.map((log) => ({ ...log, enabled: true })),
      metrics: metrics.map((category) => ({ category, enabled: true })),
      logAnalyticsDestinationType: dedicatedTables ? "Dedicated" : undefined,
    },
    childOf(parent, dependsOn),
  );
}
