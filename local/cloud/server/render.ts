import { armTypeOf, byToken, isJson, type Json, nameOf, without } from "../resource-types";
import type { StoredResource } from "./store";

/** What a GET answers: the stored body without what Azure accepts and never returns. */
export function render(resource: StoredResource): Json {
  const type = byToken(resource.token);
  const hidden = (type?.writeOnly ?? []).map((path) =>
    path.startsWith("properties.") || type?.envelope.includes(path)
      ? path
      : `properties.${type?.wire[path] ?? path}`,
  );
  const body = without(resource.body, hidden);
  const properties = isJson(body.properties) ? body.properties : {};
  return {
    id: resource.id,
    name: nameOf(resource.id),
    type: armTypeOf(resource.id),
    ...body,
    properties: { ...properties, ...(resource.config === undefined ? {} : { siteConfig: null }) },
  };
}
