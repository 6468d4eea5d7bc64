import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import type { PodBackend } from "./backend-annotation";
import { Metrics, type PodFacts } from "./metrics";

/** What a program does right now: its annotation, overruled by the faults that hit its pod. */
export interface Behaviour {
  readonly backend: PodBackend;
  readonly notReady: boolean;
}

interface BackendServerOptions {
  readonly ports: readonly number[];
  readonly facts: PodFacts;
  /** Asked at each request. */
  readonly behaviour: () => Behaviour;
  /** Paths of the probes: never slowed, never failed by the error rate, not counted. */
  readonly probePaths: ReadonlySet<string>;
  readonly readinessPath?: string | undefined;
  readonly isReady: () => boolean;
}

/** A connection that brings no request keeps a program that ends for no longer: one may be on its way. */
const unusedMilliseconds = 5000;

const prometheusText = "text/plain; version=0.0.4; charset=utf-8";

/** The program of one container: HTTP on 127.0.0.1, one local port for each container port. */
export class BackendServer {
  readonly #servers = new Map<number, Server>();
  /** Connections without a request under way: idle ones, WebSockets, and those that a client opened in advance. */
  readonly #unused = new Set<Socket>();
  readonly #metrics: Metrics;
  readonly #startedAt = Date.now();
  #inFlight = 0;
  #closing = false;

  constructor(readonly options: BackendServerOptions) {
    this.#metrics = new Metrics(options.behaviour().backend.metrics, options.facts);
  }

  /** Container port to local port. */
  get ports(): Record<string, number> {
    return Object.fromEntries(
      [...this.#servers].map(([port, server]) => [port, (server.address() as AddressInfo).port]),
    );
  }

  async listen(): Promise<void> {
    await Promise.all(
      this.options.ports.map(async (port) => {
        const server = createServer((request, response) => void this.#serve(port, request, response));
        server.on("connection", (socket) => {
          this.#unused.add(socket);
          socket.once("close", () => this.#unused.delete(socket));
        });
        if (this.options.behaviour().backend.webSockets)
          server.on("upgrade", (request, socket) => this.#upgrade(request, socket));
        await new Promise<void>((resolve, reject) => {
          server.once("error", reject);
          server.listen(0, "127.0.0.1", resolve);
        });
        this.#servers.set(port, server);
      }),
    );
  }

  /** Takes no new connections; waits for what is under way, and for the time that the program takes to end. */
  async close(): Promise<void> {
    this.#closing = true;
    const closed = [...this.#servers.values()].map(
      (server) =>
        new Promise<void>((resolve) => {
          server.close(() => resolve());
          server.closeIdleConnections();
        }),
    );
    const late = setTimeout(() => {
      for (const socket of this.#unused) socket.destroy();
    }, unusedMilliseconds);
    await Promise.all(closed);
    clearTimeout(late);
    const { stopDelaySeconds } = this.options.behaviour().backend;
    if (stopDelaySeconds > 0) await wait(stopDelaySeconds * 1000);
  }

  /** As SIGKILL: connections are cut. */
  kill(): void {
    this.#closing = true;
    for (const server of this.#servers.values()) {
      server.close();
      server.closeAllConnections();
    }
    this.#servers.clear();
  }

  /** Accepts a WebSocket, which then stays until either side ends it; the emulated program says nothing on it. */
  #upgrade({ headers }: IncomingMessage, socket: Duplex): void {
    const key = headers["sec-websocket-key"];
    if (headers.upgrade?.toLowerCase() !== "websocket" || key === undefined) {
      socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
      return;
    }
    const { facts } = this.options;
    // RFC 6455, 4.2.2: the key with this GUID behind it.
    const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
    const lines = [
      "HTTP/1.1 101 Switching Protocols",
      "Upgrade: websocket",
      "Connection: Upgrade",
      `Sec-WebSocket-Accept: ${accept}`,
      `x-served-by: ${facts.pod}`,
      `x-version: ${facts.version}`,
    ];
    socket.write(`${lines.join("\r\n")}\r\n\r\n`);
    socket.on("error", () => socket.destroy());
    socket.on("data", () => {});
    socket.on("end", () => socket.end());
  }

  async #serve(port: number, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const began = process.hrtime.bigint();
    const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
    this.#unused.delete(request.socket);
    response.once("close", () => {
      if (!request.socket.destroyed) this.#unused.add(request.socket);
    });
    request.resume();
    const { backend } = this.options.behaviour();
    if (path === backend.metricsPath && (backend.metricsPort ?? port) === port) {
      return this.#answer(response, 200, prometheusText, this.#metrics.render(this.#gauges()));
    }
    const isProbe = this.options.probePaths.has(path);
    const counted = !isProbe && path !== backend.versionPath;
    this.#inFlight++;
    try {
      if (counted && backend.latencyMilliseconds > 0) await wait(backend.latencyMilliseconds);
      const fails = counted && backend.errorRate > 0 && Math.random() < backend.errorRate;
      const { status, type, body } = fails
        ? { status: backend.errorStatus, type: "application/json", body: '{"error":"made to fail"}' }
        : this.#content(path);
      this.#answer(response, status, type, request.method === "HEAD" ? "" : body);
      if (!counted) return;
      const seconds = Number(process.hrtime.bigint() - began) / 1e9;
      this.#metrics.count({ method: request.method ?? "GET", path, status, seconds });
    } finally {
      this.#inFlight--;
    }
  }

  #content(path: string): { status: number; type: string; body: string } {
    const { facts, readinessPath, behaviour } = this.options;
    const { backend, notReady } = behaviour();
    if (notReady && path === readinessPath) {
      return { status: 503, type: "text/plain", body: "made not ready" };
    }
    const fixed = backend.paths[path];
    if (fixed !== undefined) {
      const isText = typeof fixed.body === "string";
      return {
        status: fixed.status,
        type: fixed.contentType ?? (isText ? "text/plain" : "application/json"),
        body: isText ? (fixed.body as string) : JSON.stringify(fixed.body),
      };
    }
    const own = { version: facts.version };
    if (path === backend.versionPath) {
      return { status: 200, type: "application/json", body: JSON.stringify(own) };
    }
    const body = JSON.stringify({ ...own, pod: facts.pod, path });
    return { status: backend.otherStatus, type: "application/json", body };
  }

  #answer(response: ServerResponse, status: number, type: string, body: string): void {
    if (response.destroyed) return;
    const { facts } = this.options;
    response.writeHead(status, {
      "content-type": type,
      "x-served-by": facts.pod,
      "x-version": facts.version,
      ...(this.#closing ? { connection: "close" } : {}),
    });
    response.end(body);
  }

  #gauges() {
    return {
      inFlight: this.#inFlight,
      uptimeSeconds: (Date.now() - this.#startedAt) / 1000,
      ready: this.options.isReady(),
    };
  }
}
