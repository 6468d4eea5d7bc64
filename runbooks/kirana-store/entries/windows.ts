import type { Entry } from "../../vocabulary";
import { production } from "./shared";

/** The clock that all windows are meant by (conflicts 6). */
const timeZone = "America/Los_Angeles";

/** Calendar of holidays of all systems; it must not be empty (conflicts 7). */
const holidays = "switchyard:holidays";

/** What a window bounds; the watch may run on, and a rollback asks for none. */
const bounded: Entry["during"] = ["deploy-idle", "smoke", "ramp"];

/** When a release may start. The runbook asks for a confirmed time and gives no hours. */
export const windows: readonly Entry[] = [
  {
    word: "window",
    name: "deployment-window",
    title: "Deployment window: start time confirmed, Tuesday to Thursday, 10 to 14 in Los Angeles",
    ids: ["STO-233"],
    conflicts: [6],
    on: production,
    during: ["scheduled", ...bounded],
    timeZone,
    rule: { kind: "allowed", days: ["Tue", "Wed", "Thu"], from: "10:00", to: "14:00" },
    note: "The hours in which the other systems' windows meet, until the owner decides. 150 minutes from the first container to 100% fit, with an hour and a half for holds.",
  },
  {
    word: "manual",
    name: "start-time-confirmed",
    title: "Deployment window: the start time is confirmed by the lead of the deployment",
    ids: [],
    supports: ["STO-233"],
    on: production,
    during: ["approve"],
    role: "deployment-lead",
    question: "Is the announced start time confirmed?",
    answer: "yesNo",
    expects: { operator: "equals", value: true },
    blocking: true,
  },
  {
    word: "window",
    name: "freezes",
    title: "No release in the week of Black Friday and Cyber Monday, at the end of a quarter or on holidays",
    ids: [],
    supports: ["STO-233"],
    conflicts: [7],
    on: production,
    during: ["scheduled", "prepare", ...bounded],
    timeZone,
    rule: { kind: "freeze", on: "blackFriday", daysBefore: 4, daysAfter: 3, blocks: true },
    also: [
      { kind: "freeze", on: "endOfQuarter", daysBefore: 2, daysAfter: 0, blocks: true },
      { kind: "freeze", on: "holidays", daysBefore: 0, daysAfter: 0, blocks: true, setting: holidays },
      { kind: "freeze", on: "endOfMonth", daysBefore: 2, daysAfter: 0, blocks: false },
    ],
    note: "The runbook names none; tesoro-xp's hold for every release of production. The end of a month, its last 3 days, only warns.",
  },
  {
    word: "window",
    name: "emergency-path",
    title:
      "A critical hotfix outside the windows: agreed by VP Engineering or Director, 2 hours of watch, post-mortem",
    ids: [],
    supports: ["STO-233"],
    conflicts: [8],
    on: production,
    during: ["scheduled", "prepare", ...bounded],
    releases: ["emergency"],
    timeZone,
    rule: {
      kind: "emergency",
      roles: ["vp-engineering", "director"],
      skips: ["windows", "freezes"],
      watchMinutes: 120,
      postMortem: true,
    },
    note: "The runbook has no such path; tesoro-xp's is used. Backups, smoke tests and checks of secrets are never skipped.",
  },
];
