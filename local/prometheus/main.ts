import { existsSync, rmSync } from "node:fs";
import { parseArgs } from "node:util";

import writeFileAtomic = require("write-file-atomic");

import { buildVersion } from "../daemon/build-version";
import { outliveLog } from "../daemon/outlive-log";
import { processStart } from "../daemon/process-identity";
import { reportStart, type StartError } from "../daemon/spawn-daemon";
import { type PrometheusEndpoint, readPrometheusEndpoint } from "./endpoint";
import { Keeper, type KeeperOptions, StartFailed } from "./keeper";
import { prometheusFiles } from "./paths";

const watchMilliseconds = 500;

/** What the process is told: nothing secret. */
export interface MainInput extends KeeperOptions {
  readonly digest: string;
}

/** The keeper as a process. */
async function keep(): Promise<void> {
  outliveLog();
  const { values } = parseArgs({ options: { options: { type: "string" } } });
  if (values.options === undefined) throw new Error("--options is required");
  const input = JSON.parse(values.options) as MainInput;
  const { stateDir, binary, digest } = input;
  const files = prometheusFiles(stateDir);
  const keeper = new Keeper(input);
  let ending: Promise<void> | undefined;
  const end = (reason: string, code = 0) => {
    ending ??= (async () => {
      console.error(`${new Date().toISOString()} ends: ${reason}`);
      await keeper.stop();
      if (readPrometheusEndpoint(stateDir)?.pid === process.pid) rmSync(files.endpoint, { force: true });
      process.exit(code);
    })();
    return ending;
  };
  process.on("SIGTERM", () => void end("SIGTERM"));
  process.on("SIGINT", () => void end("SIGINT"));
  try {
    const url = await keeper.start();
    const endpoint: PrometheusEndpoint = {
      pid: process.pid,
      processStart: processStart(process.pid) ?? "",
      url,
      token: keeper.token,
      stateDir,
      startedAt: new Date().toISOString(),
      version: buildVersion(__dirname),
      binary,
      digest,
    };
    await writeFileAtomic(files.endpoint, `${JSON.stringify(endpoint, null, 1)}\n`, { mode: 0o600 });
    reportStart({ endpoint });
  } catch (error) {
    console.error(error);
    reportStart({ error: toStartError(error) });
    await end("it could not be started", 1);
    return;
  }
  // A detached process must not outlive its state: a removed folder, or another keeper in its place, ends it.
  setInterval(() => {
    if (!existsSync(files.folder)) void end("its state folder is gone");
    else if (readPrometheusEndpoint(stateDir)?.pid !== process.pid) void end("another keeper took its place");
  }, watchMilliseconds);
}

function toStartError(error: unknown): StartError {
  if (error instanceof StartFailed) return error.reason;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOSPC" || code === "EDQUOT") return { code: "DISK_FULL", message };
  return { message, ...(code === undefined ? {} : { code }) };
}

keep().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
