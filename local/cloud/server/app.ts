import { createHash, timingSafeEqual } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { UserError } from "../../user-error";
import { isJson, type Json } from "../resource-types";
import { ArmError } from "./arm-error";
import type { ArmResponse } from "./arm-response";
import { backupRequest, retrieveBackupInformation } from "./backups";
import type { Cloud, CloudSettings } from "./cloud";
import { deletedResources, deleteResource } from "./delete";
import { purgeEndpoint } from "./edge-purge";
import { frontRoutes } from "./front-routes";
import { jobExecutionRequest } from "./job-executions";
import { keyReferenceRequest } from "./key-references";
import { permissionsRequest } from "./permissions";
import { countByType, postAction, readResource } from "./read";
import { refuseApiVersion, refuseForeignSubscription } from "./refusals";
import { render } from "./render";
import {
  siteConfigRequest,
  siteContentRequest,
  siteDeploymentsRequest,
  siteListRequest,
  siteStateAction,
} from "./sites";
import { swapSlots } from "./swap";
import { telemetryRequest } from "./telemetry";
import { writeResource } from "./write";

export interface AppOptions {
  cloud: Cloud;
  token: string;
  version: string;
  stateDir: string;
  startedAt: string;
  /** Called after a request to stop was answered. */
  onStop(): void;
}

const BODY_LIMIT = 8 * 1024 * 1024;

/** The HTTP face of the embedded cloud: ARM by id, and `/_switchyard/…` for its own handling. */
export function createApp(options: AppOptions): FastifyInstance {
  const { cloud, token } = options;
  const app = Fastify({ bodyLimit: BODY_LIMIT, exposeHeadRoutes: true, forceCloseConnections: true });
  const expected = digestOf(`Bearer ${token}`);
  // A POST without arguments often says JSON and sends nothing.
  app.removeContentTypeParser("application/json");
  app.addContentTypeParser("application/json", { parseAs: "string" }, (_request, text, done) => {
    try {
      done(null, text === "" ? undefined : JSON.parse(String(text)));
    } catch (error) {
      done(Object.assign(error as Error, { statusCode: 400 }));
    }
  });

  app.addHook("onRequest", async (request) => {
    if (!timingSafeEqual(digestOf(request.headers.authorization ?? ""), expected)) {
      throw new ArmError(
        401,
        "InvalidAuthenticationToken",
        "The access token is missing or is not that of this local cloud. It is in cloud/endpoint.json of the state folder and changes with every start.",
      );
    }
  });
  app.setErrorHandler((error, _request, reply) => answerError(error, reply));
  app.setNotFoundHandler((request, reply) =>
    answerError(new ArmError(404, "InvalidRequestUri", `Nothing is at '${pathOf(request)}'.`), reply),
  );
  ownRoutes(app, options);
  frontRoutes(app, cloud);
  app.route({
    method: ["GET", "PUT", "PATCH", "DELETE", "POST"],
    url: "/*",
    handler: async (request, reply) => send(await armRequest(options, request), reply),
  });
  return app;
}

/** Both sides hashed: equal length for the constant-time comparison, whatever was sent. */
function digestOf(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

function pathOf(request: FastifyRequest): string {
  const raw = request.url.split("?", 1)[0]!;
  try {
    return decodeURIComponent(raw).replace(/\/+$/, "");
  } catch (error) {
    if (error instanceof URIError)
      throw new ArmError(400, "InvalidRequestUri", `'${raw}' is not a valid path.`);
    throw error;
  }
}

async function armRequest({ cloud, stateDir }: AppOptions, request: FastifyRequest): Promise<ArmResponse> {
  const path = pathOf(request);
  const method = request.method === "HEAD" ? "GET" : request.method;
  const base = `http://${request.headers.host}`;
  const stuck = await sufferFaults(cloud, method, path);
  refuseApiVersion((request.query as Record<string, unknown>)["api-version"]);
  refuseForeignSubscription(path);
  const polled = cloud.operations.poll(path, base, render);
  if (polled !== undefined) return polled;
  const body = bodyOf(request, method);
  const query = request.query as Record<string, unknown>;
  const special =
    (await telemetryRequest(cloud, stateDir, { method, path, query, body })) ??
    permissionsRequest(cloud, method, path) ??
    backupRequest(cloud, method, path) ??
    keyReferenceRequest(cloud, method, path) ??
    siteDeploymentsRequest(cloud, method, path) ??
    (await siteConfigFor(cloud, method, path, body)) ??
    (await cloud.exclusive(() => jobExecutionRequest(cloud, { method, path, body, stuck }, base))) ??
    (await cloud.exclusive(() => deletedResources(cloud, method, path)));
  if (special !== undefined) return special;
  if (method === "GET") return readResource(cloud, path);
  if (method === "POST") return cloud.exclusive(() => post(cloud, path, body, stuck, base));
  if (method === "DELETE") return cloud.exclusive(() => deleteResource(cloud, path, stuck, base));
  const headers = request.headers as Record<string, string | undefined>;
  const patch = method === "PATCH";
  return cloud.exclusive(() => writeResource(cloud, { id: path, body, patch, headers, stuck, base }));
}

async function siteConfigFor(
  cloud: Cloud,
  method: string,
  path: string,
  body: Json,
): Promise<ArmResponse | undefined> {
  if (!["GET", "PUT", "PATCH"].includes(method)) return undefined;
  return cloud.exclusive(
    async () =>
      (await siteConfigRequest(cloud, method, path, body)) ??
      (await siteContentRequest(cloud, method, path, body)),
  );
}

async function post(
  cloud: Cloud,
  path: string,
  body: Json,
  stuck: boolean,
  base: string,
): Promise<ArmResponse> {
  const [id, action] = [path.slice(0, path.lastIndexOf("/")), path.slice(path.lastIndexOf("/") + 1)];
  if (/\/providers\/Microsoft\.Web\/sites\/[^/]+(\/slots\/[^/]+)?$/i.test(id)) {
    if (action.toLowerCase() === "slotsswap") return swapSlots(cloud, id, body, stuck, base);
    const done = await siteStateAction(cloud, id, action.toLowerCase());
    if (done !== undefined) return done;
  }
  const listed = siteListRequest(cloud, path);
  if (listed !== undefined) return listed;
  const purged = await purgeEndpoint(cloud, path, body, stuck, base);
  if (purged !== undefined) return purged;
  const backup = await retrieveBackupInformation(cloud, path, body, stuck, base);
  return backup ?? postAction(cloud, path, body);
}

function bodyOf(request: FastifyRequest, method: string): Json {
  if (method === "GET" || method === "DELETE" || (method === "POST" && (request.body ?? null) === null))
    return {};
  if (!isJson(request.body)) {
    throw new ArmError(
      400,
      "InvalidRequestContent",
      "The request content was invalid: the body must be a JSON object.",
    );
  }
  return request.body;
}

/** Faults on demand. @returns whether the operation that this request begins is to hang */
async function sufferFaults(cloud: Cloud, method: string, path: string): Promise<boolean> {
  const late = cloud.faults.take(method, path, ["latency"]);
  if (late !== undefined) await wait(late.milliseconds ?? 1000);
  const fault = cloud.faults.take(method, path, ["throttle", "error"]);
  if (fault?.kind === "throttle") {
    const seconds = fault.retryAfterSeconds ?? 1;
    throw new ArmError(
      429,
      "TooManyRequests",
      `The request was throttled; try again after ${seconds} seconds.`,
      {
        headers: { "Retry-After": String(seconds) },
      },
    );
  }
  if (fault?.kind === "error")
    throw new ArmError(500, "InternalServerError", "An internal error (a fault on demand).");
  return (
    ["PUT", "PATCH", "DELETE", "POST"].includes(method) &&
    cloud.faults.take(method, path, ["stuck"]) !== undefined
  );
}

function ownRoutes(app: FastifyInstance, { cloud, version, stateDir, startedAt, onStop }: AppOptions): void {
  app.get("/_switchyard/health", async () => ({
    status: "ok",
    version,
    pid: process.pid,
    stateDir,
    startedAt,
  }));
  app.get("/_switchyard/status", async () => ({
    version,
    pid: process.pid,
    startedAt,
    stateDir,
    resources: countByType(cloud),
    deleted: cloud.store.allDeleted().map((entry) => entry.id),
    operationsInProgress: cloud.store
      .allOperations()
      .filter((entry) => entry.status === "InProgress")
      .map(({ id, kind, resourceId, stuck }) => ({ id, kind, resourceId, stuck })),
    damaged: cloud.store.damaged,
    faults: cloud.faults.list(),
    settings: cloud.settings,
    residentBytes: process.memoryUsage.rss(),
  }));
  app.post("/_switchyard/stop", async (_request, reply) => {
    reply.raw.once("finish", onStop);
    return { status: "stopping" };
  });
  app.get("/_switchyard/faults", async () => ({ value: cloud.faults.list() }));
  app.post("/_switchyard/faults", async (request, reply) =>
    reply.code(201).send(cloud.faults.add(request.body)),
  );
  app.delete("/_switchyard/faults", async () => {
    const cleared = cloud.faults.clear();
    await cloud.exclusive(() => cloud.operations.releaseStuck());
    return { cleared };
  });
  app.post("/_switchyard/settings", async (request) =>
    Object.assign(cloud.settings, parseSettings(request.body)),
  );
}

function parseSettings(value: unknown): Partial<CloudSettings> {
  if (!isJson(value)) throw new UserError("settings must be an object");
  for (const [key, entry] of Object.entries(value)) {
    const right =
      (key === "operationMillis" && typeof entry === "number" && entry >= 0) ||
      (key === "siteExperimentsOnPut" && (entry === "keep" || entry === "clear"));
    if (!right) {
      throw new UserError(
        `${key} ${JSON.stringify(entry)} is not allowed; allowed: operationMillis (a number from 0 on), siteExperimentsOnPut (keep, clear)`,
      );
    }
  }
  return value as Partial<CloudSettings>;
}

async function send({ status, body, headers }: ArmResponse, reply: FastifyReply): Promise<FastifyReply> {
  return reply
    .code(status)
    .headers(headers ?? {})
    .send(body);
}

function answerError(error: unknown, reply: FastifyReply): FastifyReply {
  const known = toArmError(error);
  if (known.status === 500 && !(error instanceof ArmError)) console.error(error);
  return reply
    .code(known.status)
    .headers(known.options.headers ?? {})
    .send(known.toBody());
}

function toArmError(error: unknown): ArmError {
  if (error instanceof ArmError) return error;
  if (error instanceof UserError) return new ArmError(400, "BadRequest", error.message);
  const status = (error as { statusCode?: number }).statusCode;
  if (status !== undefined && status >= 400 && status < 500) {
    return new ArmError(
      status,
      "InvalidRequestContent",
      `The request content was invalid: ${(error as Error).message}`,
    );
  }
  return new ArmError(
    500,
    "InternalServerError",
    "The local cloud failed; its log (logs/cloud.log) says where.",
  );
}
