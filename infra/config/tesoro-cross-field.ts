import type { SystemValues } from "./cross-field";
import { type SettingFault, shown } from "./fault";
import { planFaults } from "./plan-faults";
import type { TesoroSettings } from "./tesoro-settings";

/** Faults between settings of tesoro-xp that are each right by themselves. */
export function tesoroCrossFieldFaults({
  stack,
  own,
}: SystemValues<TesoroSettings>): readonly SettingFault[] {
  const { planInstances, planMaximumInstances } = own;
  const faults: SettingFault[] = [...planFaults("tesoro-xp", stack, planInstances)];
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
