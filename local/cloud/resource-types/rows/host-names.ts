import { createHash } from "node:crypto";
import type { AdmitContext, ArmFault } from "../model";
import { isJson } from "../paths";
import { nameRule, propertiesOf } from "./helpers";

/** A host name that can be bound to an app. */
export const bindingName = nameRule(
  "hostName",
  /^(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/i,
  "a full host name such as api.example.com",
);

/** The value that a TXT record `asuid.<host>` must carry: one for all sites of a subscription. */
export function domainVerificationId(subscriptionId: string): string {
  return createHash("sha256").update(`domain verification ${subscriptionId}`).digest("hex").toUpperCase();
}

/**
 * A host can be bound only when DNS shows that it is ours: a CNAME to the app, or a TXT `asuid.<host>`. Asked only of
 * zones that the local cloud holds; for a domain hosted elsewhere there is nothing to ask.
 */
export function admitHostName({ params, below }: AdmitContext): ArmFault | undefined {
  const host = params.hostName!.toLowerCase();
  const group = `/subscriptions/${params.subscriptionId}`;
  const isZone = (id: string) => /\/providers\/microsoft\.network\/dnszones\/[^/]+$/i.test(id);
  const zone = below(group).find(({ id }) => isZone(id) && `.${host}`.endsWith(`.${nameIn(id)}`));
  if (zone === undefined) return undefined;
  const relative = host === nameIn(zone.id) ? "@" : host.slice(0, -nameIn(zone.id).length - 1);
  const records = new Map(
    below(zone.id).map(({ id, body }) => [id.slice(zone.id.length + 1).toLowerCase(), body]),
  );
  const alias = propertiesOf(records.get(`cname/${relative}`)).CNAMERecord;
  const points =
    isJson(alias) &&
    String(alias.cname).replace(/\.$/, "").toLowerCase() ===
      `${params.name!.toLowerCase()}.azurewebsites.net`;
  const label = relative === "@" ? "asuid" : `asuid.${relative}`;
  const expected = domainVerificationId(params.subscriptionId!);
  const texts = JSON.stringify(propertiesOf(records.get(`txt/${label}`)).TXTRecords ?? []).toUpperCase();
  if (points || texts.includes(expected)) return undefined;
  return {
    status: 404,
    code: "NotFound",
    message: `A TXT record pointing from ${label === "asuid" ? label : `asuid.${host}`} to ${expected} was not found, nor a CNAME record pointing from ${host} to ${params.name}.azurewebsites.net.`,
    target: "hostName",
  };
}

const nameIn = (id: string) => id.slice(id.lastIndexOf("/") + 1).toLowerCase();
