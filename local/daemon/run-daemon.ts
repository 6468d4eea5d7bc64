import { existsSync, rmSync } from "node:fs";

import writeFileAtomic = require("write-file-atomic");

import type { ProcessRecord } from "./end-process";
import { outliveLog } from "./outlive-log";
import { processStart } from "./process-identity";
import { reportStart, type StartError } from "./spawn-daemon";

/** Which process it is, and since when. */
export interface DaemonIdentity extends ProcessRecord {
  readonly startedAt: string;
}

/** A program of dev that outlives the command which started it. */
export interface Daemon<Endpoint extends ProcessRecord> {
  /** As its log names it, such as `server`. */
  readonly name: string;
  /** Its part of the state: when that is gone, nothing is left to serve. */
  readonly folder: string;
  /** Where others find it; readable by this user alone. */
  readonly endpointFile: string;
  /** Whoever serves this state now. */
  readEndpoint(): Endpoint | undefined;
  /** Begins to serve. @param end ends the process in order, as a signal does */
  start(identity: DaemonIdentity, end: (reason: string) => void): Promise<Endpoint>;
  /** Ends what `start` has begun, however far it came. */
  stop(): Promise<void>;
  /** What its starter is told when it could not start. */
  startError(error: unknown): StartError;
}

const watchMilliseconds = 500;

/** Serves until it is told to end, or its state is gone or served by another. @returns once its starter knows where it is */
export async function runDaemon<Endpoint extends ProcessRecord>(daemon: Daemon<Endpoint>): Promise<void> {
  outliveLog();
  const { name, folder, endpointFile } = daemon;
  const identity: DaemonIdentity = {
    pid: process.pid,
    processStart: processStart(process.pid) ?? "",
    startedAt: new Date().toISOString(),
  };
  let ending: Promise<void> | undefined;
  const end = (reason: string, code = 0) => {
    ending ??= (async () => {
      log(`ends: ${reason}`);
      await daemon.stop().catch((error: unknown) => console.error(error));
      if (daemon.readEndpoint()?.pid === process.pid) rmSync(endpointFile, { force: true });
      process.exit(code);
    })();
    return ending;
  };
  process.on("SIGTERM", () => void end("SIGTERM"));
  process.on("SIGINT", () => void end("SIGINT"));
  try {
    const endpoint = await daemon.start(identity, (reason) => void end(reason));
    await writeFileAtomic(endpointFile, `${JSON.stringify(endpoint, null, 1)}\n`, { mode: 0o600 });
    log("is ready");
    reportStart({ endpoint });
  } catch (error) {
    console.error(error);
    reportStart({ error: daemon.startError(error) });
    return end("it could not be started", 1);
  }
  // A detached process must not outlive its state: a removed folder, or another one in its place, ends it.
  setInterval(() => {
    if (!existsSync(folder)) void end("its state folder is gone");
    else if (daemon.readEndpoint()?.pid !== process.pid) void end(`another ${name} took its place`);
  }, watchMilliseconds);
}

function log(line: string): void {
  console.error(`${new Date().toISOString()} ${line}`);
}

/** What an error of the system is for the starter. */
export function systemStartError(error: unknown): StartError {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOSPC" || code === "EDQUOT") return { code: "DISK_FULL", message };
  return { message, ...(code === undefined ? {} : { code }) };
}
