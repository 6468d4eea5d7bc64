import type { CheckFailure } from "../../../plugin-server/provider";
import { isUnknown, type PropertyMap, reveal } from "../../../plugin-server/values/property";
import { LOCAL_SUBSCRIPTION_ID } from "../../cloud/identity";
import { UserError } from "../../user-error";

/** What the provider itself was configured with. */
export interface Settings {
  subscriptionId: string;
  location: string | undefined;
  offline: boolean;
}

const text = (value: unknown) =>
  typeof value === "string" && value !== "" && !isUnknown(value) ? value : undefined;

function foreign(subscriptionId: string): string {
  return (
    `subscriptionId is "${subscriptionId}"; this is a local stand-in for Azure and knows only ${LOCAL_SUBSCRIPTION_ID}. ` +
    "It never touches a real subscription"
  );
}

/** Faults of the provider's configuration. */
export function configFailures(config: PropertyMap, offline: boolean): CheckFailure[] {
  const subscriptionId = text(reveal(config.subscriptionId));
  if (offline || subscriptionId === undefined || subscriptionId === LOCAL_SUBSCRIPTION_ID) return [];
  return [{ property: "", reason: foreign(subscriptionId) }];
}

/** @throws UserError for a subscription other than the local one, unless nothing is touched anyway */
export function settingsOf(config: PropertyMap, offline: boolean): Settings {
  const subscriptionId = text(reveal(config.subscriptionId)) ?? LOCAL_SUBSCRIPTION_ID;
  if (!offline && subscriptionId !== LOCAL_SUBSCRIPTION_ID) throw new UserError(foreign(subscriptionId));
  return { subscriptionId, location: text(reveal(config.location)), offline };
}
