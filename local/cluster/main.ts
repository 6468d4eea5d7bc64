import { existsSync, rmSync } from "node:fs";
import { parseArgs } from "node:util";

import writeFileAtomic = require("write-file-atomic");

import { buildVersion } from "../daemon/build-version";
import { outliveLog } from "../daemon/outlive-log";
import { processStart } from "../daemon/process-identity";
import { reportStart, type StartError } from "../daemon/spawn-daemon";
import { type ClusterEndpoint, readClusterEndpoint } from "./endpoint";
import { clusterFiles } from "./paths";
import { PortInUse } from "./ports";
import { StartFailed, Supervisor, type SupervisorOptions } from "./supervisor";

const watchMilliseconds = 500;

/** The supervisor as a process. Its whole input is one JSON argument; there is no secret in it. */
async function supervise(): Promise<void> {
  outliveLog();
  const began = Date.now();
  const { values } = parseArgs({ options: { options: { type: "string" } } });
  if (values.options === undefined) throw new Error("--options is required");
  const options = JSON.parse(values.options) as SupervisorOptions;
  const { stateDir } = options;
  const files = clusterFiles(stateDir);
  const supervisor = new Supervisor(options);
  let ending: Promise<void> | undefined;
  const end = (reason: string, code = 0) => {
    ending ??= (async () => {
      console.error(`${new Date().toISOString()} ends: ${reason}`);
      await supervisor.stop();
      if (readClusterEndpoint(stateDir)?.pid === process.pid) rmSync(files.endpoint, { force: true });
      process.exit(code);
    })();
    return ending;
  };
  process.on("SIGTERM", () => void end("SIGTERM"));
  process.on("SIGINT", () => void end("SIGINT"));
  try {
    const started = await supervisor.start();
    const endpoint: ClusterEndpoint = {
      pid: process.pid,
      processStart: processStart(process.pid) ?? "",
      stateDir,
      server: started.server,
      kubeconfig: files.kubeconfig,
      startedAt: new Date(began).toISOString(),
      readyMilliseconds: Date.now() - began,
      certificatesExpireAt: started.certificatesExpireAt,
      version: buildVersion(__dirname),
      binaries: options.binaries,
      customResources: options.customResources,
    };
    await writeFileAtomic(files.endpoint, `${JSON.stringify(endpoint, null, 1)}\n`, { mode: 0o600 });
    console.error(`${new Date().toISOString()} ready after ${endpoint.readyMilliseconds} ms`);
    reportStart({ endpoint });
  } catch (error) {
    console.error(error);
    reportStart({ error: toStartError(error) });
    await end("it could not be started", 1);
    return;
  }
  // A detached process must not outlive its state: a removed folder, or another supervisor in its place, ends it.
  setInterval(() => {
    if (!existsSync(files.folder)) void end("its state folder is gone");
    else if (readClusterEndpoint(stateDir)?.pid !== process.pid)
      void end("another supervisor took its place");
  }, watchMilliseconds);
}

function toStartError(error: unknown): StartError {
  if (error instanceof StartFailed) return error.reason;
  if (error instanceof PortInUse) return { code: "EADDRINUSE", message: error.message };
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOSPC" || code === "EDQUOT") return { code: "DISK_FULL", message };
  return { message, ...(code === undefined ? {} : { code }) };
}

supervise().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
