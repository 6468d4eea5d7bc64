import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { parseArgs } from "node:util";
import { runDaemon } from "../daemon/run-daemon";
import { type CloudEndpoint, cloudFolder, endpointFile, readEndpoint } from "./endpoint";
import { createApp } from "./server/app";
import { diskError } from "./server/arm-error";
import { Cloud, DEFAULT_SETTINGS } from "./server/cloud";
import { Store } from "./server/store";
import { cloudVersion } from "./version";

/** The local cloud as a process. */
async function serve(): Promise<void> {
  const { values } = parseArgs({
    options: {
      "state-dir": { type: "string" },
      port: { type: "string", default: "0" },
      "operation-millis": { type: "string", default: String(DEFAULT_SETTINGS.operationMillis) },
    },
  });
  const stateDir = values["state-dir"];
  if (stateDir === undefined) throw new Error("--state-dir is required");
  const folder = cloudFolder(stateDir);
  let stop = async () => {};
  await runDaemon<CloudEndpoint>({
    name: "server",
    folder,
    endpointFile: endpointFile(stateDir),
    readEndpoint: () => readEndpoint(stateDir),
    start: async (identity, end) => {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const cloud = await openCloud(folder, Number(values["operation-millis"]));
      const token = randomBytes(32).toString("base64url");
      const known = { version: cloudVersion(), stateDir, startedAt: identity.startedAt };
      const app = createApp({ cloud, token, ...known, onStop: () => end("asked to stop") });
      stop = async () => {
        cloud.operations.stop();
        // Changes that are under way reach the disk first.
        await cloud.exclusive(() => app.close());
      };
      const url = await app.listen({ host: "127.0.0.1", port: Number(values.port) });
      return { ...identity, ...known, url, token };
    },
    stop: () => stop(),
    startError: (error) => {
      const { message } = diskError(error, "the state folder") as Error;
      return { message, code: (error as NodeJS.ErrnoException).code };
    },
  });
}

/** With what its state holds; operations that were under way go on. */
async function openCloud(folder: string, operationMillis: number): Promise<Cloud> {
  const store = new Store(folder);
  for (const { path, quarantined, reason } of store.damaged) {
    console.error(
      `damaged state file ${path}: ${reason}; moved to ${quarantined}. The resource it held is gone here: "switchyard up" makes it anew, "switchyard cloud reset" empties the cloud.`,
    );
  }
  const cloud = new Cloud(store, { ...DEFAULT_SETTINGS, operationMillis });
  await cloud.operations.recover();
  return cloud;
}

serve().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
