import { timingSafeEqual } from "node:crypto";
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { Duplex } from "node:stream";
import { readEndpoint } from "../../cloud/endpoint";
import { UserError } from "../../user-error";
import type { EdgeHost } from "../azure/edge";
import { asJson } from "../azure/json";
import type { Site } from "../azure/sites";
import { matchRule } from "../cluster/route-table";
import type { Telemetry } from "../counts/telemetry";
import { frontHeader } from "../endpoint";
import { drawSide, slotNamed } from "../sites/ramp";
import { type Answer, errorAnswer, jsonAnswer, plainAnswer } from "./answer";
import type { HostFaults } from "./host-faults";
import type { World } from "./world";

const largestBody = 256 * 1024 * 1024;

interface FrontOptions {
  readonly world: World;
  readonly telemetry: Telemetry;
  readonly faults: HostFaults;
  readonly token: string;
  readonly stateDir: string;
  /** Answers `/_switchyard/…`. */
  readonly control: (method: string, path: string, body: unknown) => Promise<Answer>;
}

interface Asked {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly host: string;
  readonly path: string;
  readonly query: string;
  readonly method: string;
  readonly body: Buffer;
}

/** The front of dev: one server that answers for every host, told apart by name. */
export function createFront(options: FrontOptions): Server {
  const server = createServer((incoming, outgoing) => {
    serve(options, incoming, outgoing).catch((error: unknown) => {
      console.error(error);
      if (!outgoing.headersSent)
        send(outgoing, errorAnswer(500, "InternalServerError", "the front of dev failed"));
      else outgoing.destroy();
    });
  });
  server.on("upgrade", (incoming, client) => {
    client.on("error", () => client.destroy());
    upgrade(options, incoming, client).catch((error: unknown) => {
      console.error(error);
      client.destroy();
    });
  });
  server.keepAliveTimeout = 75_000;
  return server;
}

/** WebSockets, which only programs on the cluster have here. */
async function upgrade(
  { world, telemetry, token }: FrontOptions,
  incoming: IncomingMessage,
  client: Duplex,
): Promise<void> {
  const refuse = (status: number, text: string) =>
    client.end(`HTTP/1.1 ${status} ${text}\r\nConnection: close\r\n\r\n`);
  if (!allowed(incoming, token)) return void refuse(401, "Unauthorized");
  const host = hostOf(incoming);
  const [path = "/"] = (incoming.url ?? "/").split("?", 1);
  const method = incoming.method ?? "GET";
  const matched = matchRule(world.objects, { host, path, method, headers: incoming.headers });
  if (matched === "no-host" || matched === undefined) return void refuse(404, "no route matches");
  const { service, status, pod } = await world.pods.upgrade(matched, incoming, client);
  telemetry.forwarded({ host, service, status, namespace: matched.route.metadata.namespace ?? "", pod });
}

function hostOf({ headers }: IncomingMessage): string {
  return (headers.host ?? "").replace(/:\d+$/, "").toLowerCase();
}

async function serve(
  options: FrontOptions,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const { token, control, stateDir, world, telemetry } = options;
  if (!allowed(incoming, token)) {
    incoming.resume();
    return send(outgoing, errorAnswer(401, "Unauthorized", `the header ${frontHeader} is missing or wrong`));
  }
  const body = await bodyOf(incoming);
  const [path = "/", query = ""] = (incoming.url ?? "/").split("?", 2);
  const host = hostOf(incoming);
  const asked: Asked = { incoming, outgoing, host, path, query, method: incoming.method ?? "GET", body };
  if (path.startsWith("/_switchyard/")) return send(outgoing, await control(asked.method, path, json(body)));
  const inside = insideName.exec(incoming.headers.host?.toLowerCase() ?? "")?.groups;
  if (inside !== undefined) return insideService(options, asked, inside as unknown as InsideName);
  const service = serviceOf(host, world);
  if (service === undefined) return publicHost(options, asked);
  if (!bearer(incoming, stateDir, token)) {
    return send(
      outgoing,
      errorAnswer(401, "Unauthorized", "a bearer token is needed; on dev that of cloud/endpoint.json"),
    );
  }
  if (service.kind === "vault") return send(outgoing, await vault(stateDir, asked));
  if (service.kind === "logs") {
    const workspace = /^\/v1\/workspaces\/([^/]+)\/query$/.exec(path)?.[1];
    if (workspace === undefined) return send(outgoing, errorAnswer(404, "PathNotFoundError", `no ${path}`));
    const sent = { ...Object.fromEntries(new URLSearchParams(query)), ...asJson(json(body)), workspace };
    return send(outgoing, telemetry.query(sent));
  }
  const request = { method: asked.method, path, query: new URLSearchParams(query), body };
  send(outgoing, await world.deployments.answer(service.site, request));
}

type Service = { kind: "vault" } | { kind: "logs" } | { kind: "deployment"; site: Site };

function serviceOf(host: string, { sites }: World): Service | undefined {
  if (host.endsWith(".vault.azure.net")) return { kind: "vault" };
  if (host === "api.loganalytics.io" || host === "api.loganalytics.azure.com") return { kind: "logs" };
  const site = sites.byDeploymentHost.get(host);
  return site === undefined ? undefined : { kind: "deployment", site };
}

async function publicHost(options: FrontOptions, asked: Asked): Promise<void> {
  const { world, token, stateDir } = options;
  const { host, path, query, outgoing } = asked;
  const edge = world.edge.get(host);
  if (edge?.blocks(`https://${host}:443${path}${query === "" ? "" : `?${query}`}`)) {
    return send(outgoing, plainAnswer(403, "The request is blocked.", "firewall"), edge);
  }
  const site = world.sites.byHost.get(host) ?? (edge && world.sites.byHost.get(edge.originHost));
  if (site === undefined) return clusterHost(options, asked, edge);
  if (site.kind === "staticSite" && /^\/api\/(deploy|deployments)(\/|$)/.test(path)) {
    const request = { method: asked.method, path, query: new URLSearchParams(query), body: asked.body };
    const answer = bearer(asked.incoming, stateDir, token)
      ? await world.deployments.answer(site, request)
      : errorAnswer(401, "Unauthorized", "a bearer token is needed");
    return send(outgoing, answer);
  }
  await siteHost(options, asked, site, edge);
}

async function siteHost(
  { world, telemetry, faults }: FrontOptions,
  { incoming, outgoing, host, path, query, method }: Asked,
  site: Site,
  edge: EdgeHost | undefined,
): Promise<void> {
  const began = performance.now();
  // A slot that is asked by its own host is not drawn.
  const drawn =
    site.slot === undefined && site.kind !== "staticSite"
      ? drawSide(site, incoming.headers.cookie, query, Math.random)
      : undefined;
  const slot = drawn && slotNamed(site, drawn.name, (name) => world.sites.slotOf(site, name));
  const served = slot ?? site;
  const fault = faults.of(host, served.slot ?? "production");
  const answer = await world.apps.answer(served, { method, path, headers: incoming.headers }, fault);
  const cookie = drawn?.cookie;
  send(
    outgoing,
    cookie === undefined ? answer : { ...answer, headers: { ...answer.headers, "set-cookie": cookie } },
    edge,
  );
  telemetry.served({
    siteId: served.id,
    role: served.role,
    name: `${method} ${path}`,
    status: answer.status,
    milliseconds: performance.now() - began,
    failed: answer.failed,
    // An answer of a function is a success whatever it says, unless the invocation threw.
    success: served.kind === "functionApp" ? !answer.failed : answer.status < 400,
    trackedMetrics: answer.trackedMetrics,
  });
}

async function clusterHost(
  { world, telemetry, faults }: FrontOptions,
  { incoming, outgoing, host, path, method, body }: Asked,
  edge: EdgeHost | undefined,
): Promise<void> {
  const matched = matchRule(world.objects, { host, path, method, headers: incoming.headers });
  if (matched === "no-host")
    return send(outgoing, plainAnswer(404, `nothing answers for ${host}`, "unknown-host"));
  if (matched === undefined) return send(outgoing, plainAnswer(404, "no route matches", "no-route"), edge);
  const fault = await faults.suffer(host);
  if (fault !== undefined) return send(outgoing, fault, edge);
  const sent = await world.pods.forward(
    matched,
    incoming,
    body,
    outgoing,
    (answer) => send(outgoing, answer, edge),
    (headers) => withEdge(headers as Record<string, string>, edge) as IncomingHttpHeaders,
  );
  telemetry.forwarded({
    host,
    service: sent.service,
    status: sent.status,
    namespace: matched.route.metadata.namespace ?? "",
    pod: sent.pod,
  });
}

/** A Service as pods of the cluster name it. */
const insideName =
  /^(?<service>[a-z0-9-]+)\.(?<namespace>[a-z0-9-]+)\.svc\.cluster\.local(?::(?<port>\d+))?$/;
interface InsideName {
  readonly service: string;
  readonly namespace: string;
  readonly port?: string;
}

/** Stands for a request from within the cluster: no route, no edge, and nothing that is counted as traffic. */
async function insideService(
  { world }: FrontOptions,
  { incoming, outgoing, body }: Asked,
  { service, namespace, port = "80" }: InsideName,
): Promise<void> {
  const rule = { backendRefs: [{ name: service, port: Number(port) }] };
  const metadata = { name: `inside-${service}`, namespace, uid: "", resourceVersion: "" };
  const route = { metadata, spec: {} };
  const answer = (one: Answer) => send(outgoing, one);
  await world.pods.forward({ route, rule }, incoming, body, outgoing, answer, (headers) => headers);
}

async function vault(stateDir: string, { host, method, path, body }: Asked): Promise<Answer> {
  const endpoint = readEndpoint(stateDir);
  if (endpoint === undefined) return errorAnswer(503, "ServiceUnavailable", "the local cloud is not running");
  try {
    const asked = { method, vault: host.split(".")[0], path, body: json(body) };
    const response = await fetch(`${endpoint.url}/_switchyard/vault`, {
      method: "POST",
      headers: { authorization: `Bearer ${endpoint.token}`, "content-type": "application/json" },
      body: JSON.stringify(asked),
      signal: AbortSignal.timeout(10_000),
    });
    return jsonAnswer(response.status, await response.json());
  } catch (error) {
    return errorAnswer(
      503,
      "ServiceUnavailable",
      `the local cloud does not answer: ${(error as Error).message}`,
    );
  }
}

function send(outgoing: ServerResponse, { status, headers, body }: Answer, edge?: EdgeHost): void {
  if (outgoing.destroyed) return;
  outgoing.writeHead(status, { ...withEdge(headers, edge), "content-length": Buffer.byteLength(body) });
  outgoing.end(body);
}

function withEdge(
  headers: Readonly<Record<string, string>>,
  edge: EdgeHost | undefined,
): Record<string, string> {
  const result = { ...headers };
  for (const { action, name, value } of edge?.responseHeaders ?? []) {
    if (action === "Delete") delete result[name];
    else result[name] = action === "Append" && result[name] !== undefined ? result[name] + value : value;
  }
  return result;
}

function allowed({ headers }: IncomingMessage, token: string): boolean {
  return sameText(String(headers[frontHeader] ?? ""), token);
}

/** The local cloud's token stands for every Azure login on dev. */
function bearer({ headers }: IncomingMessage, stateDir: string, token: string): boolean {
  const given = String(headers.authorization ?? "");
  const cloud = readEndpoint(stateDir)?.token;
  return sameText(given, `Bearer ${token}`) || (cloud !== undefined && sameText(given, `Bearer ${cloud}`));
}

function sameText(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += (chunk as Buffer).length;
    if (size > largestBody) throw new UserError("the body is too large");
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

function json(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(body.toString("utf8"));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
