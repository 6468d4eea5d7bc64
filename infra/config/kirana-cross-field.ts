import { kiranaInventory } from "../../runbooks/kirana-inventory";
import type { SystemValues } from "./cross-field";
import { type SettingFault, shown } from "./fault";
import type { KiranaSettings } from "./kirana-settings";
import { planFaults } from "./plan-faults";

type Values = SystemValues<KiranaSettings>;

/** Faults between settings of kirana-inventory that are each right by themselves. */
export function kiranaCrossFieldFaults(values: Values): readonly SettingFault[] {
  return [...domainFaults(values), ...productionFaults(values)];
}

function domainFaults(values: Values): readonly SettingFault[] {
  return values.stack.environment === "production"
    ? productionDomainFaults(values)
    : otherDomainFaults(values);
}

function productionDomainFaults({ stack, own }: Values): readonly SettingFault[] {
  const { api, app, zone } = kiranaInventory.domains;
  const { apiDomain, appDomain, dnsZone } = own;
  return Object.entries({ apiDomain, appDomain, dnsZone })
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ({
      key: `kirana-inventory:${key}`,
      received: shown(value),
      allowed: `nothing: production has the runbook's ${api}, ${app} and ${zone}`,
      mend: `pulumi config rm kirana-inventory:${key} --stack ${stack.name}`,
    }));
}

function otherDomainFaults({ stack, own, broken }: Values): readonly SettingFault[] {
  const { apiDomain, appDomain, dnsZone, dnsZoneManagedBy } = own;
  const faults: SettingFault[] = [];
  const missing = (key: "appDomain" | "dnsZone", allowed: string) => {
    // A value that is there and wrong has its fault already.
    if (broken.has(`kirana-inventory:${key}`)) return;
    const mend = `pulumi config set kirana-inventory:${key} VALUE --stack ${stack.name}`;
    faults.push({ key: `kirana-inventory:${key}`, received: "nothing", allowed, mend });
  };
  if (appDomain === undefined)
    missing("appDomain", "a host name of the web app; only production has one already");
  if (dnsZoneManagedBy !== "stack") return faults;
  if (dnsZone === undefined) {
    missing(
      "dnsZone",
      "the zone that this stack declares, because kirana-inventory:dnsZoneManagedBy is stack",
    );
    return faults;
  }
  for (const [key, value] of Object.entries({ apiDomain, appDomain })) {
    if (value === undefined || value.endsWith(`.${dnsZone}`)) continue;
    faults.push({
      key: `kirana-inventory:${key}`,
      received: shown(value),
      allowed: `a host name below ${dnsZone}, which kirana-inventory:dnsZone names`,
      mend: `pulumi config set kirana-inventory:${key} ${key.slice(0, 3)}.${dnsZone} --stack ${stack.name}`,
    });
  }
  return faults;
}

function productionFaults({ stack, own }: Values): readonly SettingFault[] {
  if (stack.environment !== "production") return [];
  const faults: SettingFault[] = [...planFaults("kirana-inventory", stack, own.planInstances)];
  const { developersGroupId, developerIpRanges } = own;
  const shared = { developersGroupId, developerIpRanges };
  for (const [key, value] of Object.entries(shared)) {
    if (value === undefined || value.length === 0) continue;
    faults.push({
      key: `kirana-inventory:${key}`,
      received: shown(value),
      allowed: "nothing: developers share the database of staging, never production's",
      mend: `pulumi config rm kirana-inventory:${key} --stack ${stack.name}`,
    });
  }
  return faults;
}
