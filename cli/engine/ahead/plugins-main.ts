/**
 * Main of a process that holds plugins for an operation that changes nothing, and prints where each listens: an object of
 * ports by the plugin's name. What they answer waits for the environment, which comes as a message.
 */
import { exitWithParent } from "../../../plugin-server/parent-watch";
import { listenForInstances, type Served } from "../../../plugin-server/serve";

type Environment = Readonly<NodeJS.ProcessEnv>;

/** Loads a plugin's code. */
type Load = () => Promise<(env: Environment) => Served>;

const plugins: Readonly<Record<string, Load>> = {
  "azure-native": async () => {
    const { azureNative } = await import("../../../local/providers/azure-native/provider.js");
    const { localEndpoint } = await import("../../../local/providers/azure-native/local-endpoint.js");
    const { LocalGuard } = await import("../../../local/providers/guard.js");
    return (env) => {
      const stateDir = env.SWITCHYARD_STATE_DIR;
      const provider = azureNative({ findEndpoint: localEndpoint(stateDir), stateDir });
      return { provider, guard: new LocalGuard(env) };
    };
  },
  random: async () => {
    const { randomProvider } = await import("../../../local/providers/random/provider.js");
    const { LocalGuard } = await import("../../../local/providers/guard.js");
    return (env) => ({ provider: randomProvider, guard: new LocalGuard(env) });
  },
  switchyard: async () => {
    const { switchyardProvider } = await import("../../../provider/provider.js");
    const { StackGuard } = await import("../../../provider/guard.js");
    return (env) => {
      const guard = new StackGuard(env);
      return { provider: switchyardProvider(env, guard), guard };
    };
  },
};

const environment = new Promise<Environment>((done) => process.once("message", done));

async function serveAll(): Promise<void> {
  const ports: Record<string, number> = {};
  const closings: (() => void)[] = [];
  for (const [name, load] of Object.entries(plugins)) {
    // Once the ports are told, while the engine starts. What cannot be loaded is told to whoever asks.
    const loaded = new Promise(setImmediate).then(load);
    loaded.catch(() => {});
    const { port, close } = await listenForInstances(async () => (await loaded)(await environment));
    ports[name] = port;
    closings.push(close);
  }
  exitWithParent(() => {
    for (const close of closings) close();
  });
  process.stdout.write(`${JSON.stringify(ports)}\n`);
}

void serveAll();
