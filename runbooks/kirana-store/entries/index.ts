import type { Entry } from "../../vocabulary";
import { baselines } from "./baselines";
import { escalation } from "./escalation";
import { followUps } from "./follow-ups";
import { fullValidation } from "./full-validation";
import { messages } from "./messages";
import { monitoring } from "./monitoring";
import { monitoringReady } from "./monitoring-ready";
import { restore } from "./restore";
import { rollback } from "./rollback";
import { scans } from "./scans";
import { applicationSecurity } from "./security";
import { stack } from "./stack";
import { stagingValidation } from "./staging";
import { success } from "./success";

/** The runbook of kirana-store as data, room by room; every statement of it sits on exactly one entry. */
export const entries: readonly Entry[] = [
  ...stagingValidation,
  ...baselines,
  ...monitoringReady,
  ...applicationSecurity,
  ...scans,
  ...stack,
  ...fullValidation,
  ...rollback,
  ...restore,
  ...monitoring,
  ...escalation,
  ...messages,
  ...followUps,
  ...success,
];
