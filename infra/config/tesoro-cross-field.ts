import type { SystemValues } from "./cross-field";
import { type SettingFault, shown } from "./fault";
import { planFaults } from "./plan-faults";
import type { TesoroSettings } from "./tesoro-settings";

const stagingKey = "tesoro-xp:stagingHost";

/** Faults between settings of tesoro-xp that are each right by themselves. */
export function tesoroCrossFieldFaults({
  stack,
  own,
  broken,
}: SystemValues<TesoroSettings>): readonly SettingFault[] {
  const { planInstances, planMaximumInstances, stagingHost } = own;
  const faults: SettingFault[] = [...planFaults("tesoro-xp", stack, planInstances)];
  if (stack.environment === "production" && stagingHost === undefined && !broken.has(stagingKey)) {
    faults.push({
      key: stagingKey,
      received: "nothing",
      allowed: "the host of the staging stack's app: a release in production asks whether it is healthy",
      mend: `pulumi config set ${stagingKey} NAME.azurewebsites.net --stack ${stack.name}; the output tesoroXp.app.siteHost of the staging stack has it`,
    });
  }
  if (
    planInstances !== undefined &&
    planMaximumInstances !== undefined &&
    planMaximumInstances < planInstances
  ) {
    faults.push({
      key: "tesoro-xp:planMaximumInstances",
      received: shown(planMaximumInstances),
      allowed: `at least ${planInstances}, as many as tesoro-xp:planInstances says that there are always`,
      mend: `pulumi config set tesoro-xp:planMaximumInstances ${planInstances} --stack ${stack.name}`,
    });
  }
  return faults;
}
