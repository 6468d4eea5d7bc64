import type { CaseManagementSettings } from "./case-management-settings";
import type { SystemValues } from "./cross-field";
import { type SettingFault, shown } from "./fault";
import { sidesFaults } from "./sides-faults";

type Values = SystemValues<CaseManagementSettings>;

/** Faults between settings of case-management that are each right by themselves. */
export function caseManagementCrossFieldFaults(values: Values): readonly SettingFault[] {
  return [
    ...sidesFaults("case-management", values.stack.name, values.own.sides),
    ...sizeFaults(values),
    ...exemptionFaults(values),
  ];
}

/** A standby in another zone exists from the general purpose tier on (Microsoft Learn, "High availability"). */
function sizeFaults({ stack, own: { databaseSize } }: Values): readonly SettingFault[] {
  if (stack.environment !== "production" || !databaseSize?.startsWith("Standard_B")) return [];
  return [
    {
      key: "case-management:databaseSize",
      received: shown(databaseSize),
      allowed: "in production no burstable size: the database has a standby in another zone",
      mend: `pulumi config set case-management:databaseSize Standard_D2ds_v5 --stack ${stack.name}`,
    },
  ];
}

/** Nobody's address means everybody: the rate limit would count no one. */
function exemptionFaults({ stack, own: { rateLimitExemptRanges = [] } }: Values): readonly SettingFault[] {
  const widest = rateLimitExemptRanges.filter((range) => /\/(?:\d|1[0-5])$/.test(range));
  if (widest.length === 0) return [];
  return [
    {
      key: "case-management:rateLimitExemptRanges",
      received: shown(widest),
      allowed: "single addresses or ranges of at most /16",
      mend: `pulumi config set case-management:rateLimitExemptRanges '["ADDRESS"]' --stack ${stack.name}`,
    },
  ];
}
