import type { SystemValues } from "./cross-field";
import { type SettingFault, shown } from "./fault";
import type { PlatformSettings } from "./platform-settings";

type Values = SystemValues<PlatformSettings>;

/** Fewest nodes with which each of three zones has one. */
const fewestNodesInProduction = 3;

/** Faults between settings of the platform that are each right by themselves. */
export function platformCrossFieldFaults(values: Values): readonly SettingFault[] {
  return [...poolFaults(values), ...gatewayFaults(values)];
}

function poolFaults({ stack, own }: Values): readonly SettingFault[] {
  const faults: SettingFault[] = [];
  for (const key of ["systemPool", "workPool"] as const) {
    const pool = own[key];
    if (pool === undefined) continue;
    const { minimumNodes, maximumNodes } = pool;
    const fault = (allowed: string, minimum: number, maximum: number) => {
      const value = JSON.stringify({ ...pool, minimumNodes: minimum, maximumNodes: maximum });
      faults.push({
        key: `platform:${key}`,
        received: shown(pool),
        allowed,
        mend: `pulumi config set platform:${key} '${value}' --stack ${stack.name}`,
      });
    };
    if (minimumNodes > maximumNodes) {
      fault("maximumNodes not below minimumNodes", minimumNodes, minimumNodes);
    } else if (stack.environment === "production" && minimumNodes < fewestNodesInProduction) {
      fault(
        `in production at least ${fewestNodesInProduction} nodes: the pool is spread over three zones`,
        fewestNodesInProduction,
        Math.max(maximumNodes, fewestNodesInProduction),
      );
    }
  }
  return faults;
}

function gatewayFaults({ stack, own }: Values): readonly SettingFault[] {
  const { gatewayHost, gatewayDnsZoneId } = own;
  const zone = gatewayDnsZoneId?.split("/").at(-1)?.toLowerCase();
  // Nobody's values stand for placeholders and need not fit each other.
  if (gatewayHost === undefined || zone === undefined || zone === "not-given.invalid") return [];
  if (gatewayHost.endsWith(`.${zone}`) || gatewayHost.endsWith(".not-given.invalid")) return [];
  return [
    {
      key: "platform:gatewayHost",
      received: shown(gatewayHost),
      allowed: `a host name below ${zone}, the zone of platform:gatewayDnsZoneId`,
      mend: `pulumi config set platform:gatewayHost gateway.${zone} --stack ${stack.name}`,
    },
  ];
}
