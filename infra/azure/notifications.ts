import { ActionGroup } from "@pulumi/azure-native/monitor/actionGroup";
import * as pulumi from "@pulumi/pulumi";
import type { NotificationChannel } from "../../runbooks/model";
import { armId } from "../arm-id";
import type { Placement } from "../placement";
import { childOf } from "./component";
import { SlackRelay } from "./slack-relay";

export interface NotificationsArgs extends Placement {
  /** Name of each channel's action group. */
  readonly groupNames: Readonly<Record<NotificationChannel, string>>;
  /** Shown in mails, at most 7 characters: the channel follows, and Azure allows 12. */
  readonly shortName: string;
  readonly relayName: string;
  readonly workspaceId: string;
  /** Key of PagerDuty's Azure integration; a secret. */
  readonly pagerDutyIntegrationKey: pulumi.Input<string>;
  /** Incoming webhook; a secret. */
  readonly slackWebhook: pulumi.Input<string>;
  readonly mailAddresses: readonly string[];
}

/** One action group per channel; an alert names those of the channels that its contract lists. */
export class Notifications extends pulumi.ComponentResource {
  readonly groupIds: Readonly<Record<NotificationChannel, string>>;
  readonly groups: Readonly<Record<NotificationChannel, ActionGroup>>;

  constructor(name: string, args: NotificationsArgs, options?: pulumi.ComponentResourceOptions) {
    super("switchyard:azure:Notifications", name, {}, options);
    const { groupNames, shortName } = args;
    this.groupIds = {
      pagerDuty: groupId(args, groupNames.pagerDuty),
      slack: groupId(args, groupNames.slack),
      mail: groupId(args, groupNames.mail),
    };
    const relay = new SlackRelay(
      `${name}-slack`,
      { ...args, workflowName: args.relayName, webhook: args.slackWebhook },
      { parent: this },
    );
    const common = {
      resourceGroupName: args.resourceGroupName,
      location: "Global",
      enabled: true,
      tags: args.tags,
    };
    this.groups = {
      pagerDuty: new ActionGroup(
        `${name}-pagerduty`,
        {
          ...common,
          actionGroupName: groupNames.pagerDuty,
          groupShortName: `${shortName}-page`,
          webhookReceivers: [
            {
              name: "pagerduty",
              serviceUri: pulumi.secret(
                pulumi.interpolate`https://events.pagerduty.com/integration/${args.pagerDutyIntegrationKey}/enqueue`,
              ),
              useCommonAlertSchema: true,
            },
          ],
        },
        childOf(this),
      ),
      slack: new ActionGroup(
        `${name}-slack-group`,
        {
          ...common,
          actionGroupName: groupNames.slack,
          groupShortName: `${shortName}-chat`,
          logicAppReceivers: [
            {
              name: "slack",
              resourceId: relay.workflowId,
              callbackUrl: relay.callbackUrl,
              useCommonAlertSchema: true,
            },
          ],
        },
        childOf(this, [relay.workflow]),
      ),
      mail: new ActionGroup(
        `${name}-mail`,
        {
          ...common,
          actionGroupName: groupNames.mail,
          groupShortName: `${shortName}-mail`,
          emailReceivers: args.mailAddresses.map((emailAddress, index) => ({
            name: `mail-${index + 1}`,
            emailAddress,
            useCommonAlertSchema: true,
          })),
        },
        childOf(this),
      ),
    };
    this.registerOutputs({ groupIds: this.groupIds });
  }
}

function groupId(args: Placement, name: string): string {
  return armId(args, "Microsoft.Insights/actionGroups", name);
}
