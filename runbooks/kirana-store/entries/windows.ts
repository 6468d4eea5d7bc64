import { emergencyPath, freezeDays, incidentFreeze } from "../../production-rules";
import type { Entry } from "../../vocabulary";
import { production, timeZone } from "./shared";

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
  freezeDays({
    supports: ["STO-233"],
    bounded,
    note: "The runbook names none; tesoro-xp's hold for every release of production. The end of a month, its last 3 days, only warns.",
  }),
  incidentFreeze(["STO-233"]),
  ...emergencyPath({
    supports: ["STO-233"],
    bounded,
    postMortemBy: "engineering-lead",
    note: "The runbook has no such path; tesoro-xp's is used. Backups, smoke tests and checks of secrets are never skipped.",
  }),
];
