import type { Entry } from "../../vocabulary";
import { builds } from "./builds";
import { proofs } from "./evidence";
import { healthChecks, liveSideBefore } from "./health";
import { incidents } from "./incidents";
import { messages } from "./messages";
import { migrationEvidence, migrationSteps } from "./migrations";
import { dashboardEntries, metricAlerts, routes } from "./monitoring";
import { escalations, people } from "./people";
import { accessChecks, tools } from "./prerequisites";
import { releaseSteps } from "./release";
import { rollbackSteps } from "./rollback";
import { afterSwitch, dependencies, smokeTests } from "./smoke";
import { architecture, configuration, retention } from "./stack";
import { superseded } from "./superseded";
import { rollbackTriggers } from "./triggers";
import { verification } from "./watch";
import { windows } from "./windows";

/** The runbook of retail-agentic as data, room by room; every statement of it is owned by exactly one entry. */
export const entries: readonly Entry[] = [
  ...tools,
  ...accessChecks,
  ...liveSideBefore,
  ...windows,
  ...builds,
  ...proofs,
  ...migrationEvidence,
  ...migrationSteps,
  ...configuration,
  ...architecture,
  ...retention,
  ...metricAlerts,
  ...routes,
  ...dashboardEntries,
  ...people,
  ...messages,
  ...releaseSteps,
  ...smokeTests,
  ...dependencies,
  ...afterSwitch,
  ...rollbackTriggers,
  ...verification,
  ...healthChecks,
  ...rollbackSteps,
  ...escalations,
  ...incidents,
  ...superseded,
];
