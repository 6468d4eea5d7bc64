import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { Agent, request } from "undici";
import type { ClusterAccess } from "./kubeconfig";

/** The API server refused a request. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  constructor(
    readonly status: number,
    /** Kubernetes' word for it, such as `NotFound`. */
    readonly reason: string,
    message: string,
  ) {
    super(message);
  }
}

export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  readonly ownerReferences?: readonly { kind: string; name: string; controller?: boolean }[];
}

export interface ApiObject {
  readonly metadata: ObjectMeta;
}

interface WatchEvent<T> {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  readonly object: T;
}

interface RequestOptions {
  readonly body?: unknown;
  readonly contentType?: string;
  readonly timeoutMilliseconds?: number;
}

const fieldManager = "switchyard-local";
const defaultTimeoutMilliseconds = 15_000;
/** Of an answer 429 that names no seconds. */
const defaultRetryAfterSeconds = 1;

/** Requests to one API server, with a client certificate. */
export class ApiClient {
  readonly #agent: Agent;
  readonly #server: string;

  constructor({ server, ca, certificate, key }: ClusterAccess) {
    this.#server = server;
    this.#agent = new Agent({ connect: { ca, cert: certificate, key }, connections: 8, bodyTimeout: 0 });
  }

  /**
   * Asks again, when the server says that it could not take the request yet (429: for a moment after its start it has not read
   * every collection), for as long as the request may take.
   *
   * @throws ApiError when refused; the network's error when there is no answer.
   */
  async call<T = unknown>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
    const {
      body,
      contentType = "application/json",
      timeoutMilliseconds = defaultTimeoutMilliseconds,
    } = options;
    const deadline = performance.now() + timeoutMilliseconds;
    for (;;) {
      const response = await request(`${this.#server}${path}`, {
        method: method as "GET",
        dispatcher: this.#agent,
        signal: AbortSignal.timeout(Math.ceil(Math.max(1, deadline - performance.now()))),
        headers: {
          accept: "application/json",
          ...(body === undefined ? {} : { "content-type": contentType }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.body.text();
      if (response.statusCode < 300)
        return (isJson(response.headers["content-type"]) ? JSON.parse(text) : text) as T;
      const pause = 1000 * Number(response.headers["retry-after"] ?? defaultRetryAfterSeconds);
      if (response.statusCode !== 429 || !(performance.now() + pause < deadline))
        throw toApiError(response.statusCode, text);
      await wait(pause);
    }
  }

  /** Server-side apply; takes fields over from other managers. */
  apply<T = unknown>(path: string, object: unknown): Promise<T> {
    return this.call<T>("PATCH", `${path}?fieldManager=${fieldManager}&force=true`, {
      body: object,
      contentType: "application/apply-patch+yaml",
    });
  }

  mergePatch<T = unknown>(path: string, patch: unknown): Promise<T> {
    return this.call<T>("PATCH", path, { body: patch, contentType: "application/merge-patch+json" });
  }

  /**
   * Lists and then follows a collection until the signal aborts; lists again when the server forgot where it was.
   * @param changed told each object that there is or that changed
   * @param gone told each object that is no more
   */
  async follow<T extends ApiObject>(
    path: string,
    signal: AbortSignal,
    handlers: { listed(objects: T[]): void; changed(object: T): void; gone(object: T): void },
  ): Promise<void> {
    const list = await this.call<{ items: T[]; metadata: { resourceVersion: string } }>("GET", path);
    handlers.listed(list.items);
    let version = list.metadata.resourceVersion;
    while (!signal.aborted) {
      const seen = await this.#watch<T>(path, version, signal, (event) => {
        version = event.object.metadata.resourceVersion;
        if (event.type === "DELETED") handlers.gone(event.object);
        else if (event.type !== "BOOKMARK") handlers.changed(event.object);
      });
      if (seen === "expired") return;
    }
  }

  async #watch<T extends ApiObject>(
    path: string,
    version: string,
    signal: AbortSignal,
    onEvent: (event: WatchEvent<T>) => void,
  ): Promise<"ended" | "expired"> {
    const query = `watch=true&allowWatchBookmarks=true&timeoutSeconds=300&resourceVersion=${version}`;
    const response = await request(`${this.#server}${path}${path.includes("?") ? "&" : "?"}${query}`, {
      dispatcher: this.#agent,
      signal,
      headers: { accept: "application/json" },
      headersTimeout: defaultTimeoutMilliseconds,
      bodyTimeout: 0,
    });
    if (response.statusCode >= 300) {
      const error = toApiError(response.statusCode, await response.body.text());
      if (error.status === 410) return "expired";
      throw error;
    }
    // A stream that fails is the reader's error too, but readline would only end: listen for it.
    let failure: Error | undefined;
    response.body.on("error", (error: Error) => {
      failure = error;
    });
    for await (const line of createInterface({ input: response.body, crlfDelay: Number.POSITIVE_INFINITY })) {
      if (line === "") continue;
      const event = JSON.parse(line) as WatchEvent<T>;
      if (event.type === "ERROR") {
        if ((event.object as { code?: number }).code === 410) return "expired";
        throw toApiError((event.object as { code?: number }).code ?? 500, line);
      }
      onEvent(event);
    }
    if (failure !== undefined && !signal.aborted) throw failure;
    return "ended";
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }
}

function isJson(contentType: string | string[] | undefined): boolean {
  return String(contentType ?? "").startsWith("application/json");
}

function toApiError(status: number, text: string): ApiError {
  try {
    const { message, reason } = JSON.parse(text) as { message?: string; reason?: string };
    return new ApiError(status, reason ?? "", message ?? text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return new ApiError(status, "", text.trim() || `status ${status}`);
  }
}

export function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}

export function isConflict(error: unknown): boolean {
  return error instanceof ApiError && error.status === 409;
}
