import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { parseArgs } from "node:util";

import writeFileAtomic = require("write-file-atomic");

import { outliveLog } from "../daemon/outlive-log";
import { processStart } from "../daemon/process-identity";
import { reportStart } from "../daemon/spawn-daemon";
import { type CloudEndpoint, cloudFolder, endpointFile, readEndpoint } from "./endpoint";
import { createApp } from "./server/app";
import { diskError } from "./server/arm-error";
import { Cloud, DEFAULT_SETTINGS } from "./server/cloud";
import { Store } from "./server/store";
import { cloudVersion } from "./version";

const WATCH_MILLIS = 500;

async function serve(): Promise<void> {
  outliveLog();
  const { values } = parseArgs({
    options: {
      "state-dir": { type: "string" },
      port: { type: "string", default: "0" },
      "operation-millis": { type: "string", default: String(DEFAULT_SETTINGS.operationMillis) },
    },
  });
  const stateDir = values["state-dir"];
  if (stateDir === undefined) throw new Error("--state-dir is required");
  mkdirSync(cloudFolder(stateDir), { recursive: true, mode: 0o700 });
  const store = new Store(cloudFolder(stateDir));
  for (const { path, quarantined, reason } of store.damaged) {
    console.error(
      `damaged state file ${path}: ${reason}; moved to ${quarantined}. The resource it held is gone here: "switchyard up" makes it anew, "switchyard cloud reset" empties the cloud.`,
    );
  }
  const cloud = new Cloud(store, {
    ...DEFAULT_SETTINGS,
    operationMillis: Number(values["operation-millis"]),
  });
  await cloud.operations.recover();

  const token = randomBytes(32).toString("base64url");
  const startedAt = new Date().toISOString();
  const version = cloudVersion();
  let ended = false;
  const end = (reason: string) => {
    if (ended) return;
    ended = true;
    console.error(`${new Date().toISOString()} ends: ${reason}`);
    cloud.operations.stop();
    // Changes that are under way reach the disk first.
    const leave = () => {
      if (readEndpoint(stateDir)?.pid === process.pid) rmSync(endpointFile(stateDir), { force: true });
      process.exit(0);
    };
    cloud.exclusive(() => app.close()).then(leave, leave);
  };
  const app = createApp({ cloud, token, version, stateDir, startedAt, onStop: () => end("asked to stop") });
  const url = await app.listen({ host: "127.0.0.1", port: Number(values.port) });
  const endpoint: CloudEndpoint = {
    url,
    token,
    pid: process.pid,
    processStart: processStart(process.pid) ?? "",
    startedAt,
    version,
    stateDir,
  };
  await writeFileAtomic(endpointFile(stateDir), `${JSON.stringify(endpoint, null, 1)}\n`, { mode: 0o600 });
  process.on("SIGTERM", () => end("SIGTERM"));
  process.on("SIGINT", () => end("SIGINT"));
  // A detached server must not outlive its state: a removed folder, or another server in its place, ends it.
  setInterval(() => {
    if (!existsSync(cloudFolder(stateDir))) end("its state folder is gone");
    else if (readEndpoint(stateDir)?.pid !== process.pid) end("another server took its place");
  }, WATCH_MILLIS);
  console.error(`${startedAt} local cloud ${version} at ${url}, process ${process.pid}`);
  reportStart({ endpoint });
}

serve().catch((error: unknown) => {
  const known = diskError(error, "the state folder") as Error & { code?: string };
  console.error(error);
  reportStart({ error: { message: known.message, code: (error as NodeJS.ErrnoException).code } });
  process.exit(1);
});
