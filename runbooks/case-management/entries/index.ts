import type { Entry } from "../../vocabulary";
import { afterRelease } from "./after";
import { approvals } from "./approvals";
import { backup } from "./backup";
import { builds } from "./builds";
import { channelsReady, channelsVerified, environmentValidation, monitoringReady } from "./environment";
import { dataCorruption, productionDown } from "./incidents";
import { incidentMessages, releaseMessages } from "./messages";
import { migration } from "./migration";
import { businessValidation, observations } from "./observations";
import { documents, escalations } from "./people";
import { codeReadiness, peopleReadiness } from "./readiness";
import { release, versions } from "./release";
import { restore } from "./restore";
import { rollback } from "./rollback";
import { afterSwitch, smokeTests } from "./smoke";
import { architecture, metricSources } from "./stack";
import { superseded } from "./superseded";
import { thresholds } from "./thresholds";
import { anomalies, performance, rollbackTriggers } from "./triggers";
import { functionalTests } from "./validation";
import { windows } from "./windows";

/** The runbook of case-management as data, room by room; every statement of it is owned by exactly one entry. */
export const entries: readonly Entry[] = [
  ...codeReadiness,
  ...peopleReadiness,
  ...documents,
  ...windows,
  ...releaseMessages,
  ...environmentValidation,
  ...monitoringReady,
  ...channelsReady,
  ...builds,
  ...approvals,
  ...backup,
  ...migration,
  ...release,
  ...versions,
  ...smokeTests,
  ...afterSwitch,
  ...functionalTests,
  ...observations,
  ...performance,
  ...businessValidation,
  ...channelsVerified,
  ...anomalies,
  ...rollbackTriggers,
  ...rollback,
  ...restore,
  ...productionDown,
  ...dataCorruption,
  ...incidentMessages,
  ...escalations,
  ...architecture,
  ...metricSources,
  ...thresholds,
  ...afterRelease,
  ...superseded,
];
