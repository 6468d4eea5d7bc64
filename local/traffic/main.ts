import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { parseArgs } from "node:util";
import { runDaemon, systemStartError } from "../daemon/run-daemon";
import { Metrics } from "./counts/metrics";
import { Telemetry } from "./counts/telemetry";
import { Workspaces } from "./counts/workspaces";
import { readTrafficEndpoint, type TrafficEndpoint, trafficEndpointFile, trafficFolder } from "./endpoint";
import { controlOf } from "./front/control";
import { createFront } from "./front/front";
import { HostFaults } from "./front/host-faults";
import { World } from "./front/world";
import { trafficVersion } from "./version";

/** The front of dev as a process of its own. */
async function serve(): Promise<void> {
  const { values } = parseArgs({
    options: { "state-dir": { type: "string" }, port: { type: "string", default: "0" } },
  });
  const stateDir = values["state-dir"];
  if (stateDir === undefined) throw new Error("--state-dir is required");
  const world = new World(stateDir);
  await runDaemon<TrafficEndpoint>({
    name: "server",
    folder: trafficFolder(stateDir),
    endpointFile: trafficEndpointFile(stateDir),
    readEndpoint: () => readTrafficEndpoint(stateDir),
    start: async (process, end) => {
      mkdirSync(trafficFolder(stateDir), { recursive: true, mode: 0o700 });
      const telemetry = new Telemetry(new Workspaces(world.resources));
      const newest = () => Date.now() - telemetry.settings.telemetryDelaySeconds * 1000;
      const metrics = new Metrics(telemetry.counts, newest);
      const faults = new HostFaults();
      const token = randomBytes(32).toString("base64url");
      const identity = { ...process, version: trafficVersion(), stateDir };
      const onStop = () => end("asked to stop");
      const control = controlOf({ world, telemetry, metrics, faults, identity, onStop });
      const server = createFront({ world, telemetry, faults, token, stateDir, control });
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(Number(values.port), "127.0.0.1", resolve);
      });
      return { ...identity, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, token };
    },
    stop: async () => world.stop(),
    startError: systemStartError,
  });
  await world.follow();
}

serve().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
