import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RecordedState, StateResource } from "../../../cli/check/state-file";
import { localEnvironment, survey } from "../../../cli/drift/survey";
import { byToken, type Json, toArmBody } from "../../../local/cloud/resource-types";
import type { Report } from "../../../reports/model";
import { GROUP, PLAN, SITE, SLOT, TestCloud, TOKEN } from "../../local/cloud/support";

export const LOCK = `${SITE}/providers/Microsoft.Authorization/locks/keep`;
const group = { resourceGroupName: "group" };
const site = {
  ...group,
  name: "kirana",
  location: "westeurope",
  kind: "functionapp,linux",
  identity: { type: "SystemAssigned" },
  serverFarmId: PLAN,
  httpsOnly: true,
  siteConfig: { linuxFxVersion: "NODE|22", minTlsVersion: "1.2", healthCheckPath: "/health" },
  tags: { system: "kirana-inventory" },
};
export const settings = { API_URL: "https://api.kirana.test", WEBSITE_RUN_FROM_PACKAGE: "1" };

/** What the stack of these tests declares, in the order in which it is made: type, id, inputs. */
export const declared: readonly (readonly [string, string, Json])[] = [
  ["resources:ResourceGroup", GROUP, { ...group, location: "westeurope" }],
  [
    "web:AppServicePlan",
    PLAN,
    { ...group, name: "plan", location: "westeurope", kind: "linux", reserved: true, sku: { name: "P1v3" } },
  ],
  ["web:WebApp", SITE, site],
  ["web:WebAppSlot", SLOT, { ...site, slot: "staging" }],
  [
    "web:WebAppSlotConfigurationNames",
    `${SITE}/config/slotConfigNames`,
    { ...group, name: "kirana", appSettingNames: ["SIDE"] },
  ],
  [
    "web:WebAppApplicationSettings",
    `${SITE}/config/appsettings`,
    { ...group, name: "kirana", properties: { ...settings, SIDE: "live" } },
  ],
  [
    "web:WebAppApplicationSettingsSlot",
    `${SLOT}/config/appsettings`,
    { ...group, name: "kirana", slot: "staging", properties: { ...settings, SIDE: "idle" } },
  ],
  [
    "authorization:ManagementLockByScope",
    LOCK,
    { scope: SITE, lockName: "keep", level: "CanNotDelete", notes: "the only site" },
  ],
];

export function urnOf(token: string, name: string): string {
  return `urn:pulumi:dev::switchyard::azure-native:${token}::${name}`;
}

const track: StateResource = {
  urn: "urn:pulumi:dev::switchyard::switchyard:index:Track::kirana-track",
  type: "switchyard:index:Track",
  id: "slots",
  inputs: {
    system: "kirana-inventory",
    target: { kind: "slots", siteId: SITE, slot: "staging" },
    initial: "production",
    sides: { production: `sha256:${"1".repeat(64)}`, staging: `sha256:${"2".repeat(64)}` },
  },
};

export function recordedState(
  resources: readonly (readonly [string, string, Json])[] = declared,
): RecordedState {
  return {
    stack: "dev",
    recordedAt: "2026-11-21T10:00:00Z",
    pending: 0,
    resources: [
      ...resources.map(
        ([token, id, inputs]): StateResource => ({
          urn: urnOf(token, id.split("/").at(-1)!),
          type: `azure-native:${token}`,
          id,
          inputs,
          sourcePosition: "project:///infra/azure/slot-app.ts#96,17",
        }),
      ),
      track,
    ],
  };
}

/** The embedded cloud on a port of loopback, with everything that is declared, and what was asked of it. */
export class DriftWorld {
  private constructor(
    readonly cloud: TestCloud,
    readonly asked: string[],
  ) {}

  static async create(): Promise<DriftWorld> {
    const cloud = await TestCloud.create();
    const asked: string[] = [];
    cloud.app.addHook("onRequest", async (request) => {
      asked.push(`${request.method} ${request.url}`);
    });
    const url = await cloud.app.listen({ host: "127.0.0.1", port: 0 });
    mkdirSync(join(cloud.folder, "cloud"), { recursive: true });
    writeFileSync(join(cloud.folder, "cloud", "endpoint.json"), JSON.stringify({ url, token: TOKEN }));
    for (const [token, id, inputs] of declared)
      await cloud.put(id, toArmBody(byToken(`azure-native:${token}`)!, inputs));
    return new DriftWorld(cloud, asked);
  }

  /** Somebody changes a declared resource behind the program's back. */
  async change(token: string, changes: Json): Promise<void> {
    const [, id, inputs] = declared.find(([declaredToken]) => declaredToken === token)!;
    await this.cloud.put(id, toArmBody(byToken(`azure-native:${token}`)!, { ...inputs, ...changes }));
  }

  drift(state: RecordedState = recordedState()): Promise<Report> {
    return survey({
      state,
      passphrase: undefined,
      environment: localEnvironment({}, this.cloud.folder, undefined),
      signal: new AbortController().signal,
      report: () => {},
    });
  }

  remove(): Promise<void> {
    return this.cloud.remove();
  }
}

/** `web:WebApp kirana: httpsOnly` of everything that is not as it was recorded. */
export function differences({ resources }: Report): string[] {
  return resources
    .filter(({ op }) => op !== "same")
    .map(({ op, urn, diff }) => {
      const [type, name] = urn.split("::").slice(2);
      const paths = diff.map(({ path, kind }) => `${kind} ${path}`);
      return [op, type?.replace("azure-native:", ""), name, ...paths].join(" ");
    });
}
