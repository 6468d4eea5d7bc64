import { caseManagement } from "../runbooks/case-management";
import { kiranaInventory } from "../runbooks/kirana-inventory";
import { kiranaStore } from "../runbooks/kirana-store";
import type { StatementId, VaultSecret } from "../runbooks/model";
import { retailAgentic } from "../runbooks/retail-agentic";
import { tesoroXp } from "../runbooks/tesoro-xp";
import { type PlatformContract, platformContract } from "./platform-contract";

/** What a rule that holds for every system reads of a contract. */
export interface CommonContract {
  readonly retentionDays: number;
  readonly secrets: readonly (Pick<VaultSecret, "name" | "origin" | "appSetting"> & {
    readonly ids: readonly StatementId[];
  })[];
}

/** A system whose contract this pack holds a stack to. */
export interface SystemContract<Contract extends CommonContract = CommonContract> {
  readonly name: string;
  /** Type token of the component under which the program declares the system. */
  readonly component: string;
  readonly contract: Contract;
}

/** What the others stand on; it has no runbook of its own. */
export const platform: SystemContract<PlatformContract> = {
  name: "platform",
  component: "switchyard:systems:Platform",
  contract: platformContract,
};

export const kirana: SystemContract<typeof kiranaInventory> = {
  name: kiranaInventory.system,
  component: "switchyard:systems:KiranaInventory",
  contract: kiranaInventory,
};

export const tesoro: SystemContract<typeof tesoroXp> = {
  name: tesoroXp.system,
  component: "switchyard:systems:TesoroXp",
  contract: tesoroXp,
};

export const store: SystemContract<typeof kiranaStore> = {
  name: kiranaStore.system,
  component: "switchyard:systems:KiranaStore",
  contract: kiranaStore,
};

export const retail: SystemContract<typeof retailAgentic> = {
  name: retailAgentic.system,
  component: "switchyard:systems:RetailAgentic",
  contract: retailAgentic,
};

export const cases: SystemContract<typeof caseManagement> = {
  name: caseManagement.system,
  component: "switchyard:systems:CaseManagement",
  contract: caseManagement,
};

/** Every system that the pack knows. */
export const systems: readonly SystemContract[] = [platform, kirana, tesoro, store, retail, cases];

const systemsByComponent: ReadonlyMap<string, SystemContract> = new Map(
  systems.map((system) => [system.component, system]),
);

/** Every rule asks for every resource: a stack's URNs are read once. */
const systemsByUrn = new Map<string, SystemContract | undefined>();

/** The system whose component is among a URN's types (`component$child$type`), the resource itself included. */
export function systemOfUrn(urn: string): SystemContract | undefined {
  if (!systemsByUrn.has(urn)) systemsByUrn.set(urn, findSystem(urn));
  return systemsByUrn.get(urn);
}

function findSystem(urn: string): SystemContract | undefined {
  for (const type of urn.split("::")[2]?.split("$") ?? []) {
    const system = systemsByComponent.get(type);
    if (system) return system;
  }
  return undefined;
}
