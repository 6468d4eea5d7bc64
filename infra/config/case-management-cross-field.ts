import type { CaseManagementSettings } from "./case-management-settings";
import type { SystemValues } from "./cross-field";
import { type SettingFault, shown } from "./fault";

type Values = SystemValues<CaseManagementSettings>;

/** Faults between settings of case-management that are each right by themselves. */
export function caseManagementCrossFieldFaults(values: Values): readonly SettingFault[] {
  return [...sideFaults(values), ...sizeFaults(values), ...exemptionFaults(values)];
}

function sideFaults({ stack, own: { sides } }: Values): readonly SettingFault[] {
  if (sides === undefined) return [];
  const { blue, green } = sides;
  if (blue === undefined && green === undefined) {
    return [
      {
        key: "case-management:sides",
        received: shown(sides),
        allowed: "at least one colour: without any there is nothing to run",
        mend: `switchyard release prepare case-management --to MANIFEST --stack ${stack.name}`,
      },
    ];
  }
  // Two colours with the same images and two versions: a probe of the version would prove nothing.
  if (blue === undefined || green === undefined || blue.version === green.version) return [];
  if (JSON.stringify(sorted(blue.images)) !== JSON.stringify(sorted(green.images))) return [];
  return [
    {
      key: "case-management:sides",
      received: `${shown(blue.version)} and ${shown(green.version)} with the same images`,
      allowed: "one version for one set of images",
      mend: "give both sides the version that the images were built as",
    },
  ];
}

function sorted(images: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return Object.entries(images).sort(([left], [right]) => (left < right ? -1 : 1));
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
