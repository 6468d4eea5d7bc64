/**
 * Main of a process that loads the program of a stack before the engine asks for it, and declares nothing until then: its
 * arguments are the names of the systems. Told to run, it is the process that `node ARGV` would be.
 */
import { declarableSystems } from "./config/system-names";
import { loadSystems } from "./program";

interface Start {
  /** The SDK's starter with its arguments. */
  readonly argv: readonly [string, ...string[]];
  readonly environment: NodeJS.ProcessEnv;
}

const asked = new Promise<Start>((done) => process.once("message", done));
const named = process.argv.slice(2);
// What cannot be loaded is told when the program is run.
const loaded = loadSystems(declarableSystems.filter((system) => named.includes(system))).catch(() => {});

void loaded.then(async () => run(await asked));

function run({ argv: [script, ...rest], environment }: Start): void {
  // The channel would keep the process after its program's end.
  process.disconnect();
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  Object.assign(process.env, environment);
  process.argv.splice(1, process.argv.length, script, ...rest);
  require(script);
}
