import { callTraffic, readTrafficEndpoint } from "../../traffic/endpoint";
import { UserError } from "../../user-error";
import type { Json } from "../resource-types";
import { ArmError } from "./arm-error";
import type { ArmResponse } from "./arm-response";
import type { Cloud } from "./cloud";

const METRICS = /^(\/subscriptions\/.+)\/providers\/microsoft\.insights\/metrics$/i;
const QUERY =
  /^(\/subscriptions\/.+\/providers\/microsoft\.operationalinsights\/workspaces\/[^/]+)(?:\/api)?\/query$/i;

/**
 * Metrics and log queries by ARM id. What was served is counted by the front, which is asked.
 *
 * @returns undefined when the path is neither
 * @throws ArmError 404 for an unknown resource, 503 when the front does not run
 */
export async function telemetryRequest(
  cloud: Cloud,
  stateDir: string,
  request: { method: string; path: string; query: Record<string, unknown>; body: unknown },
): Promise<ArmResponse | undefined> {
  const { method, path, query, body } = request;
  const metrics = method === "GET" ? METRICS.exec(path)?.[1] : undefined;
  const workspace = ["GET", "POST"].includes(method) ? QUERY.exec(path)?.[1] : undefined;
  const id = metrics ?? workspace;
  if (id === undefined) return undefined;
  if (!cloud.exists(id)) {
    throw new ArmError(404, "ResourceNotFound", `The resource '${id}' was not found.`, { target: id });
  }
  const endpoint = readTrafficEndpoint(stateDir);
  if (endpoint === undefined) throw frontMissing("it was not started");
  const asked = metrics === undefined ? { workspace: id, ...query, ...(body as Json) } : { ...query, id };
  try {
    const answer = await callTraffic(
      endpoint,
      "POST",
      metrics === undefined ? "/_switchyard/query" : "/_switchyard/metrics",
      asked,
    );
    return answer as ArmResponse;
  } catch (error) {
    if (error instanceof UserError) throw frontMissing(error.message);
    throw error;
  }
}

function frontMissing(reason: string): ArmError {
  return new ArmError(
    503,
    "ServiceUnavailable",
    `Metrics and logs of the local cloud are the front's, which cannot be asked: ${reason}. Start it: npx switchyard cloud start`,
    { headers: { "Retry-After": "1" } },
  );
}
