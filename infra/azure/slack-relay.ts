import { listWorkflowTriggerCallbackUrlOutput } from "@pulumi/azure-native/logic/listWorkflowTriggerCallbackUrl";
import { Workflow } from "@pulumi/azure-native/logic/workflow";
import * as pulumi from "@pulumi/pulumi";
import { armId } from "../arm-id";
import type { Placement } from "../placement";
import { childOf } from "./component";
import { sendDiagnostics } from "./diagnostics";

const triggerName = "alert";

const schema =
  "https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01/workflowdefinition.json#";

/** A field that every kind of alert has, or null. */
function essential(field: string): string {
  return `triggerBody()?['data']?['essentials']?['${field}']`;
}

/**
 * Turns an alert in the common schema into a message that Slack takes: Slack refuses the schema itself
 * (docs/adr/0044). The webhook's address is a secure parameter and stays out of the run history.
 */
const definition = {
  $schema: schema,
  contentVersion: "1.0.0.0",
  parameters: { slackWebhook: { type: "SecureString" }, origin: { type: "String" } },
  triggers: { [triggerName]: { type: "Request", kind: "Http", inputs: { schema: {} } } },
  actions: {
    post: {
      type: "Http",
      runAfter: {},
      inputs: {
        method: "POST",
        uri: "@parameters('slackWebhook')",
        headers: { "Content-Type": "application/json" },
        body: {
          // A budget has neither condition nor rule nor severity; what it says is in its description.
          text: `@{coalesce(${essential("monitorCondition")}, 'Fired')}: @{coalesce(${essential("alertRule")}, ${essential("monitoringService")})} (@{parameters('origin')}@{if(empty(${essential("severity")}), '', concat(', ', ${essential("severity")}))})`,
          attachments: [
            {
              color: `@{if(equals(${essential("monitorCondition")}, 'Resolved'), 'good', 'danger')}`,
              // Prometheus' own context: which pod, and the value.
              title: "@{triggerBody()?['data']?['alertContext']?['annotations']?['summary']}",
              text: `@{${essential("description")}}`,
            },
          ],
        },
        retryPolicy: { type: "exponential", count: 4, interval: "PT10S" },
      },
      runtimeConfiguration: { secureData: { properties: ["inputs", "outputs"] } },
    },
  },
  outputs: {},
} as const;

export interface SlackRelayArgs extends Placement {
  readonly workflowName: string;
  readonly workspaceId: string;
  /** Incoming webhook; a secret. */
  readonly webhook: pulumi.Input<string>;
}

/** A logic app to which Azure Monitor posts and which posts to Slack. */
export class SlackRelay extends pulumi.ComponentResource {
  readonly workflowId: string;
  readonly workflow: Workflow;
  /** Where Azure Monitor posts to. The address holds its own key: a secret. */
  readonly callbackUrl: pulumi.Output<string>;

  constructor(name: string, args: SlackRelayArgs, options?: pulumi.ComponentResourceOptions) {
    super("switchyard:azure:SlackRelay", name, {}, options);
    const { resourceGroupName, workflowName } = args;
    this.workflowId = armId(args, "Microsoft.Logic/workflows", workflowName);
    this.workflow = new Workflow(
      `${name}-workflow`,
      {
        resourceGroupName,
        location: args.location,
        workflowName,
        state: "Enabled",
        definition,
        parameters: {
          slackWebhook: { type: "SecureString", value: pulumi.secret(args.webhook) },
          // Names of rules are those of the contract: staging's are production's, and one room may hear of both.
          origin: {
            type: "String",
            value: [args.tags.system, args.tags.environment].filter(Boolean).join(" "),
          },
        },
        tags: args.tags,
      },
      childOf(this),
    );
    const callback = listWorkflowTriggerCallbackUrlOutput(
      { resourceGroupName, workflowName, triggerName },
      { parent: this, dependsOn: [this.workflow] },
    );
    this.callbackUrl = pulumi.secret(callback.value);
    sendDiagnostics(
      `${name}-diagnostics`,
      {
        resourceUri: this.workflowId,
        workspaceId: args.workspaceId,
        logs: [{ categoryGroup: "allLogs" }],
        metrics: ["AllMetrics"],
      },
      this,
      [this.workflow],
    );
    this.registerOutputs({ workflowId: this.workflowId });
  }
}
