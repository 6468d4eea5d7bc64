import type { Environment } from "../../runbooks/model";
import { type AzureSettings, blobContainer, type CommonSettings } from "./common-settings";
import { type SettingFault, shown } from "./fault";
import { localSubscriptionId, localTenantId } from "./local-cloud";
import { clusterSystems } from "./system-names";

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
  return [
    ...environmentFaults(values),
    ...localCloudFaults(values),
    ...clusterFaults(values),
    ...recordFaults(values),
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

/** A folder is on somebody's machine, where nobody keeps it for years. */
function recordFaults({ stack, common }: ReadValues): readonly SettingFault[] {
  const { records } = common;
  if (records === undefined || stack.environment === "dev" || blobContainer.test(records.location)) return [];
  return [
    {
      key: "switchyard:records.location",
      received: shown(records.location),
      allowed: "the address of a container of Blob Storage: a folder is for dev alone",
      mend: `pulumi config set --path switchyard:records.location https://ACCOUNT.blob.core.windows.net/records --stack ${stack.name}`,
    },
  ];
}

/** Which cluster the systems of the stack run on. */
function clusterFaults({ stack, common }: ReadValues): readonly SettingFault[] {
  const faults: SettingFault[] = [];
  const { systems = [], platform, kubeconfig } = common;
  const standing = systems.filter((system) => clusterSystems.includes(system));
  const carried = systems.includes("platform");
  if (standing.length > 0 && !carried && platform === undefined) {
    faults.push({
      key: "switchyard:platform",
      received: "nothing",
      allowed: `the output platform.reference of the stack that carries the platform: ${standing.join(", ")} stands on it`,
      mend: "give it, or add platform to switchyard:systems",
    });
  }
  if (carried && platform !== undefined) {
    faults.push({
      key: "switchyard:platform",
      received: shown(platform),
      allowed: "nothing: switchyard:systems says that this stack carries the platform itself",
      mend: `pulumi config rm switchyard:platform --stack ${stack.name}`,
    });
  }
  if (kubeconfig !== undefined && stack.environment !== "dev") {
    faults.push({
      key: "switchyard:kubeconfig",
      received: shown(kubeconfig),
      allowed:
        "nothing: outside dev the cluster is the platform's, and whoever runs the program signs in to it",
      mend: `pulumi config rm switchyard:kubeconfig --stack ${stack.name}`,
    });
  }
  return faults;
}
