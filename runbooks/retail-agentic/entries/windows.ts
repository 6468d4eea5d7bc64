import { emergencyPath, incidentFreeze } from "../../production-rules";
import type { Entry } from "../../vocabulary";
import { production, roles, timeZone } from "./shared";

const noFreeze = "The runbook names none; tesoro-xp's hold for every release of production (conflicts 7).";

/** Calendar of holidays of all systems; it must not be empty (conflicts 7). */
const holidays = "switchyard:holidays";

/** What a window bounds; the watch may run on, and a rollback asks for none. */
const bounded: Entry["during"] = ["migrate", "deploy-idle", "smoke", "switch"];

/** When production may be released. */
export const windows: readonly Entry[] = [
  {
    word: "window",
    name: "low-traffic-window",
    title:
      "The window is confirmed, preferably one of low traffic: Tuesday to Thursday, 10 to 14 in Los Angeles",
    ids: ["RET-041"],
    conflicts: [6],
    on: production,
    during: bounded,
    timeZone,
    rule: { kind: "preferred", days: ["Tue", "Wed", "Thu"], from: "10:00", to: "14:00" },
    note: "The runbook gives neither days nor hours: the intersection of the others', until the owner decides.",
  },
  {
    word: "manual",
    name: "window-confirmed",
    title: "A person confirms the window",
    ids: [],
    supports: ["RET-041"],
    conflicts: [6],
    on: production,
    during: ["prepare"],
    role: roles.manager,
    question: "Is the deployment window confirmed, and why if it is not the preferred one of low traffic?",
    answer: "yesNo",
    blocking: true,
  },
  {
    word: "window",
    name: "freezes",
    title: "No release in the week of Black Friday and Cyber Monday, at the end of a quarter or on holidays",
    ids: [],
    supports: ["RET-041"],
    conflicts: [7],
    on: production,
    during: ["scheduled", "prepare", ...bounded],
    timeZone,
    rule: { kind: "freeze", on: "blackFriday", daysBefore: 4, daysAfter: 2, blocks: true },
    also: [
      { kind: "freeze", on: "cyberMonday", daysBefore: 0, daysAfter: 4, blocks: true },
      { kind: "freeze", on: "endOfQuarter", daysBefore: 2, daysAfter: 0, blocks: true },
      { kind: "freeze", on: "holidays", daysBefore: 0, daysAfter: 0, blocks: true, setting: holidays },
      { kind: "freeze", on: "endOfMonth", daysBefore: 2, daysAfter: 0, blocks: false },
    ],
    note: noFreeze,
  },
  incidentFreeze(["RET-041"]),
  ...emergencyPath({
    supports: ["RET-041"],
    bounded,
    postMortemBy: roles.platformLead,
    note: "Never skips backups, smoke tests or checks of secrets.",
  }),
];
