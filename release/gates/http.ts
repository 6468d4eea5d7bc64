import { performance } from "node:perf_hooks";
import { jsonOf } from "../clients/http";
import { http2Exchange, type WebSocketAnswer, webSocketHandshake } from "../clients/protocols";
import type { HostRequest, Surroundings } from "../clients/surroundings";
import { withinTime } from "../clients/within-time";
import { UserError } from "../user-error";
import { type Asking, answer, looking, nothing } from "./asking";
import { type Compared, compareAll, valueAt } from "./comparison";
import type { GateContext, GateProvider, Sample } from "./gate-provider";
import { type HttpGate, requestOf } from "./http-request";
import { realMilliseconds } from "./measuring";
import { failureOf } from "./transport";

/**
 * One request to a host of the system, and everything that its answer must be. A host that refuses, is too slow or shows a
 * wrong certificate has failed, as its users meet the same; a name that cannot be looked up or a way that is not there
 * says nothing about it.
 */
export function httpProvider(asking: Pick<Asking, "surroundings" | "secret">): GateProvider<HttpGate> {
  return {
    look(gate, context) {
      const { method, host, path } = gate.check;
      const question = `${method} ${host} ${path}`;
      const openMilliseconds = realMilliseconds(gate.check.staysOpenSeconds ?? 0, context);
      // The limit of the request itself is the gate's; what reads secrets before it has its own time.
      const limit = { timeoutSeconds: gate.timeoutSeconds * 2 + openMilliseconds / 1000 };
      return looking(question, limit, context, async (look) => {
        const request = await requestOf(gate, asking, context, look);
        const began = performance.now();
        let got: WebSocketAnswer;
        try {
          got = await send(asking.surroundings, gate, request, openMilliseconds);
        } catch (error) {
          context.signal.throwIfAborted();
          const failure = failureOf(error, asking.surroundings.environment === "dev");
          if (failure === undefined) throw error;
          return answer(question, false, `${request.url.host}: ${failure}`);
        }
        const milliseconds = Math.round(performance.now() - began);
        const body = jsonOf(got);
        if (body !== undefined) context.remembered.set(gate.name, body);
        const judged = judge(question, gate, context, { got, body, milliseconds });
        const cleaned = await cleanUp(asking.surroundings, gate, request, body, context);
        if (cleaned === undefined || judged.kind !== "answer") return judged;
        return { ...judged, seen: `${judged.seen}; ${cleaned}` };
      });
    },
  };
}

function send(
  surroundings: Surroundings,
  gate: HttpGate,
  request: HostRequest,
  openMilliseconds: number,
): Promise<WebSocketAnswer> {
  const timeoutMilliseconds = gate.timeoutSeconds * 1000;
  switch (gate.check.protocol) {
    case undefined:
    case "http/1.1":
      return surroundings.fetchHttp({ ...request, timeoutMilliseconds, ownConnection: true });
    case "h2":
      return withinTime(timeoutMilliseconds, request.signal, (signal) =>
        http2Exchange(surroundings, { ...request, signal }),
      );
    case "websocket":
      return withinTime(timeoutMilliseconds + openMilliseconds, request.signal, (signal) =>
        webSocketHandshake(surroundings, { ...request, signal }, openMilliseconds),
      );
  }
}

interface Answered {
  readonly got: WebSocketAnswer;
  readonly body: unknown;
  readonly milliseconds: number;
}

function judge(
  question: string,
  gate: HttpGate,
  context: GateContext,
  { got, body, milliseconds }: Answered,
): Sample {
  const { check } = gate;
  const found: Compared[] = [
    {
      holds: check.status.includes(got.status),
      seen: `status ${got.status}${wanted(check.status, got.status)}`,
    },
  ];
  if (check.staysOpenSeconds !== undefined && check.status.includes(got.status)) {
    const holds = got.endedAfter === undefined;
    const open = holds ? "it stayed open" : `it was ended after ${Math.round(got.endedAfter / 100) / 10} s`;
    found.push({ holds, seen: open });
  }
  if (check.json !== undefined) {
    found.push(
      body === undefined ? { holds: false, seen: "the answer is no JSON" } : compareAll(check.json, body),
    );
  }
  if (check.responseHeaders !== undefined)
    found.push(compareAll(lowered(check.responseHeaders), got.headers));
  if (check.bodyContains !== undefined) {
    const holds = got.text.includes(check.bodyContains);
    found.push({
      holds,
      seen: `the answer ${holds ? "contains" : "does not contain"} ${JSON.stringify(check.bodyContains)}`,
    });
  }
  if (check.version !== undefined) {
    const proof = versionProof(check.version, context, body);
    if (typeof proof === "string") return nothing(question, proof);
    found.push(proof);
  }
  if (check.atMostMilliseconds !== undefined) {
    const holds = milliseconds <= check.atMostMilliseconds;
    found.push({
      holds,
      seen: `${milliseconds} ms${holds ? "" : `, and at most ${check.atMostMilliseconds} are allowed`}`,
    });
  }
  const failed = found.filter(({ holds }) => !holds);
  const told = failed.length === 0 ? found : failed;
  return answer(question, failed.length === 0, told.map(({ seen }) => seen).join("; "));
}

function wanted(allowed: readonly number[], status: number): string {
  return allowed.includes(status) ? "" : `, not ${allowed.join(" or ")}`;
}

/** Node writes the names of headers in small letters. */
function lowered(conditions: NonNullable<HttpGate["check"]["responseHeaders"]>) {
  return conditions.map((condition) => ({ ...condition, path: condition.path.toLowerCase() }));
}

/** @returns the reason as a text when nobody knows which version it must be */
function versionProof(
  { of, path }: NonNullable<HttpGate["check"]["version"]>,
  context: GateContext,
  body: unknown,
): Compared | string {
  const expected = of === "candidate" ? context.manifest.version : context.liveVersion;
  if (expected === undefined) return "nobody recorded which version was live when the release began";
  const found = valueAt(body, path);
  if (typeof found !== "string" && typeof found !== "number") {
    return { holds: false, seen: `the answer names no version at ${path}` };
  }
  const holds = String(found) === expected;
  return { holds, seen: `version ${found}${holds ? "" : `, not ${expected}`}` };
}

/** Removes what the request wrote. @returns what people must know when that failed */
async function cleanUp(
  surroundings: Surroundings,
  { check, timeoutSeconds }: HttpGate,
  request: HostRequest,
  body: unknown,
  { signal }: GateContext,
): Promise<string | undefined> {
  if (check.cleanUp === undefined) return undefined;
  const { method, path, idPath } = check.cleanUp;
  const id = valueAt(body, idPath);
  if (typeof id !== "string" && typeof id !== "number") {
    return `what the request may have written cannot be removed: the answer has no ${idPath}`;
  }
  const url = new URL(path.replace("{id}", encodeURIComponent(String(id))), request.url);
  const { "content-type": _, "Content-Type": __, ...headers } = request.headers ?? {};
  try {
    const timeoutMilliseconds = timeoutSeconds * 1000;
    const { status } = await surroundings.fetchHttp({ method, url, headers, timeoutMilliseconds, signal });
    if (status < 300 || status === 404) return undefined;
    return `${id} was written and could not be removed (${method} ${url.pathname} answered ${status}): remove it by hand`;
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof UserError)) throw error;
    return `${id} was written and could not be removed (${error.message}): remove it by hand`;
  }
}
