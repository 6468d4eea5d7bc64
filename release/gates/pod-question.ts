import type { HttpAnswer } from "../clients/http";
import { jsonOf } from "../clients/http";
import { frontCauseHeader } from "../clients/local-front";
import { clusterOf } from "../data/tasks";
import { type Json, listAt, mapAt } from "../targets/json";
import { UserError } from "../user-error";
import type { Asking, Look } from "./asking";
import type { GateContext } from "./gate-provider";

interface Asked {
  readonly asking: Asking;
  readonly context: GateContext;
  readonly look: Look;
}

/**
 * Asks the pods behind a Service inside the cluster, without a way in from outside: the API server passes the request on
 * (its `proxy`). On dev, whose API server has no way to the emulated pods, the front does, by the name that the cluster's
 * own name server has.
 *
 * @param question `SERVICE:PORT/PATH`, the port that of the Service or of its pods
 * @returns JSON, or the text where it is none; also of an answer that is no success, which says how its pod is
 * @throws UserError when no pod answers
 */
export async function askPod(question: string, namespace: string, asked: Asked): Promise<unknown> {
  const [, service, port, path] = /^([a-z0-9-]+):(\d+)(\/.*)$/.exec(question) ?? [];
  if (service === undefined || port === undefined || path === undefined)
    throw new UserError(`${question} is not SERVICE:PORT/PATH`);
  const { asking, context, look } = asked;
  const cluster = await asking.surroundings.kubernetes(clusterOf(context.facts), look.signal);
  const at = `/api/v1/namespaces/${namespace}/services/${service}`;
  const object = await cluster.find(at);
  if (object === undefined)
    throw new UserError(`there is no Service ${service} in ${namespace}`, { mend: "npx switchyard up" });
  const own = portOf(object, Number(port));
  const got =
    asking.surroundings.environment === "dev"
      ? await byFront(`http://${service}.${namespace}.svc.cluster.local:${own}${path}`, asked)
      : await cluster.proxied(`${at}:${own}/proxy${path}`);
  return jsonOf(got) ?? got.text;
}

/** @throws UserError for a Service with several ports, none of which is the one that is asked for */
function portOf(service: Json, wanted: number): number {
  const ports = listAt(service, "spec", "ports").map((port) => Number(mapAt(port).port));
  const [only, ...others] = ports;
  if (ports.includes(wanted)) return wanted;
  if (only !== undefined && others.length === 0) return only;
  throw new UserError(
    `the Service ${String(mapAt(service, "metadata").name)} has the ports ${ports.join(", ") || "none"}, and not ${wanted}`,
  );
}

async function byFront(address: string, { asking, look }: Asked): Promise<HttpAnswer> {
  const url = new URL(address);
  const got = await asking.surroundings.fetchHttp({ method: "GET", url, signal: look.signal });
  const cause = got.headers[frontCauseHeader];
  if (cause === undefined) return got;
  throw new UserError(`no pod answers for ${url.host}: ${got.text.slice(0, 200)}`, { retriable: true });
}
