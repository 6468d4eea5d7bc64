import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { type CloudEndpoint, cloudFolder, endpointFile } from "../../../../local/cloud/endpoint";
import { LOCAL_SUBSCRIPTION_ID } from "../../../../local/cloud/identity";
import type { Json } from "../../../../local/cloud/resource-types";
import { createApp } from "../../../../local/cloud/server/app";
import { Cloud, DEFAULT_SETTINGS } from "../../../../local/cloud/server/cloud";
import type { Fault } from "../../../../local/cloud/server/faults";
import { Store } from "../../../../local/cloud/server/store";
import { processStart } from "../../../../local/daemon/process-identity";

export const SUBSCRIPTION = `/subscriptions/${LOCAL_SUBSCRIPTION_ID}`;
const TOKEN = "token-of-this-test";

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), "switchyard-providers-"));
}

/** Writes the file by which a provider finds its cloud; by default it names this very process. */
export function writeEndpoint(stateDir: string, changes: Partial<CloudEndpoint>): void {
  const endpoint: CloudEndpoint = {
    url: "http://127.0.0.1:1",
    token: TOKEN,
    pid: process.pid,
    processStart: processStart(process.pid) ?? "",
    startedAt: "2026-01-01T00:00:00.000Z",
    version: "test",
    stateDir,
    ...changes,
  };
  writeFileSync(endpointFile(stateDir), JSON.stringify(endpoint), { mode: 0o600 });
}

/** The embedded cloud in this process, on a state folder of its own and a port that providers can reach. */
export class LocalCloud {
  private constructor(
    readonly stateDir: string,
    readonly cloud: Cloud,
    readonly app: FastifyInstance,
    readonly url: string,
  ) {}

  static async start(stateDir = temporaryFolder(), operationMillis = 1): Promise<LocalCloud> {
    const cloud = new Cloud(new Store(cloudFolder(stateDir)), { ...DEFAULT_SETTINGS, operationMillis });
    await cloud.operations.recover();
    const app = createApp({
      cloud,
      token: TOKEN,
      version: "test",
      stateDir,
      startedAt: new Date().toISOString(),
      onStop: () => {},
    });
    const url = await app.listen({ host: "127.0.0.1", port: 0 });
    writeEndpoint(stateDir, { url });
    return new LocalCloud(stateDir, cloud, app, url);
  }

  fault(fault: Fault): void {
    this.cloud.faults.add(fault);
  }

  /** What a person or another tool does behind Pulumi's back. */
  async call(method: "GET" | "PUT" | "PATCH" | "DELETE" | "POST", path: string, body?: Json): Promise<Json> {
    const response = await this.app.inject({
      method,
      url: encodeURI(`${path}?api-version=2024-01-01`),
      headers: { authorization: `Bearer ${TOKEN}` },
      ...(body === undefined ? {} : { payload: body }),
    });
    if (response.statusCode >= 400) throw new Error(`${method} ${path}: ${response.body}`);
    return response.body === "" ? {} : (response.json() as Json);
  }

  exists(id: string): boolean {
    return this.cloud.exists(id);
  }

  /** Ends the server; the state stays. */
  async stop(): Promise<void> {
    this.cloud.operations.stop();
    await this.app.close();
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.stateDir, { recursive: true, force: true });
  }
}
