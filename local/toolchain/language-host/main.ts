import { Server, ServerCredentials } from "@grpc/grpc-js";
import { version as sdkVersion } from "@pulumi/pulumi/package.json";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import { Children } from "./children";
import { PackAhead } from "./pack-ahead";
import { ProgramAhead } from "./program-ahead";
import type { ProgramHost } from "./run-program";
import { languageRuntime } from "./service";

/** The engine sends whole configurations and gets large outputs; its own limit for a message is 400 MiB. */
const maximumMessageBytes = 400 * 1024 * 1024;
const parentPollMilliseconds = 500;

const children = new Children();
const parent = process.ppid;
const host = process.argv[2] === "--ahead" ? hostAhead(process.argv.slice(3)) : hostOfEngine();

// Children share this process's output: one that lived on would keep the engine waiting for its end.
process.on("exit", () => children.killAll());
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => process.exit(0));
// A parent that was killed tells nobody.
setInterval(() => process.ppid !== parent && process.exit(0), parentPollMilliseconds).unref();

const server = new Server({
  "grpc.max_receive_message_length": maximumMessageBytes,
  "grpc.max_send_message_length": maximumMessageBytes,
});
server.addService(LanguageRuntimeService, languageRuntime(host, sdkVersion));
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error) {
    process.stderr.write(`The language host cannot listen on 127.0.0.1: ${error.message}\n`);
    process.exit(1);
  }
  // Who started this reads the port from the first line.
  process.stdout.write(`${port}\n`);
});

function hostOfEngine(): ProgramHost {
  // The engine's address comes last, after the flags that it may put in front.
  return { children, environment: process.env, engineAddress: process.argv.at(-1) ?? "", isEngines: true };
}

/**
 * Started before the engine, which is then told where this listens (`PULUMI_DEBUG_LANGUAGES`) and says itself where it does,
 * and before all of the environment is known.
 */
function hostAhead([pack, ...program]: readonly string[]): ProgramHost {
  let environment = process.env;
  process.on("message", (known: NodeJS.ProcessEnv) => {
    environment = known;
  });
  return {
    children,
    programAhead: new ProgramAhead(program, children),
    ...(pack && { packAhead: new PackAhead(pack, children) }),
    engineAddress: "",
    isEngines: false,
    get environment() {
      return environment;
    },
  };
}
