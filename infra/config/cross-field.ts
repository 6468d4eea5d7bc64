import type { Environment } from "../../runbooks/model";
import type { AzureSettings, CommonSettings } from "./common-settings";
import { type SettingFault, shown } from "./fault";
import { localSubscriptionId, localTenantId } from "./local-cloud";

interface StackIdentity {
  readonly name: string;
  readonly environment: Environment;
}

/** What was read; a key with a fault of its own is absent. */
export interface ReadValues {
  readonly stack: StackIdentity;
  readonly common: Partial<CommonSettings>;
  readonly azure: Partial<AzureSettings>;
}

/** What was read of one system's settings; a key with a fault of its own is absent. */
export interface SystemValues<Own> {
  readonly stack: StackIdentity;
  readonly common: Partial<CommonSettings>;
  readonly azure: Partial<AzureSettings>;
  readonly own: Partial<Own>;
  /** Keys that were given and are wrong by themselves, with their namespace. */
  readonly broken: ReadonlySet<string>;
}

/** Faults between common settings that are each right by themselves. */
export function crossFieldFaults(values: ReadValues): readonly SettingFault[] {
  return [...environmentFaults(values), ...localCloudFaults(values)];
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
