import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export type Answer = { readonly status: number; readonly body?: unknown; readonly text?: string };

/** A server on loopback that answers what the test says and remembers what it was asked. */
export class HttpServer {
  readonly received: Received[] = [];

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(answer: (request: Received) => Answer): Promise<HttpServer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const started = new HttpServer(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on("request", (request, response) => void started.handle(request, response, answer));
    return started;
  }

  private async handle(request: IncomingMessage, response: ServerResponse, answer: (r: Received) => Answer) {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const received = {
      method: request.method ?? "",
      url: request.url ?? "",
      headers: request.headers,
      body: Buffer.concat(chunks).toString("utf8"),
    };
    this.received.push(received);
    const { status, body, text } = answer(received);
    response.writeHead(status, { "content-type": "application/json" });
    response.end(text ?? JSON.stringify(body ?? {}));
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
