import { alertRuleGroups } from "./alert-rules";
import { alertmanagerConfig } from "./alertmanager-config";
import { everyDashboard, everyMonitoredSystem } from "./every-contract";
import { grafanaDashboard } from "./grafana-dashboard";
import { rulesFile } from "./rules-file";

/**
 * What Prometheus, Alertmanager and Grafana on a workstation read: text by path in a folder.
 *
 * @param inboxUrl Where every message goes, without a slash at the end.
 */
export function workstationFiles(inboxUrl: string): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const contract of everyMonitoredSystem) {
    files.set(`rules/${contract.system}.yaml`, rulesFile(alertRuleGroups(contract)));
  }
  const routings = everyMonitoredSystem.map(({ routing }) => routing);
  files.set("alertmanager.yaml", alertmanagerConfig(routings, inboxUrl));
  for (const { system, dashboards, alerts } of everyDashboard) {
    for (const dashboard of dashboards) {
      const json = grafanaDashboard({ system, dashboard, alerts });
      files.set(`dashboards/${system}/${dashboard.uid}.json`, `${JSON.stringify(json, null, 2)}\n`);
    }
  }
  return files;
}
