import { timingSafeEqual } from "node:crypto";
import {
  request as ask,
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { type ClusterObjects, collected, collectorJobs } from "./collectors";
import { exposition, expositionType } from "./exposition";

/** Questions of the HTTP API; what writes or stops stays with the keeper. */
const questions =
  /^\/api\/v1\/(query|query_range|query_exemplars|series|labels|label\/[\w%.-]+\/values|metadata|targets|targets\/metadata|rules|alerts|status\/[a-z]+)$/;

interface FrontOptions {
  readonly token: string;
  readonly cluster: ClusterObjects;
  /** The server behind it; undefined while it is not running. */
  readonly server: () => ServerAddress | undefined;
}

export interface ServerAddress {
  readonly port: number;
  /** Value of the header `authorization`. */
  readonly authorization: string;
}

/** What answers for the Prometheus of dev: its API to whoever has the token, and the metrics of the cluster's collectors. */
export function createFront(options: FrontOptions): Server {
  return createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://front");
    if (!allowed(request, options.token))
      return refuse(response, 401, "the access token is missing or wrong");
    const job = collectorJobs.find((each) => pathname === `/collectors/${each}`);
    if (job !== undefined && request.method === "GET") {
      response.writeHead(200, { "content-type": expositionType });
      response.end(exposition(collected(job, options.cluster, Date.now())));
      return;
    }
    if (!questions.test(pathname) || !["GET", "POST"].includes(request.method ?? "")) {
      return refuse(response, 404, `there is no ${request.method} ${pathname} here`);
    }
    const server = options.server();
    if (server === undefined) return refuse(response, 503, "Prometheus is being started");
    passOn(request, response, server);
  });
}

function allowed({ headers }: IncomingMessage, token: string): boolean {
  const given = Buffer.from(headers.authorization ?? "");
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

function passOn(request: IncomingMessage, response: ServerResponse, server: ServerAddress): void {
  const { "content-type": contentType, "content-length": contentLength } = request.headers;
  const onward = ask(
    {
      host: "127.0.0.1",
      port: server.port,
      method: request.method,
      path: request.url,
      headers: {
        authorization: server.authorization,
        ...(contentType !== undefined && { "content-type": contentType }),
        ...(contentLength !== undefined && { "content-length": contentLength }),
      },
    },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, {
        "content-type": answer.headers["content-type"] ?? "application/json",
      });
      answer.pipe(response);
    },
  );
  onward.on("error", (error) => {
    if (response.headersSent) response.destroy();
    else refuse(response, 503, `Prometheus does not answer: ${error.message}`);
  });
  response.on("close", () => onward.destroy());
  request.pipe(onward);
}

/** In the form of Prometheus' own refusals. */
function refuse(response: ServerResponse, status: number, error: string): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify({ status: "error", errorType: "keeper", error }));
}
