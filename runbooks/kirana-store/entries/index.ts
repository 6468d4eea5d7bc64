import type { Entry } from "../../vocabulary";
import { baselines } from "./baselines";
import { monitoringReady } from "./monitoring-ready";
import { scans } from "./scans";
import { applicationSecurity } from "./security";
import { stack } from "./stack";
import { stagingValidation } from "./staging";

/** The runbook of kirana-store as data, room by room; every statement of it sits on exactly one entry. */
export const entries: readonly Entry[] = [
  ...stagingValidation,
  ...baselines,
  ...monitoringReady,
  ...applicationSecurity,
  ...scans,
  ...stack,
];
