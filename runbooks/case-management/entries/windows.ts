import type { Entry } from "../../vocabulary";
import { production, roles, timeZone } from "./shared";

const noWindow = "This runbook speaks of a deployment window and defines none.";

/** Calendar of holidays of all systems; it must not be empty (conflicts 7). */
const holidays = "switchyard:holidays";

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
  {
    word: "window",
    name: "freezes",
    title: "No release in the week of Black Friday and Cyber Monday, at the end of a quarter or on holidays",
    ids: [],
    supports: ["CAS-013", "CAS-016"],
    conflicts: [7],
    on: production,
    during: ["scheduled", "prepare", ...bounded],
    releases: ["normal"],
    timeZone,
    rule: { kind: "freeze", on: "blackFriday", daysBefore: 4, daysAfter: 3, blocks: true },
    also: [
      { kind: "freeze", on: "endOfQuarter", daysBefore: 2, daysAfter: 0, blocks: true },
      { kind: "freeze", on: "holidays", daysBefore: 0, daysAfter: 0, blocks: true, setting: holidays },
      { kind: "freeze", on: "endOfMonth", daysBefore: 2, daysAfter: 0, blocks: false },
    ],
    note: `${noWindow} tesoro-xp's freezes hold for every release of production; the end of a month only warns.`,
  },
  {
    word: "window",
    name: "emergency-path",
    title:
      "A critical hotfix outside the window: VP Engineering or director, two hours of watch, post-mortem",
    ids: [],
    supports: ["CAS-100"],
    conflicts: [8],
    on: production,
    during: ["scheduled", "prepare", ...bounded, "watch"],
    releases: ["emergency"],
    timeZone,
    rule: {
      kind: "emergency",
      roles: ["vp-engineering", roles.engineeringDirector],
      skips: ["windows", "freezes"],
      watchMinutes: 120,
      postMortem: true,
    },
    note: "The runbook's forward fix, if safe and quick. Never skips backups, smoke tests or checks of secrets.",
  },
  {
    word: "checkGate",
    name: "no-open-post-mortem",
    title: "The post-mortem of the last emergency release is closed",
    ids: [],
    supports: ["CAS-100"],
    conflicts: [8],
    on: production,
    during: ["prepare"],
    releases: ["normal"],
    check: { provider: "release", expects: "noOpenPostMortem" },
    expectation: "no post-mortem of this system is open",
    timeoutSeconds: 10,
    attempts: 1,
    onBreach: "refuse",
  },
];
