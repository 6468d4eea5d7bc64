import { randomUUID } from "node:crypto";
import { isJson, type Json, merge } from "../resource-types";
import { ArmError } from "./arm-error";
import type { ArmResponse } from "./arm-response";
import type { Cloud } from "./cloud";
import { refuseLockedWrite } from "./locks";
import { sameSite, settingsIdOf, settingsResource, siteOf } from "./sites";
import type { StoredResource } from "./store";

/** Members of `config/web` that stay with their slot (App Service, "Which settings are swapped?"). */
const STAYS = [
  "alwaysOn",
  "autoSwapSlotName",
  "cors",
  "experiments",
  "ftpsState",
  "ipSecurityRestrictions",
  "ipSecurityRestrictionsDefaultAction",
  "minTlsVersion",
  "numberOfWorkers",
  "publicNetworkAccess",
  "scmIpSecurityRestrictions",
  "scmIpSecurityRestrictionsDefaultAction",
  "scmIpSecurityRestrictionsUseMain",
  "scmMinTlsVersion",
  "vnetName",
  "vnetRouteAllEnabled",
];

/**
 * POST `slotsswap`: content, general configuration and settings that are not sticky change sides. The result is written
 * to the operation before anything moves, so that an interrupted swap is finished and never left half done.
 * @throws ArmError for an unknown slot, a slot with itself, a locked or busy site
 */
export async function swapSlots(
  cloud: Cloud,
  id: string,
  request: Json,
  stuck: boolean,
  base: string,
): Promise<ArmResponse> {
  const main = id.replace(/\/slots\/[^/]+$/i, "");
  const target = request.targetSlot;
  if (typeof target !== "string" || target === "") {
    throw new ArmError(400, "BadRequest", "'targetSlot' is required and missing.", { target: "targetSlot" });
  }
  const source = siteOf(cloud, id);
  const destination = siteOf(cloud, target.toLowerCase() === "production" ? main : `${main}/slots/${target}`);
  if (sameSite(source.id, destination.id)) {
    throw new ArmError(400, "BadRequest", `Slot '${target}' cannot be swapped with itself.`, {
      target: "targetSlot",
    });
  }
  for (const side of [source, destination]) {
    refuseLockedWrite(cloud.store, side.id);
    cloud.refuseBusy(side.id);
  }
  const after = swapped(cloud, siteOf(cloud, main), source, destination);
  const operation = await cloud.operations.begin({
    kind: "swap",
    resourceId: source.id,
    after,
    stuck: stuck || undefined,
  });
  for (const side of [source, destination]) await cloud.store.put({ ...side, operation: operation.id });
  cloud.operations.run(operation);
  return { status: 202, headers: cloud.operations.headers(operation, base) };
}

function swapped(cloud: Cloud, main: StoredResource, a: StoredResource, b: StoredResource): StoredResource[] {
  const sticky = stickyNames(cloud, main.id);
  const settings = (site: StoredResource) => settingsOf(cloud, site.id);
  const status = {
    timestampUtc: cloud.now(),
    sourceSlotName: slotName(a),
    destinationSlotName: slotName(b),
  };
  const side = (own: StoredResource, other: StoredResource): StoredResource => ({
    ...own,
    body: merge(own.body, {
      properties: { slotSwapStatus: status, lastModifiedTimeUtc: status.timestampUtc },
    }),
    config: exchanged(own.config ?? {}, other.config ?? {}, sticky.connectionStrings),
    content: other.content,
    etag: randomUUID(),
    changedAt: cloud.now(),
  });
  return [
    side(a, b),
    side(b, a),
    settingsResource(cloud, a, exchangedSettings(settings(a), settings(b), sticky.appSettings)),
    settingsResource(cloud, b, exchangedSettings(settings(b), settings(a), sticky.appSettings)),
  ];
}

function slotName(site: StoredResource): string {
  return /\/slots\/([^/]+)$/i.exec(site.id)?.[1] ?? "Production";
}

function settingsOf(cloud: Cloud, siteId: string): Json {
  const properties = cloud.store.get(settingsIdOf(siteId))?.body.properties;
  return isJson(properties) ? properties : {};
}

function stickyNames(
  cloud: Cloud,
  mainId: string,
): { appSettings: Set<string>; connectionStrings: Set<string> } {
  const properties = cloud.store.get(`${mainId}/config/slotConfigNames`)?.body.properties;
  const names = (key: string) => {
    const list = isJson(properties) ? properties[key] : undefined;
    return new Set(Array.isArray(list) ? list.map(String) : []);
  };
  return { appSettings: names("appSettingNames"), connectionStrings: names("connectionStringNames") };
}

function exchangedSettings(own: Json, other: Json, sticky: Set<string>): Json {
  const stays = (name: string) => sticky.has(name) || name.endsWith("_EXTENSION_VERSION");
  const pick = (values: Json, wanted: (name: string) => boolean) =>
    Object.fromEntries(Object.entries(values).filter(([name]) => wanted(name)));
  return { ...pick(other, (name) => !stays(name)), ...pick(own, stays) };
}

function exchanged(own: Json, other: Json, stickyConnections: Set<string>): Json {
  const pick = (values: Json, stay: boolean) =>
    Object.fromEntries(Object.entries(values).filter(([name]) => STAYS.includes(name) === stay));
  const list = (values: Json) =>
    Array.isArray(values.connectionStrings) ? (values.connectionStrings as Json[]) : [];
  const sticky = (entry: Json) => stickyConnections.has(String(entry.name));
  const connections = [...list(other).filter((entry) => !sticky(entry)), ...list(own).filter(sticky)];
  return {
    ...pick(other, false),
    ...pick(own, true),
    ...(connections.length > 0 ? { connectionStrings: connections } : {}),
  };
}
