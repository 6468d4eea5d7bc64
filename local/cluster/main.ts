import { parseArgs } from "node:util";
import { buildVersion } from "../daemon/build-version";
import { runDaemon, systemStartError } from "../daemon/run-daemon";
import { type ClusterEndpoint, readClusterEndpoint } from "./endpoint";
import { clusterFiles } from "./paths";
import { PortInUse } from "./ports";
import { StartFailed, Supervisor, type SupervisorOptions } from "./supervisor";

/** The supervisor as a process. Its whole input is one JSON argument; there is no secret in it. */
async function supervise(): Promise<void> {
  const began = Date.now();
  const { values } = parseArgs({ options: { options: { type: "string" } } });
  if (values.options === undefined) throw new Error("--options is required");
  const options = JSON.parse(values.options) as SupervisorOptions;
  const { stateDir } = options;
  const files = clusterFiles(stateDir);
  const supervisor = new Supervisor(options);
  await runDaemon<ClusterEndpoint>({
    name: "supervisor",
    folder: files.folder,
    endpointFile: files.endpoint,
    readEndpoint: () => readClusterEndpoint(stateDir),
    start: async (identity) => {
      const { server, certificatesExpireAt } = await supervisor.start();
      return {
        ...identity,
        stateDir,
        server,
        kubeconfig: files.kubeconfig,
        readyMilliseconds: Date.now() - began,
        certificatesExpireAt,
        version: buildVersion(__dirname),
        binaries: options.binaries,
        customResources: options.customResources,
      };
    },
    stop: () => supervisor.stop(),
    startError: (error) => {
      if (error instanceof StartFailed) return error.reason;
      if (error instanceof PortInUse) return { code: "EADDRINUSE", message: error.message };
      return systemStartError(error);
    },
  });
}

supervise().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
