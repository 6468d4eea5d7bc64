import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { LOCAL_SUBSCRIPTION_ID } from "../../../local/cloud/identity";
import type { Json } from "../../../local/cloud/resource-types";
import { createApp } from "../../../local/cloud/server/app";
import { Cloud, DEFAULT_SETTINGS } from "../../../local/cloud/server/cloud";
import type { WriteFile } from "../../../local/cloud/server/files";
import { Store } from "../../../local/cloud/server/store";
import { soon } from "../../support/until";

export const SUBSCRIPTION = `/subscriptions/${LOCAL_SUBSCRIPTION_ID}`;
export const GROUP = `${SUBSCRIPTION}/resourceGroups/group`;
export const PLAN = `${GROUP}/providers/Microsoft.Web/serverfarms/plan`;
export const SITE = `${GROUP}/providers/Microsoft.Web/sites/kirana`;
export const SLOT = `${SITE}/slots/staging`;
export const VAULT = `${GROUP}/providers/Microsoft.KeyVault/vaults/vault-one`;
export const COSMOS = `${GROUP}/providers/Microsoft.DocumentDB/databaseAccounts/cosmos-one`;
export const TOKEN = "token-of-this-test";

export interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into, member by member, by assertions
  body: any;
  headers: Record<string, unknown>;
}

/** The ARM endpoint without a socket, on a state folder of its own. */
export class TestCloud {
  private constructor(
    readonly folder: string,
    readonly cloud: Cloud,
    readonly app: FastifyInstance,
  ) {}

  static async create(
    options: { folder?: string; write?: WriteFile; operationMillis?: number } = {},
  ): Promise<TestCloud> {
    const folder = options.folder ?? mkdtempSync(join(tmpdir(), "switchyard-cloud-"));
    const store = new Store(join(folder, "cloud"), options.write);
    const cloud = new Cloud(store, { ...DEFAULT_SETTINGS, operationMillis: options.operationMillis ?? 1 });
    await cloud.operations.recover();
    const app = createApp({
      cloud,
      token: TOKEN,
      version: "test",
      stateDir: folder,
      startedAt: new Date().toISOString(),
      onStop: () => {},
    });
    return new TestCloud(folder, cloud, app);
  }

  /** What the next start finds: everything but the files is lost, as by kill -9. */
  async crash(options: { operationMillis?: number } = {}): Promise<TestCloud> {
    this.cloud.operations.stop();
    await this.app.close();
    return TestCloud.create({ folder: this.folder, ...options });
  }

  async remove(): Promise<void> {
    this.cloud.operations.stop();
    await this.app.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const own = path.startsWith("/_switchyard");
    const url = own || path.includes("api-version=") ? path : `${path}?api-version=2024-01-01`;
    const response = await this.app.inject({
      method: method as "GET",
      url: encodeURI(url),
      headers: { authorization: `Bearer ${TOKEN}`, ...headers },
      ...(body === undefined ? {} : { payload: body as Json }),
    });
    return {
      status: response.statusCode,
      body: response.body === "" ? undefined : response.json(),
      headers: response.headers,
    };
  }

  /** PUT that must succeed; waits until its operation has ended. */
  async put(id: string, body: unknown = {}): Promise<Answer> {
    return this.done(await this.call("PUT", id, body));
  }

  async delete(id: string): Promise<Answer> {
    return this.done(await this.call("DELETE", id));
  }

  async get(id: string): Promise<Answer> {
    return this.call("GET", id);
  }

  /** Waits for the operation of an answer, if it has one, as a client does. */
  async done(answer: Answer): Promise<Answer> {
    assert.ok(answer.status < 300, `refused: ${answer.status} ${JSON.stringify(answer.body)}`);
    const url = answer.headers["azure-asyncoperation"];
    if (typeof url !== "string") return answer;
    const path = url.replace(/^https?:\/\/[^/]+/, "");
    await soon("the operation ends", async () => (await this.call("GET", path)).body.status !== "InProgress");
    return answer;
  }

  /** A group, a Linux plan and a site with a slot: what most tests start from. */
  async withSite(): Promise<void> {
    await this.put(GROUP, { location: "westeurope" });
    await this.put(PLAN, plan("P1v3"));
    await this.put(SITE, site({}));
    await this.put(SLOT, site({}));
  }
}

export function plan(size: string): Json {
  return { location: "westeurope", kind: "linux", sku: { name: size }, properties: { reserved: true } };
}

export function site(properties: Json): Json {
  return {
    location: "westeurope",
    kind: "functionapp,linux",
    identity: { type: "SystemAssigned" },
    properties: { serverFarmId: PLAN, httpsOnly: true, ...properties },
  };
}

export function cosmosAccount(properties: Json = {}): Json {
  return {
    location: "westeurope",
    properties: {
      databaseAccountOfferType: "Standard",
      locations: [{ locationName: "westeurope", failoverPriority: 0 }],
      backupPolicy: { type: "Continuous", continuousModeProperties: { tier: "Continuous30Days" } },
      ...properties,
    },
  };
}

export function vault(properties: Json = {}): Json {
  return {
    location: "westeurope",
    properties: {
      tenantId: "00000000-0000-4000-8000-0000000de001",
      sku: { family: "A", name: "standard" },
      enableRbacAuthorization: true,
      ...properties,
    },
  };
}
