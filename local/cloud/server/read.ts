import { armTypeOf, byArmId, idKey, isJson, type Json, nameOf, parentOf } from "../resource-types";
import { ArmError } from "./arm-error";
import type { ArmResponse } from "./arm-response";
import type { Cloud } from "./cloud";
import { render } from "./render";
import { etagOf, notFound } from "./write";

/**
 * GET of a resource or of a collection.
 * @throws ArmError 404, or 405 for what is read by POST
 */
export function readResource(cloud: Cloud, path: string): ArmResponse {
  const type = byArmId(path);
  if (type === undefined) return listResources(cloud, path);
  if (type.readBy !== undefined) {
    throw new ArmError(405, "MethodNotAllowed", `'${path}' is read by POST on '${path}${type.readBy}'.`);
  }
  const resource = cloud.store.get(path);
  if (resource !== undefined) return { status: 200, body: render(resource), headers: etagOf(resource) };
  if (type.existsByDefault !== undefined && cloud.exists(path)) {
    return { status: 200, body: defaultBody(path, type.existsByDefault) };
  }
  throw notFound(path);
}

/** A part of its parent that was never written. */
function defaultBody(id: string, properties: Json): Json {
  return { id, name: nameOf(id), type: armTypeOf(id), properties };
}

function listResources(cloud: Cloud, path: string): ArmResponse {
  const key = idKey(path);
  const all = cloud.store.all();
  const scoped = /^(\/subscriptions\/[^/]+(?:\/resourcegroups\/[^/]+)?)\/resources$/.exec(key);
  if (scoped !== null) {
    const inside = all.filter(
      (entry) => idKey(entry.id).startsWith(`${scoped[1]}/`) && entry.id.includes("/providers/"),
    );
    return { status: 200, body: { value: inside.map(render) } };
  }
  if (byArmId(`${path}/x`) === undefined && !/^\/subscriptions\/[^/]+\/providers\/[^/]+\/\w+$/.test(key)) {
    throw new ArmError(
      404,
      "InvalidResourceType",
      `The resource type of '${path}' is not known to the local cloud.`,
    );
  }
  const subscriptionWide = /^(\/subscriptions\/[^/]+)\/providers\/([^/]+\/\w+)$/.exec(key);
  const found = all.filter((entry) => {
    const own = idKey(entry.id);
    if (own.slice(0, own.lastIndexOf("/")) === key) return true;
    return subscriptionWide !== null && armTypeOf(entry.id).toLowerCase() === subscriptionWide[2];
  });
  const parent = parentOf(`${path}/x`);
  if (found.length === 0 && parent !== undefined && !cloud.exists(parent)) throw notFound(parent);
  return { status: 200, body: { value: found.map(render) } };
}

const CALLBACK = /^(.*\/providers\/Microsoft\.Logic\/workflows\/[^/]+)\/triggers\/([^/]+)\/listCallbackUrl$/i;

/** POST on `id/action`. @throws ArmError 404 for an unknown resource, 400 for an unknown action */
export function postAction(cloud: Cloud, path: string, request: Json): ArmResponse {
  const callback = CALLBACK.exec(path);
  if (callback !== null) return callbackUrl(cloud, callback[1]!, callback[2]!);
  const [id, action] = [path.slice(0, path.lastIndexOf("/")), nameOf(path)];
  const type = byArmId(id);
  if (type === undefined) throw notFound(id);
  const resource = cloud.store.get(id);
  if (resource === undefined && !(type.existsByDefault !== undefined && cloud.exists(id))) throw notFound(id);
  if (type.readBy === `/${action}`) {
    return {
      status: 200,
      body: resource === undefined ? defaultBody(id, type.existsByDefault!) : render(resource),
    };
  }
  const run = Object.entries(type.spec.actions ?? {}).find(
    ([name]) => name.toLowerCase() === action.toLowerCase(),
  )?.[1];
  if (run === undefined || resource === undefined) {
    throw new ArmError(
      400,
      "InvalidAction",
      `'${action}' is not an action of ${type.armType} that the local cloud knows.`,
    );
  }
  return { status: 200, body: run(cloud.computeContext(id, type, resource.body, resource.body), request) };
}

/** The URL that starts a workflow; it carries its own key. */
function callbackUrl(cloud: Cloud, id: string, trigger: string): ArmResponse {
  const workflow = cloud.store.get(id);
  if (workflow === undefined) throw notFound(id);
  const properties = isJson(workflow.body.properties) ? workflow.body.properties : {};
  const definition = isJson(properties.definition) ? properties.definition : {};
  const triggers = isJson(definition.triggers) ? definition.triggers : {};
  if (triggers[trigger] === undefined) {
    throw new ArmError(
      404,
      "WorkflowTriggerNotFound",
      `The workflow '${nameOf(id)}' has no trigger '${trigger}'.`,
    );
  }
  const signature = cloud.store
    .secretFor(id, `trigger ${trigger}`)
    .replace(/[^A-Za-z0-9]/g, "")
    .slice(0, 43);
  const basePath = `${String(properties.accessEndpoint)}/triggers/${trigger}/paths/invoke`;
  const queries = { "api-version": "2016-10-01", sp: `/triggers/${trigger}/run`, sv: "1.0", sig: signature };
  const value = `${basePath}?${new URLSearchParams(queries).toString()}`;
  return { status: 200, body: { value, method: "POST", basePath, queries } };
}

/** How many of each type there are, for the status. */
export function countByType(cloud: Cloud): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { token } of cloud.store.all()) counts[token] = (counts[token] ?? 0) + 1;
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => a.localeCompare(b)));
}
