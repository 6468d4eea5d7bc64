import { randomInt } from "node:crypto";
import { createServer } from "node:net";

/**
 * Below the ports from which systems serve a process that asks for any, and outgoing connections (Linux from 32768, others from 49152):
 * one of those may be gone when a server that was killed is started again on it.
 */
const lowestPort = 20_000;
const beyondPorts = 32_768;
/** On a system that keeps or uses all of these, whatever it gives. */
const attempts = 200;

/** A port that nobody listens on, for a server that is started again on it when it ends. */
export async function freePort(except: readonly number[] = []): Promise<number> {
  for (let attempt = 0; ; attempt++) {
    const port = await listen(attempt < attempts ? randomInt(lowestPort, beyondPorts) : 0);
    if (port !== undefined && !except.includes(port)) return port;
  }
}

export async function isFree(port: number): Promise<boolean> {
  return (await listen(port)) !== undefined;
}

/** Listens for a moment. @returns the port; undefined when it is taken or may not be used */
function listen(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(undefined));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" ? address?.port : undefined));
    });
  });
}
