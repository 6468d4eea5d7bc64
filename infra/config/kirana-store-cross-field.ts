import type { SystemValues } from "./cross-field";
import { type SettingFault, shown } from "./fault";
import type { KiranaStoreSettings } from "./kirana-store-settings";
import { sidesFaults } from "./sides-faults";

type Values = SystemValues<KiranaStoreSettings>;

/** Faults between settings of kirana-store that are each right by themselves. */
export function kiranaStoreCrossFieldFaults(values: Values): readonly SettingFault[] {
  const { stack, own } = values;
  return [
    ...sidesFaults("kirana-store", stack.name, own.sides),
    ...databaseFaults(values),
    ...replicaFaults(values),
    ...rangeFaults("adminRanges", "admin functions would be open to all of it", values),
    ...rangeFaults("loadTestRanges", "the rate limit would count none of it", values),
  ];
}

/** Tiers on shared cores: they have no standby, no replica, and backups of 7 days (Microsoft Learn, "Compute and storage"). */
const smallTiers: readonly (string | undefined)[] = ["M10", "M20"];

function databaseFaults({ stack, own: { databaseTier } }: Values): readonly SettingFault[] {
  if (stack.environment === "dev" || !smallTiers.includes(databaseTier)) return [];
  return [
    {
      key: "kirana-store:databaseTier",
      received: shown(databaseTier),
      allowed: "M30 or more: smaller ones have no replica (STO-090) and keep backups for 7 days only",
      mend: `pulumi config set kirana-store:databaseTier M30 --stack ${stack.name}`,
    },
  ];
}

function replicaFaults({ stack, azure, own: { replicaLocation } }: Values): readonly SettingFault[] {
  if (replicaLocation === undefined || replicaLocation !== azure.location) return [];
  return [
    {
      key: "kirana-store:replicaLocation",
      received: shown(replicaLocation),
      allowed: "another region than azure-native:location: a replica beside the database is lost with it",
      mend: `pulumi config set kirana-store:replicaLocation REGION --stack ${stack.name}`,
    },
  ];
}

/** Prefixes shorter than this hold more than 65,536 addresses: nobody's VPN. */
const widestPrefix = 16;

function rangeFaults(
  key: "adminRanges" | "loadTestRanges",
  why: string,
  { stack, own }: Values,
): readonly SettingFault[] {
  const wide = (own[key] ?? []).filter((range) => Number(range.split("/")[1] ?? 32) < widestPrefix);
  if (wide.length === 0) return [];
  return [
    {
      key: `kirana-store:${key}`,
      received: shown(wide),
      allowed: `single addresses or ranges of at most /${widestPrefix}: ${why}`,
      mend: `pulumi config set kirana-store:${key} '["ADDRESS"]' --stack ${stack.name}`,
    },
  ];
}
