import type { Entry } from "../../vocabulary";
import { production, roles } from "./shared";

/** Who agrees before production is touched. */
export const approvals: readonly Entry[] = [
  {
    word: "manual",
    name: "staging-reviewed",
    title: "The deployment to staging is reviewed before the approval",
    ids: [],
    supports: ["CAS-048"],
    on: production,
    during: ["approve"],
    role: roles.technicalLead,
    question: "Have you looked at staging with this manifest, and does it work?",
    answer: "yesNo",
    expects: { operator: "equals", value: true },
    blocking: true,
  },
  {
    word: "manual",
    name: "changes-reviewed",
    title: "The changes of the deployment (pull request) are reviewed before the approval",
    ids: ["CAS-049"],
    on: production,
    during: ["approve"],
    role: roles.technicalLead,
    question: "Have you read the changes between the live version and this one, by their pull requests?",
    answer: "yesNo",
    expects: { operator: "equals", value: true },
    blocking: true,
    note: "The plan lists them with their links.",
  },
  {
    word: "approval",
    name: "production-approval",
    title: "The deployment to production is approved in GitHub Actions, by somebody who did not start it",
    ids: ["CAS-050"],
    conflicts: [9, 11],
    on: production,
    during: ["approve"],
    roles: [roles.devOpsLead, roles.technicalLead],
    atLeast: 1,
    onePerRole: false,
    from: "githubActions",
    validHours: 24,
    note: "A protected environment with required reviewers; approver and time are imported. The runbook names no role: DevOps or Technical Lead.",
  },
];
