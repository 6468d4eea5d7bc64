import { randomUUID } from "node:crypto";
import { isJson, type Json } from "../resource-types";
import { ArmError } from "./arm-error";
import type { ArmResponse } from "./arm-response";
import type { Cloud } from "./cloud";
import { refuseLockedWrite } from "./locks";
import { isSite } from "./sites";

const staticSite = "azure-native:web:StaticSite";

/**
 * What the deployment host of a site, a slot or a static site has taken in: stored as the site's content, which a swap
 * moves.
 *
 * @param body `{id, content}`
 * @throws ArmError 404 for what is no site, 409 while it is locked or being swapped
 */
export async function putSiteContent(cloud: Cloud, body: unknown): Promise<ArmResponse> {
  const { id, content } = isJson(body) ? body : ({} as Json);
  if (typeof id !== "string" || !isJson(content)) {
    throw new ArmError(400, "BadRequest", "The body must be {id, content}.");
  }
  const site = cloud.store.get(id);
  if (site === undefined || !(isSite(site) || site.token === staticSite)) {
    throw new ArmError(404, "ResourceNotFound", `The site '${id}' was not found.`, { target: id });
  }
  refuseLockedWrite(cloud.store, site.id);
  cloud.refuseBusy(site.id);
  const deployed = { ...content, deployedAt: cloud.now() };
  await cloud.store.put({ ...site, content: deployed, etag: randomUUID(), changedAt: cloud.now() });
  return { status: 200, body: deployed };
}
