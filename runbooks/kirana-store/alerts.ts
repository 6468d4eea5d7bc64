import { derived, probe } from "./derived-alerts";
import { critical, info, warning } from "./listed-alerts";

/** The 27 rules of the runbook's count, 14 as listed and 13 derived, and the probe: 28. */
export const alerts = [...critical, ...warning, ...info, ...derived, ...probe] as const;

/** How many rules come from where; a test holds the numbers against the runbook's. */
export const alertCounts = {
  ids: ["STO-155"],
  conflicts: [47, 52],
  listed: critical.length + warning.length + info.length,
  derived: derived.length,
  probe: probe.length,
} as const;
