import { kiranaInventory } from "../runbooks/kirana-inventory";

/** A system whose contract this pack holds a stack to. */
export interface SystemContract {
  readonly name: typeof kiranaInventory.system;
  /** Type token of the component under which the program declares the system. */
  readonly component: string;
  readonly contract: typeof kiranaInventory;
}

export const kirana: SystemContract = {
  name: kiranaInventory.system,
  component: "switchyard:systems:KiranaInventory",
  contract: kiranaInventory,
};

const systemsByComponent: ReadonlyMap<string, SystemContract> = new Map([[kirana.component, kirana]]);

/** The system whose component is among a URN's types (`component$child$type`), the resource itself included. */
export function systemOfUrn(urn: string): SystemContract | undefined {
  for (const type of urn.split("::")[2]?.split("$") ?? []) {
    const system = systemsByComponent.get(type);
    if (system) return system;
  }
  return undefined;
}
