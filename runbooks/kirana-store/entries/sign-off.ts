import type { Entry } from "../../vocabulary";
import { everywhere, production, secondsPerMinute } from "./shared";
import { stagingAgeHours } from "./staging";

const secondsPerHour = 60 * secondsPerMinute;

/** The runbook's table of durations; measured and reported, since its parts and its total do not agree. */
const timeline: readonly Entry[] = [
  {
    word: "target",
    name: "timeline-total",
    title:
      "Timeline: 3 to 4 hours in all with 3 people, from the first check to the end of the stabilisation",
    ids: ["STO-248"],
    conflicts: [48, 56],
    on: production,
    during: ["prepare", "deploy-idle", "smoke", "ramp", "watch"],
    span: { from: "live-side-checked", to: "support-reports-no-issues" },
    atLeastSeconds: 3 * secondsPerHour,
    atMostSeconds: 4 * secondsPerHour,
    blocking: false,
    note: "The parts add up to 4 h 20 min to 5 h 20 min: what is announced is the computed duration. The 3 people are a DevOps engineer, a QA engineer and an SRE; the team has 7.",
  },
  {
    word: "target",
    name: "timeline-checks",
    title: "Timeline: pre-deployment checks take 1 to 2 hours of 1 DevOps engineer",
    ids: [],
    supports: ["STO-248"],
    on: production,
    during: ["prepare", "approve"],
    span: { from: "live-side-checked", to: "go-no-go" },
    atLeastSeconds: secondsPerHour,
    atMostSeconds: 2 * secondsPerHour,
    blocking: false,
  },
  {
    word: "target",
    name: "timeline-green",
    title: "Timeline: the green environment is set up in 30 minutes by 1 DevOps engineer",
    ids: [],
    supports: ["STO-248"],
    on: everywhere,
    during: ["deploy-idle"],
    span: { from: "deploy-green", to: "green-containers-healthy" },
    atMostSeconds: 30 * secondsPerMinute,
    blocking: false,
  },
  {
    word: "target",
    name: "timeline-testing",
    title: "Timeline: 1 QA engineer tests for 20 minutes",
    ids: [],
    supports: ["STO-248"],
    on: everywhere,
    during: ["smoke"],
    span: { from: "green-has-all-features", to: "database-integrity" },
    atMostSeconds: 20 * secondsPerMinute,
    blocking: false,
  },
  {
    word: "target",
    name: "timeline-ramp",
    title: "Timeline: the ramp takes 120 minutes, monitored by 1 SRE",
    ids: [],
    supports: ["STO-248"],
    conflicts: [48],
    on: everywhere,
    during: ["ramp"],
    span: { from: "ramp-traffic", to: "ramp-traffic" },
    atMostSeconds: 120 * secondsPerMinute,
    blocking: false,
  },
  {
    word: "target",
    name: "timeline-stabilisation",
    title: "Timeline: 1 SRE stabilises for 30 minutes",
    ids: [],
    supports: ["STO-248"],
    on: everywhere,
    during: ["watch"],
    span: { from: "all-traffic-on-green", to: "support-reports-no-issues" },
    atMostSeconds: 30 * secondsPerMinute,
    blocking: false,
  },
];

/** Each of the seven says that he is on the team of this release; the attestation names them (conflicts 56). */
function onTheTeam(
  role: string,
  as: string,
  carries: Pick<Entry, "ids" | "supports"> = { ids: [], supports: ["STO-249"] },
): Entry {
  return {
    word: "evidence",
    name: `team-${role}`,
    title: `Team: ${as}`,
    ...carries,
    conflicts: [56],
    on: production,
    during: ["prepare"],
    predicate: "readiness",
    subject: "manifest",
    producer: "person",
    signedBy: [role],
    requires: [
      { field: "role", operator: "equals", value: role },
      { field: "person", operator: "exists" },
      {
        field: "statement",
        operator: "equals",
        value: "On the team of this release and there for all of it",
      },
    ],
    maximumAgeHours: stagingAgeHours,
  };
}

const team: readonly Entry[] = [
  onTheTeam("deployment-lead", "1 DevOps engineer, the lead of the deployment", { ids: ["STO-249"] }),
  onTheTeam("backend-engineer", "1 backend engineer, to resolve issues"),
  onTheTeam("frontend-engineer", "1 frontend engineer, for issues of the UI"),
  onTheTeam("qa-engineer", "1 QA engineer, who tests"),
  onTheTeam("sre", "1 SRE, who monitors"),
  onTheTeam("product-manager", "1 product manager, who communicates"),
  onTheTeam("support-lead", "1 support lead, for issues of customers"),
];

const signatures: readonly Entry[] = [
  {
    word: "approval",
    name: "four-signatures",
    title: "Signed with date by Deployment Lead, Technical Lead, Product Manager and DevOps Lead",
    ids: ["STO-250", "STO-251", "STO-252", "STO-253"],
    conflicts: [9, 57],
    on: production,
    during: ["approve"],
    roles: ["deployment-lead", "technical-lead", "product-manager", "devops-lead"],
    atLeast: 4,
    onePerRole: true,
    from: "switchyard",
    validHours: stagingAgeHours,
    note: "One approval of four people, so that they are four; each line of the runbook is one of its roles. Its lines Ready and Approved count for nothing. The starter is none of them: somebody else than the Deployment Lead starts.",
  },
];

const promise: readonly Entry[] = [
  {
    word: "metricGate",
    name: "zero-downtime",
    title: "Zero-downtime rollout: no request is lost while traffic moves",
    ids: ["STO-254"],
    on: everywhere,
    during: ["ramp", "switch"],
    measurement: { provider: "release", measure: "lostRequests" },
    unit: "count",
    windowSeconds: 10 * secondsPerMinute,
    intervalSeconds: 10,
    telemetryDelaySeconds: 0,
    minimumSample: { of: "dataPoints", atLeast: 30 },
    zones: { pass: { operator: "<=", limit: 0 }, rollback: [] },
    advice:
      "The release's own requests were lost while a weight moved: look at connections that were cut, then go on or roll back.",
    note: "Complete rollback capability is rollback-possible; full system validation the gates of the watch, up to hour 4.",
  },
];

/** Durations, team, signatures and the runbook's last sentence: chapters 14 and 16. */
export const signOff: readonly Entry[] = [...timeline, ...team, ...signatures, ...promise];
