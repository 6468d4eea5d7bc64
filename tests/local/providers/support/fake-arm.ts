import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface Seen {
  method: string;
  path: string;
  at: number;
  body: unknown;
}

export interface Scripted {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
  /** Ends the connection without an answer. */
  breaks?: boolean;
  /** Never answers. */
  hangs?: boolean;
}

/** An HTTP server that answers by script and records what it was asked: for what a real service rarely does. */
export class FakeArm {
  readonly seen: Seen[] = [];

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(answer: (seen: Seen, count: number, base: string) => Scripted): Promise<FakeArm> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const fake = new FakeArm(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on("request", (request, response) => {
      void bodyOf(request).then((body) => {
        const seen = {
          method: request.method ?? "",
          path: new URL(request.url ?? "", fake.url).pathname,
          at: performance.now(),
          body,
        };
        fake.seen.push(seen);
        const scripted = answer(seen, fake.seen.filter((one) => one.method === seen.method).length, fake.url);
        if (scripted.breaks) request.socket.destroy();
        else if (!scripted.hangs) {
          response.writeHead(scripted.status, { "content-type": "application/json", ...scripted.headers });
          response.end(scripted.body === undefined ? undefined : JSON.stringify(scripted.body));
        }
      });
    });
    return fake;
  }

  count(method: string): number {
    return this.seen.filter((one) => one.method === method).length;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  return text === "" ? undefined : JSON.parse(text);
}
