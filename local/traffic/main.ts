import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { parseArgs } from "node:util";

import writeFileAtomic = require("write-file-atomic");

import { outliveLog } from "../daemon/outlive-log";
import { processStart } from "../daemon/process-identity";
import { reportStart } from "../daemon/spawn-daemon";
import { Metrics } from "./counts/metrics";
import { Telemetry } from "./counts/telemetry";
import { Workspaces } from "./counts/workspaces";
import { readTrafficEndpoint, type TrafficEndpoint, trafficEndpointFile, trafficFolder } from "./endpoint";
import { controlOf } from "./front/control";
import { createFront } from "./front/front";
import { HostFaults } from "./front/host-faults";
import { World } from "./front/world";
import { trafficVersion } from "./version";

const watchMilliseconds = 500;

/** The front of dev as a process of its own. */
async function serve(): Promise<void> {
  outliveLog();
  const { values } = parseArgs({
    options: { "state-dir": { type: "string" }, port: { type: "string", default: "0" } },
  });
  const stateDir = values["state-dir"];
  if (stateDir === undefined) throw new Error("--state-dir is required");
  mkdirSync(trafficFolder(stateDir), { recursive: true, mode: 0o700 });
  const world = new World(stateDir);
  const telemetry = new Telemetry(new Workspaces(world.resources));
  const newest = () => Date.now() - telemetry.settings.telemetryDelaySeconds * 1000;
  const metrics = new Metrics(telemetry.counts, newest);
  const faults = new HostFaults();
  const token = randomBytes(32).toString("base64url");
  const identity = {
    pid: process.pid,
    processStart: processStart(process.pid) ?? "",
    startedAt: new Date().toISOString(),
    version: trafficVersion(),
    stateDir,
  };
  const end = (reason: string) => {
    console.error(`${new Date().toISOString()} ends: ${reason}`);
    world.stop();
    if (readTrafficEndpoint(stateDir)?.pid === process.pid)
      rmSync(trafficEndpointFile(stateDir), { force: true });
    process.exit(0);
  };
  const control = controlOf({
    world,
    telemetry,
    metrics,
    faults,
    identity,
    onStop: () => end("asked to stop"),
  });
  const server = createFront({ world, telemetry, faults, token, stateDir, control });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(Number(values.port), "127.0.0.1", resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const endpoint: TrafficEndpoint = { url, token, ...identity };
  await writeFileAtomic(trafficEndpointFile(stateDir), `${JSON.stringify(endpoint, null, 1)}\n`, {
    mode: 0o600,
  });
  process.on("SIGTERM", () => end("SIGTERM"));
  process.on("SIGINT", () => end("SIGINT"));
  // A detached server must not outlive its state: a removed folder, or another server in its place, ends it.
  setInterval(() => {
    if (!existsSync(trafficFolder(stateDir))) end("its state folder is gone");
    else if (readTrafficEndpoint(stateDir)?.pid !== process.pid) end("another server took its place");
  }, watchMilliseconds);
  console.error(`${identity.startedAt} front of dev ${identity.version} at ${url}, process ${process.pid}`);
  reportStart({ endpoint });
  await world.follow();
}

serve().catch((error: unknown) => {
  console.error(error);
  reportStart({
    error: { message: (error as Error).message, code: (error as NodeJS.ErrnoException).code },
  });
  process.exit(1);
});
