import {
  Agent,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { type Answer, type Cause, causeHeader, plainAnswer } from "../front/answer";
import type { ClusterObjects, Endpoint } from "./cluster-objects";
import {
  type BackendReference,
  type HeaderChange,
  type HttpRoute,
  keyOfObject,
  type RouteRule,
} from "./objects";
import type { PodPorts } from "./pod-ports";
import type { MatchedRule } from "./route-table";

/** Connections that the gateway has to an endpoint that is taken away are drained for this time at most. */
const drainMilliseconds = 250;
/** Attempts at other endpoints when one does not accept a connection (Istio's default policy). */
const attempts = 3;
const hopHeaders = [
  "connection",
  "keep-alive",
  "transfer-encoding",
  "upgrade",
  "x-switchyard-front",
  "proxy-connection",
];

export interface Forwarded {
  readonly status: number;
  /** Service that was chosen. */
  readonly service: string;
  readonly pod?: string;
  readonly cause?: Cause;
}

interface Choice {
  readonly backend: string;
  readonly endpoint: Endpoint;
}

/** Sends requests to pods: weights choose the Service, turns its endpoints. */
export class PodProxy {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 256, maxFreeSockets: 64 });
  readonly #turns = new Map<string, number>();
  readonly #last = new WeakMap<Socket, Choice & { route: string }>();

  constructor(
    readonly objects: ClusterObjects,
    readonly ports: PodPorts,
    readonly random: () => number = Math.random,
  ) {}

  /**
   * @param body of the request, read whole: an attempt at another endpoint sends it again
   * @returns what was sent to the client
   */
  async forward(
    { route, rule }: MatchedRule,
    incoming: IncomingMessage,
    body: Buffer,
    outgoing: ServerResponse,
    send: (answer: Answer) => void,
    decorate: (headers: IncomingHttpHeaders) => IncomingHttpHeaders,
  ): Promise<Forwarded> {
    const backend = this.#drawBackend(rule);
    const name = backend?.name ?? "";
    const fail = (status: number, text: string): Forwarded => {
      send(plainAnswer(status, text, "no-endpoint"));
      return { status, service: name, cause: "no-endpoint" };
    };
    if (backend === undefined) return fail(500, "the rule has no backend with a weight");
    const namespace = backend.namespace ?? route.metadata.namespace ?? "";
    const ready = this.objects.readyEndpoints(namespace, backend.name, backend.port ?? 80);
    if (ready === undefined) return fail(500, `there is no Service ${namespace}/${backend.name}`);
    const key = `${namespace}/${backend.name}`;
    const drained = this.#drained(route, rule, incoming.socket);
    for (let attempt = 0; attempt < attempts; attempt++) {
      const choice = attempt === 0 && drained !== undefined ? drained : this.#nextOf(key, ready, attempt);
      if (choice === undefined) return fail(503, "no healthy upstream");
      const local = await this.ports.find(choice.endpoint, attempt > 0);
      if (local === undefined) continue;
      const headers = changed(headersFor(incoming, body), filterOf(rule, "requestHeaderModifier"));
      const answered = await this.#send(local.port, incoming, headers, body);
      if (answered === "refused") continue;
      if (answered instanceof Error) {
        send(plainAnswer(502, `the connection to the pod broke: ${answered.message}`, "no-endpoint"));
        return { status: 502, service: name, pod: local.pod.name, cause: "no-endpoint" };
      }
      this.#last.set(incoming.socket, { ...choice, route: keyOfObject(route) });
      const status = answered.statusCode ?? 502;
      const shown = decorate(
        changed(withoutHops(answered.headers), filterOf(rule, "responseHeaderModifier")),
      );
      outgoing.writeHead(status, shown as Record<string, string>);
      await pipe(answered, outgoing);
      return { status, service: choice.backend.split("/")[1]!, pod: local.pod.name };
    }
    return fail(503, "no endpoint accepts connections");
  }

  /**
   * Passes the handshake of a WebSocket on and, once it is accepted, everything that either side says.
   * @param client the connection of the client, which has had no answer yet
   */
  async upgrade({ route, rule }: MatchedRule, incoming: IncomingMessage, client: Duplex): Promise<Forwarded> {
    const backend = this.#drawBackend(rule);
    const refuse = (status: number, text: string): Forwarded => {
      client.end(`HTTP/1.1 ${status} ${text}\r\nConnection: close\r\n\r\n`);
      return { status, service: backend?.name ?? "", cause: "no-endpoint" };
    };
    if (backend === undefined) return refuse(500, "no backend has a weight");
    const namespace = backend.namespace ?? route.metadata.namespace ?? "";
    const ready = this.objects.readyEndpoints(namespace, backend.name, backend.port ?? 80) ?? [];
    const choice = this.#nextOf(`${namespace}/${backend.name}`, ready, 0);
    const local = choice && (await this.ports.find(choice.endpoint, false));
    if (local === undefined) return refuse(503, "no healthy upstream");
    const headers = {
      ...changed(headersFor(incoming, Buffer.alloc(0)), filterOf(rule, "requestHeaderModifier")),
      connection: "Upgrade",
      upgrade: incoming.headers.upgrade,
    };
    const { method, url } = incoming;
    const sent = request({ host: "127.0.0.1", port: local.port, method, path: url, headers });
    const pod = local.pod.name;
    return new Promise((resolve) => {
      const answered = (answer: IncomingMessage) => {
        client.write(headText(answer));
        resolve({ status: answer.statusCode ?? 502, service: backend.name, pod });
      };
      sent.on("upgrade", (answer, upstream) => {
        answered(answer);
        upstream.on("error", () => client.destroy());
        client.on("error", () => upstream.destroy());
        upstream.pipe(client).pipe(upstream);
      });
      sent.on("response", (answer) => {
        answered(answer);
        answer.pipe(client);
      });
      sent.on("error", () => resolve({ ...refuse(502, "the connection to the pod broke"), pod }));
      sent.end();
    });
  }

  #drawBackend({ backendRefs = [] }: RouteRule): BackendReference | undefined {
    const total = backendRefs.reduce((sum, { weight = 1 }) => sum + weight, 0);
    let point = this.random() * total;
    for (const backend of backendRefs) {
      const { weight = 1 } = backend;
      if (weight > 0 && point < weight) return backend;
      point -= weight;
    }
    return undefined;
  }

  #nextOf(backend: string, ready: readonly Endpoint[], skip: number): Choice | undefined {
    if (ready.length === 0) return undefined;
    const turn = (this.#turns.get(backend) ?? 0) + (skip > 0 ? 1 : 0);
    this.#turns.set(backend, turn + 1);
    return { backend, endpoint: ready[turn % ready.length]! };
  }

  /** Right after a change a kept connection still goes where it went: a gateway drains, it does not cut. */
  #drained(route: HttpRoute, rule: RouteRule, socket: Socket): Choice | undefined {
    const last = this.#last.get(socket);
    if (last === undefined || last.route !== keyOfObject(route)) return undefined;
    const { changedAt } = this.objects;
    const changed = Math.max(
      changedAt.get(`route ${last.route}`) ?? 0,
      changedAt.get(`service ${last.backend}`) ?? 0,
    );
    if (Date.now() - changed >= drainMilliseconds) return undefined;
    const stays = (rule.backendRefs ?? []).some(
      ({ name, namespace, weight = 1 }) =>
        weight > 0 && `${namespace ?? route.metadata.namespace}/${name}` === last.backend,
    );
    const serves = this.objects
      .readyEndpoints(...splitKey(last.backend), rule.backendRefs?.[0]?.port ?? 80)
      ?.some(({ address }) => address === last.endpoint.address);
    return stays && serves ? undefined : last;
  }

  #send(port: number, incoming: IncomingMessage, headers: IncomingHttpHeaders, body: Buffer) {
    return new Promise<IncomingMessage | "refused" | Error>((resolve) => {
      const { method, url } = incoming;
      const sent = request(
        { host: "127.0.0.1", port, method, path: url, headers, agent: this.#agent },
        resolve,
      );
      sent.on("error", (error: NodeJS.ErrnoException) => {
        // A kept connection that the pod has closed meanwhile: nothing was processed.
        const unsent = error.code === "ECONNREFUSED" || (error.code === "ECONNRESET" && sent.reusedSocket);
        resolve(unsent ? "refused" : error);
      });
      sent.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** Status line and headers of an answer, as they stand on the wire; its body, if any, ends with the connection. */
function headText({ statusCode = 502, statusMessage = "", headers }: IncomingMessage): string {
  const upgraded = statusCode === 101;
  const shown = upgraded ? headers : { ...withoutHops(headers), connection: "close" };
  const lines = Object.entries(shown).flatMap(([name, value]) =>
    [value ?? []].flat().map((one) => `${name}: ${one}`),
  );
  return `${[`HTTP/1.1 ${statusCode} ${statusMessage}`, ...lines].join("\r\n")}\r\n\r\n`;
}

function splitKey(key: string): [string, string] {
  const [namespace, name] = key.split("/");
  return [namespace!, name!];
}

async function pipe(from: IncomingMessage, to: ServerResponse): Promise<void> {
  await new Promise<void>((resolve) => {
    from.on("error", () => to.destroy());
    to.once("close", resolve);
    from.pipe(to);
  });
}

function headersFor(incoming: IncomingMessage, body: Buffer): IncomingHttpHeaders {
  const headers = withoutHops(incoming.headers);
  delete headers["content-length"];
  return {
    ...headers,
    "x-forwarded-proto": "https",
    ...(body.length > 0 ? { "content-length": String(body.length) } : {}),
  };
}

function withoutHops(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !hopHeaders.includes(name) && name !== causeHeader),
  );
}

function filterOf(
  { filters = [] }: RouteRule,
  name: "requestHeaderModifier" | "responseHeaderModifier",
): readonly HeaderChange[] {
  return filters.flatMap((filter) => filter[name] ?? []);
}

function changed(headers: IncomingHttpHeaders, changes: readonly HeaderChange[]): IncomingHttpHeaders {
  const result = { ...headers };
  for (const { set = [], add = [], remove = [] } of changes) {
    for (const name of remove) delete result[name.toLowerCase()];
    for (const { name, value } of set) result[name.toLowerCase()] = value;
    for (const { name, value } of add) {
      const before = result[name.toLowerCase()];
      result[name.toLowerCase()] = before === undefined ? value : `${String(before)},${value}`;
    }
  }
  return result;
}
