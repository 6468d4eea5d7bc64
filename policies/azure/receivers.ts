import type { NotificationChannel } from "../../runbooks/model";
import { objectsAt, requiredText } from "../read";
import type { DeclaredResource } from "../resource";

/** Receivers that post to an address. Which service answers there is told by the receiver's name: the address is secret. */
const addressed = ["webhookReceivers", "logicAppReceivers", "azureFunctionReceivers"] as const;

const named: readonly { readonly channel: NotificationChannel; readonly pattern: RegExp }[] = [
  { channel: "pagerDuty", pattern: /pager-?_?duty/i },
  { channel: "slack", pattern: /slack/i },
];

/** Channels that an action group reaches. */
export function channelsOf(actionGroup: DeclaredResource): ReadonlySet<NotificationChannel> {
  const channels = new Set<NotificationChannel>();
  for (const receiver of objectsAt(actionGroup, "emailReceivers")) {
    if (requiredText(receiver, "emailAddress").trim() !== "") channels.add("mail");
  }
  for (const list of addressed) {
    for (const receiver of objectsAt(actionGroup, list)) {
      const name = requiredText(receiver, "name");
      for (const { channel, pattern } of named) if (pattern.test(name)) channels.add(channel);
    }
  }
  return channels;
}
