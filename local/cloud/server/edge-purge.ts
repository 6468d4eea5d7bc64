import type { Json } from "../resource-types";
import { ArmError } from "./arm-error";
import type { ArmResponse } from "./arm-response";
import type { Cloud } from "./cloud";
import { refuseLockedWrite } from "./locks";
import { notFound } from "./write";

const PURGE = /^(.*\/providers\/Microsoft\.Cdn\/profiles\/[^/]+\/afdEndpoints\/[^/]+)\/purge$/i;

/**
 * POST `purge` of a Front Door endpoint: a long operation that answers 202 and ends without a result (REST reference,
 * "AFD Endpoints - Purge Content"). The front of dev caches nothing, so that nothing is forgotten by it.
 *
 * @returns undefined when the path is another
 * @throws ArmError 404 for an unknown endpoint, 400 for paths that are missing or begin with no slash
 */
export async function purgeEndpoint(
  cloud: Cloud,
  path: string,
  { contentPaths }: Json,
  stuck: boolean,
  base: string,
): Promise<ArmResponse | undefined> {
  const id = PURGE.exec(path)?.[1];
  if (id === undefined) return undefined;
  if (cloud.store.get(id) === undefined) throw notFound(id);
  refuseLockedWrite(cloud.store, id);
  cloud.refuseBusy(id);
  const wrong =
    !Array.isArray(contentPaths) ||
    contentPaths.length === 0 ||
    !contentPaths.every((each) => typeof each === "string" && each.startsWith("/"));
  if (wrong) {
    throw new ArmError(
      400,
      "BadRequest",
      "'contentPaths' is required: at least one path, each beginning with '/'.",
      { target: "contentPaths" },
    );
  }
  const operation = await cloud.operations.begin({
    kind: "update",
    resourceId: id,
    after: [],
    stuck: stuck || undefined,
  });
  cloud.operations.run(operation);
  return { status: 202, headers: cloud.operations.headers(operation, base) };
}
