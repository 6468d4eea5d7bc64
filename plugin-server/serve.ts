import {
  type handleUnaryCall,
  Server,
  ServerCredentials,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { EngineLog } from "./engine-log";
import { toServiceError } from "./failure";
import type { Guard } from "./guard";
import { Operations } from "./operations";
import { exitWithParent } from "./parent-watch";
import type { Provider } from "./provider";
import { type Service, serviceMethods, serviceOf } from "./service";

export interface Listening {
  port: number;
  close(): void;
}

/** What a connection of the engine is answered by. */
export interface Served {
  readonly provider: Provider;
  readonly guard: Guard;
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
  return bind(serviceOf({ provider, guard, operations, log }), () => {
    operations.cancelAll();
    log.close();
  });
}

/**
 * A port that an engine attaches to, with each instance of the provider that it has: every connection is served by a
 * provider of its own, as it would be by a process of its own.
 * @param serve is asked at a connection's first call
 */
export async function listenForInstances(serve: () => Promise<Served>): Promise<Listening> {
  const instances = new Map<string, Promise<Service>>();
  const closings: (() => void)[] = [];
  const start = async (): Promise<Service> => {
    const log = new EngineLog(undefined);
    const operations = new Operations();
    closings.push(() => {
      operations.cancelAll();
      log.close();
    });
    return serviceOf({ ...(await serve()), operations, log });
  };
  const instanceOf = (peer: string): Promise<Service> => {
    const known = instances.get(peer) ?? start();
    instances.set(peer, known);
    return known;
  };
  const passOn =
    (method: keyof Service): handleUnaryCall<unknown, unknown> =>
    (call, done) => {
      instanceOf(call.getPeer()).then(
        (service) => (service[method] as unknown as handleUnaryCall<unknown, unknown>)(call, done),
        (error: unknown) => done(toServiceError(error)),
      );
    };
  const service = Object.fromEntries(serviceMethods.map((method) => [method, passOn(method)]));
  return bind(service, () => {
    for (const close of closings) close();
  });
}

async function bind(service: UntypedServiceImplementation, onClose: () => void): Promise<Listening> {
  // A property of some megabytes is legal; grpc's own limit of 4 MB is not.
  const server = new Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  server.addService(ResourceProviderService, service);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  return {
    port,
    close: () => {
      onClose();
      server.forceShutdown();
    },
  };
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
