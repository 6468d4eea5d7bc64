import {
  request as ask,
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";

/** What a test does to one exchange; the rest of them pass as they are. */
export interface Meddling {
  /** Called before a request is passed on. */
  before?(request: IncomingMessage): Promise<void> | void;
  /** Whether the answer is lost on its way: the request was carried out, and the connection is cut. */
  loses?(request: IncomingMessage): boolean;
}

/** Stands before a server on loopback. */
export class LossyProxy {
  meddling: Meddling = {};

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  /** @param port of the server behind it */
  static async start(port: number): Promise<LossyProxy> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const proxy = new LossyProxy(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on("request", (request, response) => void proxy.pass(request, response, port));
    return proxy;
  }

  private async pass(request: IncomingMessage, response: ServerResponse, port: number): Promise<void> {
    await this.meddling.before?.(request);
    const { method, url: path, headers } = request;
    const onward = ask({ host: "127.0.0.1", port, method, path, headers }, async (answer) => {
      const chunks: Buffer[] = [];
      for await (const chunk of answer) chunks.push(chunk as Buffer);
      if (this.meddling.loses?.(request)) return void request.socket.destroy();
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      response.end(Buffer.concat(chunks));
    });
    onward.on("error", () => request.socket.destroy());
    request.pipe(onward);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
