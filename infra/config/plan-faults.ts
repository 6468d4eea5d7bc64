import type { SystemValues } from "./cross-field";
import { type SettingFault, shown } from "./fault";

/** Zone redundancy needs an instance in a second zone (Microsoft Learn, "Reliability in Azure App Service"). */
const fewestInstancesInProduction = 2;

/** Faults of a system's planInstances in its stack. */
export function planFaults(
  system: string,
  stack: SystemValues<unknown>["stack"],
  planInstances: number | undefined,
): readonly SettingFault[] {
  if (stack.environment !== "production") return [];
  if (planInstances === undefined || planInstances >= fewestInstancesInProduction) return [];
  return [
    {
      key: `${system}:planInstances`,
      received: shown(planInstances),
      allowed: `in production at least ${fewestInstancesInProduction}: the plan is spread over zones`,
      mend: `pulumi config set ${system}:planInstances ${fewestInstancesInProduction} --stack ${stack.name}`,
    },
  ];
}
