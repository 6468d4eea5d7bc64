import type { SystemName } from "../runbooks/model";
import type { Dashboard } from "../runbooks/prometheus";
import { cases, kirana, retail, store, tesoro } from "./systems";

/** A system with the dashboards of its contract; Grafana has them all, whichever systems a stack carries. */
export interface SystemDashboards {
  readonly system: SystemName;
  readonly dashboards: readonly Dashboard[];
}

export const contractsWithDashboards: readonly SystemDashboards[] = [kirana, tesoro, store, retail, cases]
  .map(({ contract: { system, dashboards } }): SystemDashboards => ({ system, dashboards }))
  .filter(({ dashboards }) => dashboards.length > 0);
