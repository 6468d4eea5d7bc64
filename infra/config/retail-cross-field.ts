import type { SystemValues } from "./cross-field";
import { type SettingFault, shown } from "./fault";
import type { RetailSettings } from "./retail-settings";
import { sidesFaults } from "./sides-faults";

type Values = SystemValues<RetailSettings>;

/** Faults between settings of retail-agentic that are each right by themselves. */
export function retailCrossFieldFaults(values: Values): readonly SettingFault[] {
  const { stack, own } = values;
  return [
    ...sidesFaults("retail-agentic", stack.name, own.sides),
    ...searchFaults(values),
    ...sizeFaults(values),
    ...rangeFaults(values),
  ];
}

/** What each place of Elasticsearch needs: `always`, or outside dev, which makes secrets up. */
const neededBySearch = {
  "in-cluster": {
    elasticsearchImage: "always",
    searchToolsImage: "always",
  },
  external: { elasticsearchUrl: "outside dev" },
} as const;

function searchFaults({ stack, own, broken }: Values): readonly SettingFault[] {
  const { elasticsearch: place } = own;
  if (place === undefined) return [];
  const needed = Object.entries(neededBySearch[place]) as [keyof RetailSettings, "always" | "outside dev"][];
  return needed.flatMap(([name, when]) => {
    const key = `retail-agentic:${name}`;
    // A value that is there and wrong has its fault already.
    if (own[name] !== undefined || broken.has(key)) return [];
    if (when === "outside dev" && stack.environment === "dev") return [];
    const secret = when === "outside dev";
    return [
      {
        key,
        received: "nothing",
        allowed: `a value, because retail-agentic:elasticsearch is ${place}`,
        mend: `pulumi config set ${secret ? `--secret ${key}` : `${key} VALUE`} --stack ${stack.name}`,
      },
    ];
  });
}

/** Tiers on shared cores: no standby, backups of 7 days (Microsoft Learn, "Compute and storage", Azure DocumentDB). */
const smallDocumentTiers: readonly (string | undefined)[] = ["M10", "M20"];

function sizeFaults({ stack, own }: Values): readonly SettingFault[] {
  if (stack.environment === "dev") return [];
  const faults: SettingFault[] = [];
  if (smallDocumentTiers.includes(own.documentTier)) {
    faults.push({
      key: "retail-agentic:documentTier",
      received: shown(own.documentTier),
      allowed: "M30 or more: smaller ones have no standby and keep backups for 7 days only, not 30",
      mend: `pulumi config set retail-agentic:documentTier M30 --stack ${stack.name}`,
    });
  }
  if (stack.environment === "production" && own.relationalSize?.startsWith("Standard_B")) {
    faults.push({
      key: "retail-agentic:relationalSize",
      received: shown(own.relationalSize),
      allowed: "in production no burstable size: the database has a standby in another zone",
      mend: `pulumi config set retail-agentic:relationalSize Standard_D2ds_v5 --stack ${stack.name}`,
    });
  }
  return faults;
}

/** Prefixes shorter than this hold more than 65,536 addresses: the rate limit would count next to nobody. */
const widestPrefix = 16;

function rangeFaults({ stack, own }: Values): readonly SettingFault[] {
  const wide = (own.loadTestRanges ?? []).filter((range) => Number(range.split("/")[1] ?? 32) < widestPrefix);
  if (wide.length === 0) return [];
  return [
    {
      key: "retail-agentic:loadTestRanges",
      received: shown(wide),
      allowed: `single addresses or ranges of at most /${widestPrefix}`,
      mend: `pulumi config set retail-agentic:loadTestRanges '["ADDRESS"]' --stack ${stack.name}`,
    },
  ];
}
