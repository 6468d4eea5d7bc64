import type { Entry } from "../../vocabulary";
import { daysOf, production, roles } from "./shared";

function later(
  dueHours: number,
  { name, title, ids, supports }: Pick<Entry, "name" | "title" | "ids" | "supports">,
  owner: string,
  question: string,
  answer: "done" | "text" = "text",
): Entry {
  return {
    word: "followUp",
    name,
    title,
    ids,
    ...(supports && { supports }),
    on: production,
    during: ["follow-up"],
    dueHours,
    owner,
    task: { as: "question", question, answer },
    blocksNextRelease: false,
  };
}

/** Post-deployment tasks of people. What the release does itself within the hour: triggers.ts, environment.ts, messages.ts. */
export const afterRelease: readonly Entry[] = [
  {
    word: "manual",
    name: "documentation-updated",
    title: "Within 1 hour: the deployment documentation is updated",
    ids: ["CAS-117"],
    on: production,
    during: ["watch"],
    role: roles.technicalLead,
    question: "Is the deployment documentation updated to this version?",
    answer: "done",
    offsetMinutes: 30,
    blocking: false,
    note: "Asked in the middle of the watch, which ends an hour after the switch.",
  },
  later(
    24,
    {
      name: "metrics-reviewed",
      title: "Within 24 hours: deployment metrics and performance are reviewed",
      ids: ["CAS-119"],
    },
    roles.devOpsLead,
    "What do errors, response time, CPU, memory and the release's own durations show, compared with the day before?",
  ),
  later(
    24,
    {
      name: "user-feedback",
      title: "Within 24 hours: user feedback on the changes is gathered",
      ids: ["CAS-120"],
    },
    roles.productManager,
    "What do users say about the changes?",
  ),
  later(
    24,
    {
      name: "runbook-updated",
      title: "Within 24 hours: the runbook is updated with lessons learned",
      ids: ["CAS-121"],
    },
    roles.devOpsLead,
    "Which lessons have been added to the runbook and to this contract, or why are there none?",
  ),
  later(
    24,
    {
      name: "retrospective-scheduled",
      title: "Within 24 hours: the retrospective meeting is scheduled",
      ids: ["CAS-122"],
    },
    roles.devOpsLead,
    "For when is the retrospective scheduled?",
  ),
  later(
    daysOf(7),
    {
      name: "efficiency-analysed",
      title: "Within 1 week: deployment efficiency metrics are analysed",
      ids: ["CAS-123"],
    },
    roles.devOpsLead,
    "How did durations, holds and rollbacks of the last releases develop, by the release history?",
  ),
  later(
    daysOf(7),
    {
      name: "improvements-identified",
      title: "Within 1 week: process improvements are identified, automation scripts updated if needed",
      ids: ["CAS-124"],
    },
    roles.technicalLead,
    "Which improvements of the process were identified, and who does them by when?",
  ),
  later(
    daysOf(7),
    {
      name: "automation-updated",
      title: "Within 1 week: automation scripts are updated if needed",
      ids: [],
      supports: ["CAS-124"],
    },
    roles.technicalLead,
    "Which scripts were updated, by which commit, or why was none to be?",
  ),
  later(
    daysOf(7),
    {
      name: "knowledge-shared",
      title: "Within 1 week: knowledge is shared with the team",
      ids: ["CAS-125"],
    },
    roles.technicalLead,
    "Has what was learned been shared with the team?",
    "done",
  ),
];
