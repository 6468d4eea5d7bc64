import { randomBytes } from "node:crypto";
import type { OutgoingHttpHeaders } from "node:http";
import { UserError } from "../user-error";
import { connectionFailure } from "./connection-failure";
import type { HttpAnswer } from "./http";
import { byFront, type HostRequest, type Surroundings } from "./surroundings";
import { stayedOpen } from "./web-socket";

type Asking = Pick<Surroundings, "environment" | "outside">;

/** An answer to a handshake, and when the connection ended that was to stay open. */
export interface WebSocketAnswer extends HttpAnswer {
  /** Milliseconds after it was accepted; absent when it stayed open for as long as was asked. */
  readonly endedAfter?: number;
}

/**
 * Opens a WebSocket, leaves it open for a while and closes it again. Meanwhile pings are answered, as a server takes a
 * client for dead that does not.
 *
 * @param openMilliseconds how long it is to stay open. @default it is closed at once
 * @returns the answer to the handshake: 101, or what the host says instead
 * @throws UserError, retriable, when nobody answers; the signal's reason
 */
export async function webSocketHandshake(
  surroundings: Asking,
  request: HostRequest,
  openMilliseconds = 0,
): Promise<WebSocketAnswer> {
  const { url, headers, signal } = placed(surroundings, request);
  const { request: send } =
    url.protocol === "https:" ? await import("node:https") : await import("node:http");
  const upgrade = {
    ...headers,
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": randomBytes(16).toString("base64"),
  };
  return told(request, () => {
    return new Promise((resolve, reject) => {
      const outgoing = send(url, { headers: upgrade, signal });
      outgoing.on("upgrade", (incoming, socket, head) => {
        const accepted = { status: incoming.statusCode ?? 0, headers: incoming.headers, text: "" };
        void stayedOpen(socket, head, openMilliseconds, signal).then(
          (endedAfter) => resolve({ ...accepted, ...(endedAfter !== undefined && { endedAfter }) }),
          reject,
        );
      });
      outgoing.on("response", (incoming) => {
        incoming.resume();
        incoming.on("error", reject);
        incoming.on("end", () =>
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text: "" }),
        );
      });
      outgoing.on("error", (error) => reject(signal?.aborted ? signal.reason : error));
      outgoing.end();
    });
  });
}

/**
 * One request by HTTP/2.
 *
 * @throws UserError, retriable, when nobody answers or the host does not speak it; the signal's reason
 */
export async function http2Exchange(surroundings: Asking, request: HostRequest): Promise<HttpAnswer> {
  if (surroundings.environment === "dev") {
    throw new UserError("the front of dev speaks HTTP/1.1 only, so that HTTP/2 cannot be tried there");
  }
  const { connect } = await import("node:http2");
  const { method, url, headers, body, signal } = request;
  return told(request, () => {
    return new Promise((resolve, reject) => {
      const session = connect(url.origin);
      const fail = (error: Error) => {
        session.destroy();
        // A stream that the connection's end cancelled has that as its cause.
        reject(signal?.aborted ? signal.reason : (error.cause ?? error));
      };
      session.on("error", fail);
      const stream = session.request({
        ":method": method,
        ":path": url.pathname + url.search,
        ...(headers as OutgoingHttpHeaders),
      });
      signal?.addEventListener("abort", () => fail(new Error("aborted")), { once: true });
      const chunks: Buffer[] = [];
      let status = 0;
      let answered: HttpAnswer["headers"] = {};
      stream.on("response", ({ ":status": code, ...rest }) => {
        status = code ?? 0;
        answered = rest as HttpAnswer["headers"];
      });
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("error", fail);
      stream.on("end", () => {
        session.close();
        resolve({ status, headers: answered, text: Buffer.concat(chunks).toString("utf8") });
      });
      stream.end(body);
    });
  });
}

function placed({ environment, outside }: Asking, request: HostRequest): HostRequest {
  if (environment !== "dev") return request;
  if (outside.stateDir === undefined) {
    throw new UserError("SWITCHYARD_STATE_DIR is not set, so that the front of dev cannot be found");
  }
  return byFront(request, outside.stateDir);
}

async function told<Answer>(
  { method, url, signal }: HostRequest,
  ask: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    const reason = http2Failure(error) ?? connectionFailure(error);
    if (reason === undefined || signal?.aborted) throw error;
    throw new UserError(`${method} ${url.origin}${url.pathname}: ${reason}`, {
      cause: error,
      retriable: true,
    });
  }
}

/** That a host does not speak HTTP/2, in words; undefined for another failure. */
export function http2Failure(error: unknown): string | undefined {
  const code: unknown = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  // That a time is over is an error whose code is a number.
  if (typeof code !== "string") return undefined;
  return code.startsWith("ERR_HTTP2_") || code === "ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL"
    ? "it does not speak HTTP/2"
    : undefined;
}
