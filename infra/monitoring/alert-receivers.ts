import { ActionGroup } from "@pulumi/azure-native/monitor/actionGroup";
import * as pulumi from "@pulumi/pulumi";
import type { AlertReceiver, AlertRouting, AlertSeverity } from "../../runbooks/prometheus";
import { alertSeverities } from "../../runbooks/prometheus";
import { armId } from "../arm-id";
import { childOf } from "../azure/component";
import { SlackRelay } from "../azure/slack-relay";
import type { NamedKind } from "../naming";
import type { Placement } from "../placement";

export interface AlertReceiversArgs extends Placement {
  readonly routing: AlertRouting;
  readonly nameOf: (kind: NamedKind, base: string) => string;
  /** Shown in mails, at most 7 characters: the channel follows, and Azure allows 12. */
  readonly shortName: string;
  /** Log Analytics workspace of the relays' diagnostics. */
  readonly workspaceId: string;
  /** Value of each secret that the routing names. */
  readonly secrets: Readonly<Record<string, pulumi.Input<string>>>;
  readonly mailAddresses: readonly string[];
}

/** The same receiver of two severities is one action group: what tells receivers apart. */
export function receiverKey(receiver: AlertReceiver): string {
  switch (receiver.channel) {
    case "mail":
      return "mail";
    case "pagerDuty":
      return `pagerduty-${receiver.secret}`;
    default:
      return `${receiver.channel}-${receiver.secret}`;
  }
}

/** Who hears of a system's alerts: one action group per receiver of its routing. */
export class AlertReceivers extends pulumi.ComponentResource {
  /** ARM ids, known in preview, for `PrometheusRuleGroups`. */
  readonly actionGroupIds: Readonly<Record<AlertSeverity, readonly string[]>>;
  /** What rules that name the ids must wait for. */
  readonly actionGroups: readonly ActionGroup[];

  constructor(
    name: string,
    private readonly args: AlertReceiversArgs,
    options?: pulumi.ComponentResourceOptions,
  ) {
    super("switchyard:monitoring:AlertReceivers", name, {}, options);
    const { routes } = args.routing;
    const receivers = new Map(
      alertSeverities
        .flatMap((severity) => routes[severity].receivers)
        .map((receiver) => [receiverKey(receiver), receiver]),
    );
    this.actionGroups = [...receivers].map(([key, receiver]) =>
      this.declare(`${name}-${key}`, key, receiver),
    );
    const idsOf = (severity: AlertSeverity) =>
      routes[severity].receivers.map((receiver) =>
        armId(args, "Microsoft.Insights/actionGroups", this.groupName(receiverKey(receiver))),
      );
    this.actionGroupIds = { critical: idsOf("critical"), warning: idsOf("warning"), info: idsOf("info") };
    this.registerOutputs({ actionGroupIds: this.actionGroupIds });
  }

  private groupName(key: string): string {
    return this.args.nameOf("actionGroup", key);
  }

  private declare(name: string, key: string, receiver: AlertReceiver): ActionGroup {
    const { args } = this;
    const group = (channel: string, receivers: object, dependsOn: readonly pulumi.Resource[] = []) =>
      new ActionGroup(
        name,
        {
          resourceGroupName: args.resourceGroupName,
          location: "Global",
          actionGroupName: this.groupName(key),
          groupShortName: `${args.shortName}-${channel}`,
          enabled: true,
          tags: args.tags,
          ...receivers,
        },
        childOf(this, dependsOn),
      );
    switch (receiver.channel) {
      case "pagerDuty": {
        const serviceUri = pulumi.secret(
          pulumi.interpolate`https://events.pagerduty.com/integration/${this.secret(receiver.secret)}/enqueue`,
        );
        return group("page", {
          webhookReceivers: [{ name: "pagerduty", serviceUri, useCommonAlertSchema: true }],
        });
      }
      case "webhook": {
        const serviceUri = pulumi.secret(this.secret(receiver.secret));
        return group("hook", {
          webhookReceivers: [{ name: receiver.secret, serviceUri, useCommonAlertSchema: true }],
        });
      }
      case "slack": {
        const relay = new SlackRelay(
          `${name}-relay`,
          {
            ...args,
            workflowName: args.nameOf("workflow", key),
            webhook: this.secret(receiver.secret),
          },
          { parent: this },
        );
        return group(
          "chat",
          {
            logicAppReceivers: [
              {
                name: "slack",
                resourceId: relay.workflowId,
                callbackUrl: relay.callbackUrl,
                useCommonAlertSchema: true,
              },
            ],
          },
          [relay.workflow],
        );
      }
      case "mail":
        return group("mail", {
          emailReceivers: args.mailAddresses.map((emailAddress, index) => ({
            name: `mail-${index + 1}`,
            emailAddress,
            useCommonAlertSchema: true,
          })),
        });
    }
  }

  private secret(name: string): pulumi.Input<string> {
    const value = this.args.secrets[name];
    if (value === undefined) {
      throw new Error(
        `the routing of ${this.args.routing.system} names the secret ${name}, which has no value`,
      );
    }
    return value;
  }
}
