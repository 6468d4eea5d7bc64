import { randomUUID } from "node:crypto";
import { byToken, idKey, isJson, type Json, merge, nameOf, validateInputs, without } from "../resource-types";
import { rampFaults } from "../resource-types/rows/web";
import { ArmError } from "./arm-error";
import type { ArmResponse } from "./arm-response";
import type { Cloud } from "./cloud";
import { refuseLockedWrite } from "./locks";
import type { StoredResource } from "./store";

/** A site or a slot, with the `config/web` behind it. */
const CONFIG = /^(.*\/providers\/Microsoft\.Web\/sites\/[^/]+(?:\/slots\/[^/]+)?)\/config\/web$/i;
const DEPLOY = /^(.*\/providers\/Microsoft\.Web\/sites\/[^/]+(?:\/slots\/[^/]+)?)\/extensions\/onedeploy$/i;
const LISTS =
  /^(.*\/providers\/Microsoft\.Web\/sites\/[^/]+(?:\/slots\/[^/]+)?)\/config\/(connectionstrings|azurestorageaccounts)\/list$/i;
const DEPLOYMENTS = /^(.*\/providers\/Microsoft\.Web\/sites\/[^/]+(?:\/slots\/[^/]+)?)\/deployments$/i;

/** What App Service answers for a site that was told nothing. */
const CONFIG_DEFAULTS: Json = {
  alwaysOn: false,
  autoHealEnabled: false,
  experiments: { rampUpRules: [] },
  ftpsState: "FtpsOnly",
  http20Enabled: false,
  ipSecurityRestrictions: [
    {
      ipAddress: "Any",
      action: "Allow",
      priority: 2147483647,
      name: "Allow all",
      description: "Allow all access",
    },
  ],
  linuxFxVersion: "",
  loadBalancing: "LeastRequests",
  managedPipelineMode: "Integrated",
  minTlsVersion: "1.2",
  numberOfWorkers: 1,
  remoteDebuggingEnabled: false,
  scmMinTlsVersion: "1.2",
  use32BitWorkerProcess: true,
  vnetRouteAllEnabled: false,
  webSocketsEnabled: false,
};

const SECRET_CONFIG = ["appSettings", "connectionStrings", "azureStorageAccounts"];

export function isSite(resource: StoredResource): boolean {
  return resource.token === "azure-native:web:WebApp" || resource.token === "azure-native:web:WebAppSlot";
}

function settingsTokenOf(site: StoredResource): string {
  const slot = site.token === "azure-native:web:WebAppSlot" ? "Slot" : "";
  return `azure-native:web:WebAppApplicationSettings${slot}`;
}

export function settingsIdOf(siteId: string): string {
  return `${siteId}/config/appsettings`;
}

/** A settings resource with these values, over the stored one if there is one. */
export function settingsResource(cloud: Cloud, site: StoredResource, values: Json): StoredResource {
  const id = settingsIdOf(site.id);
  const now = cloud.now();
  return {
    id,
    token: settingsTokenOf(site),
    asked: { properties: values },
    body: { properties: values },
    etag: randomUUID(),
    createdAt: cloud.store.get(id)?.createdAt ?? now,
    changedAt: now,
  };
}

/**
 * The site's own record and its configuration are two things in App Service: `siteConfig` in a PUT of the site changes
 * `config/web`, what it does not name stays, and a GET of the site does not return it. Whether ramp rules that a PUT
 * does not name stay is a setting of the local cloud.
 */
export function keepSiteConfig(
  cloud: Cloud,
  resource: StoredResource,
): { site: StoredResource; settings?: StoredResource } {
  if (!isSite(resource)) return { site: resource };
  const sent = isJson(resource.asked.properties) ? resource.asked.properties.siteConfig : undefined;
  const site: StoredResource = {
    ...resource,
    asked: without(resource.asked, ["properties.siteConfig"]),
    body: without(resource.body, ["properties.siteConfig"]),
    config: resource.config ?? {},
  };
  if (!isJson(sent)) return { site };
  const { appSettings, ...rest } = sent;
  site.config = mergedConfig(cloud, site.config!, rest);
  if (!Array.isArray(appSettings)) return { site };
  const values = Object.fromEntries(appSettings.map((entry: Json) => [String(entry.name), entry.value]));
  return { site, settings: settingsResource(cloud, site, values) };
}

function mergedConfig(cloud: Cloud, before: Json, sent: Json): Json {
  const { experiments, ...rest } = before;
  const kept =
    cloud.settings.siteExperimentsOnPut === "keep" && experiments !== undefined ? { experiments } : {};
  const merged: Json = { ...rest, ...kept, ...sent };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null));
}

/** `config/web` of a site or slot: GET, PUT, PATCH; `undefined` when the path is another. */
export async function siteConfigRequest(
  cloud: Cloud,
  method: string,
  path: string,
  body: Json,
): Promise<ArmResponse | undefined> {
  const match = CONFIG.exec(path);
  if (match === null) return undefined;
  const site = siteOf(cloud, match[1]!);
  if (method === "GET") return { status: 200, body: renderConfig(site) };
  refuseLockedWrite(cloud.store, site.id);
  cloud.refuseBusy(site.id);
  const sent = isJson(body.properties) ? body.properties : {};
  refuseWrongConfig(sent);
  const before = site.config ?? {};
  const config = method === "PATCH" ? withoutNulls(merge(before, sent)) : mergedConfig(cloud, before, sent);
  const changed: StoredResource = { ...site, config, etag: randomUUID(), changedAt: cloud.now() };
  await cloud.store.put(changed);
  return { status: 200, body: renderConfig(changed) };
}

/**
 * POST `config/connectionstrings/list` and `config/azurestorageaccounts/list` of a site or slot, by name; with their values,
 * which `config/web` does not show.
 *
 * @returns undefined for another path
 */
export function siteListRequest(cloud: Cloud, path: string): ArmResponse | undefined {
  const [, id, list = ""] = LISTS.exec(path) ?? [];
  if (id === undefined) return undefined;
  const { connectionStrings, azureStorageAccounts } = siteOf(cloud, id).config ?? {};
  if (list.toLowerCase() === "azurestorageaccounts")
    return { status: 200, body: { properties: isJson(azureStorageAccounts) ? azureStorageAccounts : {} } };
  const entries = Array.isArray(connectionStrings) ? (connectionStrings as Json[]) : [];
  const properties = Object.fromEntries(
    entries.map(({ name, connectionString, type }) => [String(name), { value: connectionString, type }]),
  );
  return { status: 200, body: { properties } };
}

function withoutNulls(value: Json): Json {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== null));
}

function refuseWrongConfig(sent: Json): void {
  const type = byToken("azure-native:web:WebApp")!;
  const given = Object.fromEntries(Object.entries(sent).filter(([name]) => name !== "machineKey"));
  const faults = [
    ...validateInputs(type, { name: "site", resourceGroupName: "group", siteConfig: given }),
    ...rampFaults(sent.experiments),
  ].map(({ path, reason }) => ({ target: path.replace(/^siteConfig/, "properties"), reason }));
  if (faults.length === 0) return;
  const seen = [...new Map(faults.map((fault) => [fault.target, fault])).values()];
  const details = seen.map(({ target, reason }) => ({
    code: "InvalidProperty",
    target,
    message: `'${target}' ${reason}`,
  }));
  throw new ArmError(
    400,
    "InvalidRequestContent",
    `The request content was invalid: ${details.map((detail) => detail.message).join("; ")}.`,
    { target: details[0]!.target, details },
  );
}

function renderConfig(site: StoredResource): Json {
  return {
    id: `${site.id}/config/web`,
    name: "web",
    type: `${site.token.endsWith("Slot") ? "Microsoft.Web/sites/slots" : "Microsoft.Web/sites"}/config`,
    location: site.body.location,
    properties: { ...CONFIG_DEFAULTS, ...without(site.config ?? {}, SECRET_CONFIG) },
  };
}

/** @throws ArmError 404 */
export function siteOf(cloud: Cloud, id: string): StoredResource {
  const site = cloud.store.get(id);
  if (site !== undefined && isSite(site)) return site;
  throw new ArmError(404, "ResourceNotFound", `The site '${nameOf(id)}' was not found.`, { target: id });
}

/** The deployed package of a site or slot (`extensions/onedeploy`): it moves with a swap. */
export async function siteContentRequest(
  cloud: Cloud,
  method: string,
  path: string,
  body: Json,
): Promise<ArmResponse | undefined> {
  const match = DEPLOY.exec(path);
  if (match === null) return undefined;
  const site = siteOf(cloud, match[1]!);
  if (method === "GET") return { status: 200, body: { id: path, properties: site.content ?? {} } };
  refuseLockedWrite(cloud.store, site.id);
  cloud.refuseBusy(site.id);
  const properties = isJson(body.properties) ? body.properties : {};
  if (typeof properties.packageUri !== "string") {
    throw new ArmError(400, "BadRequest", "'properties.packageUri' is required and missing.", {
      target: "properties.packageUri",
    });
  }
  const content = { ...properties, deployedAt: cloud.now() };
  await cloud.store.put({ ...site, content, etag: randomUUID(), changedAt: cloud.now() });
  return { status: 200, body: { id: path, properties: content } };
}

/**
 * GET `deployments` of a site or slot (`Web Apps - List Deployments`): the one whose package lies there. Its record lies
 * beside the package, so that both move with a swap.
 *
 * @returns undefined for another path
 */
export function siteDeploymentsRequest(cloud: Cloud, method: string, path: string): ArmResponse | undefined {
  const [, id] = DEPLOYMENTS.exec(path) ?? [];
  if (id === undefined || method !== "GET") return undefined;
  const { content } = siteOf(cloud, id);
  if (content === undefined) return { status: 200, body: { value: [], nextLink: null } };
  const { deploymentId = "latest", deployedAt } = content;
  const name = String(deploymentId);
  const deployment: Json = {
    id: `${id}/deployments/${name}`,
    name,
    type: `Microsoft.Web/sites${/\/slots\//i.test(id) ? "/slots" : ""}/deployments`,
    properties: {
      id: name,
      // Kudu's number for one that succeeded.
      status: 4,
      deployer: "OneDeploy",
      received_time: deployedAt,
      start_time: deployedAt,
      end_time: deployedAt,
      complete: true,
      active: true,
    },
  };
  return { status: 200, body: { value: [deployment], nextLink: null } };
}

/** Start, stop and restart of a site. */
export async function siteStateAction(
  cloud: Cloud,
  id: string,
  action: string,
): Promise<ArmResponse | undefined> {
  if (!["start", "stop", "restart"].includes(action)) return undefined;
  const site = siteOf(cloud, id);
  refuseLockedWrite(cloud.store, site.id);
  cloud.refuseBusy(site.id);
  const state = action === "stop" ? "Stopped" : "Running";
  await cloud.store.put({
    ...site,
    body: merge(site.body, { properties: { state } }),
    changedAt: cloud.now(),
  });
  return { status: 200 };
}

export function sameSite(left: string, right: string): boolean {
  return idKey(left) === idKey(right);
}
