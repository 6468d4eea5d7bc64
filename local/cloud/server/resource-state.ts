import { byToken, isJson } from "../resource-types";
import type { StoredResource } from "./store";

/** The resource as it stands when its operation has ended. */
export function settled(resource: StoredResource, state: "Succeeded" | "Failed"): StoredResource {
  const { operation: _, ...rest } = resource;
  return withState(rest, state);
}

/** A settings resource has no state of its own: its `properties` are the app's settings and nothing else. */
export function withState(resource: StoredResource, state: string): StoredResource {
  if (byToken(resource.token)?.readBy !== undefined) return resource;
  const properties = isJson(resource.body.properties) ? resource.body.properties : {};
  return { ...resource, body: { ...resource.body, properties: { ...properties, provisioningState: state } } };
}
