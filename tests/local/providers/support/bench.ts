import assert from "node:assert/strict";
import type { PropertyMap } from "../../../../plugin-server/values/property";
import { type Diffed, Driver } from "./driver";
import { LocalCloud } from "./local-cloud";

export const GROUP = "azure-native:resources:ResourceGroup";
export const STORAGE = "azure-native:storage:StorageAccount";
export const PLAN = "azure-native:web:AppServicePlan";
export const SITE = "azure-native:web:WebApp";
export const SETTINGS = "azure-native:web:WebAppApplicationSettings";
export const VAULT = "azure-native:keyvault:Vault";
export const SECRET = "azure-native:keyvault:Secret";
export const LOCK = "azure-native:authorization:ManagementLockByScope";
export const ROLE = "azure-native:authorization:RoleAssignment";
export const CANARY = "canary-7f3a-canary";

export interface Made {
  id: string;
  inputs: PropertyMap;
  outputs: PropertyMap;
}

export const storage = (accountName: string, more: PropertyMap = {}): PropertyMap => ({
  resourceGroupName: "group",
  accountName,
  kind: "StorageV2",
  sku: { name: "Standard_LRS" },
  ...more,
});

/** A provider and its cloud, with the resource group `group`; made before a suite's tests and removed after them. */
export class Bench {
  cloud!: LocalCloud;
  provider!: Driver;

  /** @param start `spawn` for the executable as the engine starts it */
  constructor(start: "spawn" | "start") {
    before(async () => {
      this.cloud = await LocalCloud.start();
      this.provider = await Driver[start]("azure-native", {
        env: { SWITCHYARD_STATE_DIR: this.cloud.stateDir },
      });
      await this.provider.handshake();
      await this.provider.configure("azure-native", { location: "westeurope" });
      await this.make(GROUP, "group", { resourceGroupName: "group" });
    });
    after(async () => {
      await this.provider.stop();
      await this.cloud.remove();
    });
  }

  /** Check and Create, as for a new resource. */
  async make(type: string, name: string, news: PropertyMap): Promise<Made> {
    const { inputs, failures } = await this.provider.check(type, name, news);
    assert.deepEqual(failures, []);
    return { inputs, ...(await this.provider.create(type, name, inputs)) };
  }

  diff(type: string, made: Made, news: PropertyMap): Promise<Diffed> {
    return this.provider.diff(type, "x", made.id, made.inputs, news, made.outputs);
  }
}
