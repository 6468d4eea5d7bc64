import type { Entry } from "../../vocabulary";
import { baselines } from "./baselines";
import { closing } from "./closing";
import { commands } from "./commands";
import { deploymentDay } from "./deployment-day";
import { escalation } from "./escalation";
import { followUps } from "./follow-ups";
import { fullValidation } from "./full-validation";
import { messages } from "./messages";
import { monitoring } from "./monitoring";
import { monitoringReady } from "./monitoring-ready";
import { rampGates } from "./ramp";
import { readiness } from "./readiness";
import { release } from "./release";
import { restore } from "./restore";
import { rollback } from "./rollback";
import { scans } from "./scans";
import { applicationSecurity } from "./security";
import { signOff } from "./sign-off";
import { smoke } from "./smoke";
import { stabilisationGates } from "./stabilisation";
import { stack } from "./stack";
import { stagingValidation } from "./staging";
import { success } from "./success";
import { trials } from "./tried-by-people";
import { watch } from "./watch";
import { windows } from "./windows";

/** The runbook of kirana-store as data, room by room; every statement of it sits on exactly one entry. */
export const entries: readonly Entry[] = [
  ...stagingValidation,
  ...baselines,
  ...monitoringReady,
  ...applicationSecurity,
  ...scans,
  ...stack,
  ...release,
  ...smoke,
  ...rampGates,
  ...stabilisationGates,
  ...watch,
  ...trials,
  ...fullValidation,
  ...rollback,
  ...restore,
  ...monitoring,
  ...escalation,
  ...messages,
  ...followUps,
  ...success,
  ...readiness,
  ...deploymentDay,
  ...windows,
  ...commands,
  ...signOff,
  ...closing,
];
