import { stringify } from "yaml";
import type { AlertReceiver, AlertRoute, AlertRouting } from "../../runbooks/prometheus";
import { alertSeverities } from "../../runbooks/prometheus";

/** What an alert without a route of its own goes to: none exists, so a message there says that a route is missing. */
export const unroutedReceiver = "unrouted";

/** Name of the receiver that the alerts of a system and severity go to. */
export function receiverName(system: string, severity: string): string {
  return `${system}-${severity}`;
}

/**
 * The routing of several systems as Alertmanager reads it, in YAML. Every receiver posts to `inboxUrl`, in the format
 * of its channel: the file holds no address and no key, and who rehearses wakes nobody (docs/adr/0080).
 *
 * @param inboxUrl Without a slash at the end; a message of CHANNEL arrives under `/CHANNEL/ROOM-OR-SECRET`.
 */
export function alertmanagerConfig(routings: readonly AlertRouting[], inboxUrl: string): string {
  const routes = routings.flatMap(({ system, routes }) =>
    alertSeverities.map((severity) => ({ system, severity, route: routes[severity] })),
  );
  return stringify(
    {
      route: {
        receiver: unroutedReceiver,
        group_by: ["system", "severity", "alertname"],
        routes: [
          // Told once a day by a rule of their own.
          { matchers: [`delivery="silent"`], receiver: silentReceiver },
          ...routes.map(({ system, severity, route }) => ({
            matchers: [`system="${system}"`, `severity="${severity}"`],
            receiver: receiverName(system, severity),
            ...timing(route),
          })),
        ],
      },
      receivers: [
        { name: unroutedReceiver, webhook_configs: [{ url: `${inboxUrl}/${unroutedReceiver}` }] },
        { name: silentReceiver },
        ...routes.map(({ system, severity, route }) => ({
          name: receiverName(system, severity),
          ...receiverConfigs(route.receivers, `${inboxUrl}/${system}`, route.delivery),
        })),
      ],
    },
    { aliasDuplicateObjects: false, lineWidth: 0 },
  );
}

export const silentReceiver = "silent";

function timing({ delivery, repeatEveryHours }: AlertRoute) {
  return delivery === "daily"
    ? // One message for all of them, a minute after the first.
      {
        group_by: ["system"],
        group_wait: "1m",
        group_interval: "1h",
        repeat_interval: `${repeatEveryHours}h`,
      }
    : { group_wait: "0s", group_interval: "1m", repeat_interval: `${repeatEveryHours}h` };
}

/** A slash in a receiver's name would be a folder of its own in the address. */
function segment(text: string): string {
  return encodeURIComponent(text.replace(/^#/, ""));
}

function receiverConfigs(
  receivers: readonly AlertReceiver[],
  inboxUrl: string,
  delivery: AlertRoute["delivery"],
) {
  const webhooks: object[] = [];
  const slack: object[] = [];
  const pagerDuty: object[] = [];
  const sendResolved = delivery === "immediate";
  for (const receiver of receivers) {
    switch (receiver.channel) {
      case "pagerDuty":
        pagerDuty.push({
          url: `${inboxUrl}/pagerDuty`,
          routing_key: receiver.secret,
          send_resolved: sendResolved,
        });
        break;
      case "slack":
        slack.push({
          api_url: `${inboxUrl}/slack/${segment(receiver.room)}`,
          channel: receiver.room,
          send_resolved: sendResolved,
        });
        break;
      case "webhook":
        webhooks.push({
          url: `${inboxUrl}/webhook/${segment(receiver.secret)}`,
          send_resolved: sendResolved,
        });
        break;
      case "mail":
        webhooks.push({ url: `${inboxUrl}/mail`, send_resolved: sendResolved });
        break;
    }
  }
  return {
    ...(pagerDuty.length > 0 && { pagerduty_configs: pagerDuty }),
    ...(slack.length > 0 && { slack_configs: slack }),
    ...(webhooks.length > 0 && { webhook_configs: webhooks }),
  };
}
