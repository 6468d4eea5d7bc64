import { parseArgs } from "node:util";
import { buildVersion } from "../daemon/build-version";
import { runDaemon, systemStartError } from "../daemon/run-daemon";
import { type PrometheusEndpoint, readPrometheusEndpoint } from "./endpoint";
import { Keeper, type KeeperOptions, StartFailed } from "./keeper";
import { prometheusFiles } from "./paths";

/** What the process is told: nothing secret. */
export interface MainInput extends KeeperOptions {
  readonly digest: string;
}

/** The keeper as a process. */
async function keep(): Promise<void> {
  const { values } = parseArgs({ options: { options: { type: "string" } } });
  if (values.options === undefined) throw new Error("--options is required");
  const input = JSON.parse(values.options) as MainInput;
  const { stateDir, binary, digest } = input;
  const files = prometheusFiles(stateDir);
  const keeper = new Keeper(input);
  await runDaemon<PrometheusEndpoint>({
    name: "keeper",
    folder: files.folder,
    endpointFile: files.endpoint,
    readEndpoint: () => readPrometheusEndpoint(stateDir),
    start: async (identity) => ({
      ...identity,
      url: await keeper.start(),
      token: keeper.token,
      stateDir,
      version: buildVersion(__dirname),
      binary,
      digest,
    }),
    stop: () => keeper.stop(),
    startError: (error) => (error instanceof StartFailed ? error.reason : systemStartError(error)),
  });
}

keep().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
