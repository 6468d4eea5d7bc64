import { Server, ServerCredentials } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { EngineLog } from "./engine-log";
import { Guard } from "./guard";
import { Operations } from "./operations";
import { exitWithParent } from "./parent-watch";
import type { Provider } from "./provider";
import { serviceOf } from "./service";

/**
 * Serves one stand-in on a free loopback port and prints the port as the first line, as the engine expects. Ends with
 * the engine.
 * @param argv of the process without node and script: the engine's address is the first that is not a flag
 */
export async function serve(provider: Provider, argv: readonly string[]): Promise<void> {
  const log = new EngineLog(argv.find((argument) => !argument.startsWith("-")));
  const operations = new Operations();
  const guard = new Guard(process.env);
  // A property of some megabytes is legal; grpc's own limit of 4 MB is not.
  const server = new Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  server.addService(ResourceProviderService, { ...serviceOf({ provider, guard, operations, log }) });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  exitWithParent(() => operations.cancelAll());
  process.stdout.write(`${port}\n`);
}
