import type { HttpAnswer } from "../clients/http";
import { jsonOf } from "../clients/http";
import { clusterOf } from "../data/tasks";
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
 * @param question `SERVICE:PORT/PATH`
 * @returns JSON, or the text where it is none; also of an answer that is no success, which says how its pod is
 * @throws UserError when no pod answers
 */
export async function askPod(question: string, namespace: string, asked: Asked): Promise<unknown> {
  const [, service, port, path] = /^([a-z0-9-]+):(\d+)(\/.*)$/.exec(question) ?? [];
  if (service === undefined || port === undefined || path === undefined)
    throw new UserError(`${question} is not SERVICE:PORT/PATH`);
  const got =
    asked.asking.surroundings.environment === "dev"
      ? await byFront(`http://${service}.${namespace}.svc.cluster.local:${port}${path}`, asked)
      : await byApiServer(`/api/v1/namespaces/${namespace}/services/${service}:${port}/proxy${path}`, asked);
  return jsonOf(got) ?? got.text;
}

/** Says of an answer of the front that it is not a pod's. */
const causeHeader = "x-switchyard-cause";

async function byFront(address: string, { asking, look }: Asked): Promise<HttpAnswer> {
  const url = new URL(address);
  const got = await asking.surroundings.fetchHttp({ method: "GET", url, signal: look.signal });
  const cause = got.headers[causeHeader];
  if (cause === undefined) return got;
  throw new UserError(`no pod answers for ${url.host}: ${got.text.slice(0, 200)}`, { retriable: true });
}

async function byApiServer(path: string, { asking, context, look }: Asked): Promise<HttpAnswer> {
  const cluster = await asking.surroundings.kubernetes(clusterOf(context.facts), look.signal);
  return cluster.proxied(path);
}
