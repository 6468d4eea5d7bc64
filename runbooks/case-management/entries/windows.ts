import { emergencyPath, freezeDays } from "../../production-rules";
import type { Entry } from "../../vocabulary";
import { production, roles, timeZone } from "./shared";

const noWindow = "This runbook speaks of a deployment window and defines none.";

/** What a window bounds; the watch may run on, and a rollback asks for none. */
const bounded: Entry["during"] = ["migrate", "deploy-idle", "smoke", "switch"];

/** When production may be released. */
export const windows: readonly Entry[] = [
  {
    word: "window",
    name: "deployment-window",
    title: "The deployment window: Tuesday to Thursday, 10 to 14 in Los Angeles",
    ids: [],
    supports: ["CAS-013", "CAS-016"],
    conflicts: [6],
    on: production,
    during: bounded,
    releases: ["normal"],
    timeZone,
    rule: { kind: "allowed", days: ["Tue", "Wed", "Thu"], from: "10:00", to: "14:00" },
    note: `${noWindow} The intersection of the others', until the owner decides.`,
  },
  freezeDays({
    supports: ["CAS-013", "CAS-016"],
    bounded,
    releases: ["normal"],
    note: `${noWindow} tesoro-xp's freezes hold for every release of production; the end of a month only warns.`,
  }),
  ...emergencyPath({
    supports: ["CAS-100"],
    bounded,
    roles: ["vp-engineering", roles.engineeringDirector],
    postMortemBy: roles.technicalLead,
    note: "The runbook's forward fix, if safe and quick. Never skips backups, smoke tests or checks of secrets.",
  }),
];
