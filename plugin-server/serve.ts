import { Server, ServerCredentials } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { EngineLog } from "./engine-log";
import type { Guard } from "./guard";
import { Operations } from "./operations";
import { exitWithParent } from "./parent-watch";
import type { Provider } from "./provider";
import { serviceOf } from "./service";

export interface Listening {
  port: number;
  close(): void;
}

/**
 * A provider as a gRPC server on a free loopback port.
 * @param engineAddress to which warnings go; the engine names it at start or in the handshake
 */
export async function listen(
  provider: Provider,
  guard: Guard,
  engineAddress: string | undefined,
): Promise<Listening> {
  const log = new EngineLog(engineAddress);
  const operations = new Operations();
  // A property of some megabytes is legal; grpc's own limit of 4 MB is not.
  const server = new Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  server.addService(ResourceProviderService, { ...serviceOf({ provider, guard, operations, log }) });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  const close = () => {
    operations.cancelAll();
    server.forceShutdown();
    log.close();
  };
  return { port, close };
}

/**
 * The whole of a plugin's process: prints the port as the first line, as the engine expects, and ends with the engine.
 * @param argv of the process without node and script: the engine's address is the first that is not a flag
 */
export async function serve(provider: Provider, guard: Guard, argv: readonly string[]): Promise<void> {
  const engineAddress = argv.find((argument) => !argument.startsWith("-"));
  const { port, close } = await listen(provider, guard, engineAddress);
  exitWithParent(close);
  process.stdout.write(`${port}\n`);
}
