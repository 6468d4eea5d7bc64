import type { IncomingHttpHeaders, RequestOptions } from "node:http";
import { withinTime } from "./within-time";

/** What a connection is secured with, all PEM. */
export interface TlsMaterial {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** Name that the server's certificate must be for, when it is not the host's. */
  readonly servername?: string;
}

export interface HttpRequest {
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS";
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** @default 15,000: an API server or Azure that is up answers small questions within a second */
  readonly timeoutMilliseconds?: number;
  readonly tls?: TlsMaterial;
  /**
   * By a connection of its own. One that is kept may be closed by the other side in the moment in which it is used again, which
   * looks like a host that fails (Node.js, "request.reusedSocket"); and it says nothing of whether new ones come about.
   */
  readonly ownConnection?: boolean;
  readonly signal?: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

const answerMilliseconds = 15_000;

/**
 * One exchange. Node's own client: it takes client certificates, and costs a tenth of the start-up time that the
 * libraries do.
 *
 * @throws Error with Node's code (`ECONNREFUSED`, `CERT_HAS_EXPIRED`), or `TimeoutError` by name
 */
export async function exchange(request: HttpRequest): Promise<HttpAnswer> {
  const { timeoutMilliseconds = answerMilliseconds, signal } = request;
  return withinTime(timeoutMilliseconds, signal, (within) => exchangeUntil(within, request));
}

async function exchangeUntil(
  signal: AbortSignal,
  { method, url, body, tls, headers: more, ownConnection }: HttpRequest,
): Promise<HttpAnswer> {
  const { request: send } =
    url.protocol === "https:" ? await import("node:https") : await import("node:http");
  const headers = {
    accept: "application/json",
    ...more,
    ...(body !== undefined && { "content-length": String(Buffer.byteLength(body)) }),
  };
  const options: RequestOptions = { method, headers, signal, ...tls, ...(ownConnection && { agent: false }) };
  return new Promise((resolve, reject) => {
    // A stop in the middle of an answer shows as a connection that was cut.
    const fail = (error: Error) => reject(signal.aborted ? signal.reason : error);
    const outgoing = send(url, options, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("error", fail);
      incoming.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text });
      });
    });
    outgoing.on("error", fail);
    outgoing.end(body);
  });
}

/** Parsed JSON; undefined for an answer that is none, such as a proxy's page. */
export function jsonOf({ text }: HttpAnswer): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
