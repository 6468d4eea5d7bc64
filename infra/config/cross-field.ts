import { kiranaInventory } from "../../runbooks/kirana-inventory";
import type { Environment } from "../../runbooks/model";
import type { AzureSettings, CommonSettings } from "./common-settings";
import { type SettingFault, shown } from "./fault";
import type { KiranaSettings } from "./kirana-settings";
import { localSubscriptionId, localTenantId } from "./local-cloud";

/** What was read; a key with a fault of its own is absent. */
export interface ReadValues {
  readonly stack: { readonly name: string; readonly environment: Environment };
  readonly common: Partial<CommonSettings>;
  readonly azure: Partial<AzureSettings>;
  readonly kirana: Partial<KiranaSettings>;
  /** Keys that were given and are wrong by themselves. */
  readonly broken: ReadonlySet<string>;
}

/** Faults between settings that are each right by themselves. */
export function crossFieldFaults(values: ReadValues): readonly SettingFault[] {
  return [
    ...environmentFaults(values),
    ...localCloudFaults(values),
    ...domainFaults(values),
    ...productionFaults(values),
  ];
}

function environmentFaults({ stack, common }: ReadValues): readonly SettingFault[] {
  if (common.environment === undefined || common.environment === stack.environment) return [];
  return [
    {
      key: "switchyard:environment",
      received: shown(common.environment),
      allowed: `${stack.environment}, as the stack's name ${stack.name} says`,
      mend: `pulumi config set switchyard:environment ${stack.environment} --stack ${stack.name}`,
    },
  ];
}

function localCloudFaults({ stack, common, azure }: ReadValues): readonly SettingFault[] {
  const { environment, name } = stack;
  const faults: SettingFault[] = [];
  if (environment !== "dev" && common.localCloud === true) {
    faults.push({
      key: "switchyard:localCloud",
      received: "true",
      allowed: "false or absent: the embedded local cloud is for dev alone",
      mend: `pulumi config rm switchyard:localCloud --stack ${name}`,
    });
  }
  for (const [key, local] of [
    ["subscriptionId", localSubscriptionId],
    ["tenantId", localTenantId],
  ] as const) {
    const given = azure[key];
    const mustBeLocal = environment === "dev" && common.localCloud === true;
    if (given === undefined || (given === local) === mustBeLocal) continue;
    faults.push({
      key: `azure-native:${key}`,
      received: shown(given),
      allowed: mustBeLocal
        ? `${local}, the embedded local cloud's`
        : "a real one, not the embedded local cloud's",
      mend: mustBeLocal
        ? `pulumi config set azure-native:${key} ${local} --stack ${name}`
        : `pulumi config set azure-native:${key} ID --stack ${name}${environment === "dev" ? ", or switchyard:localCloud true" : ""}`,
    });
  }
  return faults;
}

function domainFaults(values: ReadValues): readonly SettingFault[] {
  return values.stack.environment === "production"
    ? productionDomainFaults(values)
    : otherDomainFaults(values);
}

function productionDomainFaults({ stack, kirana }: ReadValues): readonly SettingFault[] {
  const { api, app, zone } = kiranaInventory.domains;
  const { apiDomain, appDomain, dnsZone } = kirana;
  return Object.entries({ apiDomain, appDomain, dnsZone })
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ({
      key: `kirana-inventory:${key}`,
      received: shown(value),
      allowed: `nothing: production has the runbook's ${api}, ${app} and ${zone}`,
      mend: `pulumi config rm kirana-inventory:${key} --stack ${stack.name}`,
    }));
}

function otherDomainFaults({ stack, kirana, broken }: ReadValues): readonly SettingFault[] {
  const { apiDomain, appDomain, dnsZone, dnsZoneManagedBy } = kirana;
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

/** Zone redundancy needs an instance in a second zone (Microsoft Learn, "Reliability in Azure App Service"). */
const fewestInstancesInProduction = 2;

function productionFaults({ stack, kirana }: ReadValues): readonly SettingFault[] {
  if (stack.environment !== "production") return [];
  const faults: SettingFault[] = [];
  const { planInstances, developersGroupId, developerIpRanges } = kirana;
  if (planInstances !== undefined && planInstances < fewestInstancesInProduction) {
    faults.push({
      key: "kirana-inventory:planInstances",
      received: shown(planInstances),
      allowed: `in production at least ${fewestInstancesInProduction}: the plan is spread over zones`,
      mend: `pulumi config set kirana-inventory:planInstances ${fewestInstancesInProduction} --stack ${stack.name}`,
    });
  }
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
