import { Agent, request } from "node:http";
import type { Endpoint } from "./endpoint";

export type Method = "GET" | "PUT" | "POST" | "DELETE";

export interface HttpAnswer {
  status: number;
  headers: Record<string, string>;
  /** Parsed JSON, or undefined for an answer without a body. */
  body: unknown;
}

/** Keeps connections: a run makes hundreds of small calls. */
const agent = new Agent({ keepAlive: true, maxSockets: 16 });

/** One exchange; a network failure rejects with Node's own error (`code: "ECONNREFUSED"`). */
export function exchange(
  endpoint: Endpoint,
  method: Method,
  pathAndQuery: string,
  body: unknown,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const headers: Record<string, string> = {
    accept: "application/json",
    authorization: `Bearer ${endpoint.token}`,
  };
  if (text !== undefined) {
    headers["content-type"] = "application/json";
    headers["content-length"] = String(Buffer.byteLength(text));
  }
  return new Promise((resolve, reject) => {
    const outgoing = request(
      new URL(pathAndQuery, endpoint.url),
      { method, headers, agent, signal },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("error", reject);
        incoming.on("end", () => {
          const received = Buffer.concat(chunks).toString("utf8");
          resolve({
            status: incoming.statusCode ?? 0,
            headers: flat(incoming.headers),
            body: parsed(received),
          });
        });
      },
    );
    outgoing.on("error", reject);
    outgoing.end(text);
  });
}

function flat(headers: NodeJS.Dict<string | string[]>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

function parsed(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}
