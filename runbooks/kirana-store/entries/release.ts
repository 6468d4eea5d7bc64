import type { Entry } from "../../vocabulary";
import { kiranaStore } from "..";
import { tasks } from "../tasks";
import {
  componentNames,
  everywhere,
  hoursPerDay,
  production,
  secondsPerMinute,
  stagingAndProduction,
} from "./shared";

const { dumps, ramp } = kiranaStore;
const holdSeconds = ramp.everyMinutes * secondsPerMinute;

function deadlineSeconds(name: (typeof tasks)[number]["name"]): number {
  const task = tasks.find((candidate) => candidate.name === name);
  if (!task) throw new Error(`no task ${name}`);
  return task.deadlineMinutes * secondsPerMinute;
}

/** Before anything of the live side is touched: what is built, announced and saved. */
const before: readonly Entry[] = [
  {
    word: "evidence",
    name: "candidate-built",
    title:
      "Production images of backend and frontend are built from docker-compose.prod.yml, cleanly and from main",
    ids: ["STO-097"],
    conflicts: [14],
    on: stagingAndProduction,
    during: ["prepare"],
    predicate: "build",
    subject: "manifest",
    producer: "ci",
    requires: [
      { field: "branch", operator: "equals", value: "main" },
      { field: "clean", operator: "equals", value: true },
      { field: "errors", operator: "equals", value: 0 },
      { field: "sbom", operator: "exists" },
    ],
    maximumAgeHours: 7 * hoursPerDay,
    note: "The manifest names both images by digest. The runbook gives no age: staging and its 3 days fit in a week.",
  },
  {
    word: "superseded",
    name: "images-tagged-prod",
    title: "Images are tagged kirana-backend:prod and kirana-frontend:prod",
    ids: ["STO-098"],
    conflicts: [14],
    on: everywhere,
    during: ["prepare"],
    by: ["rule:image-by-digest", "candidate-built"],
    reason: "A moving tag would give the old side the new image as soon as one of its pods starts anew.",
    owner: "architecture: versions are digests plus a readable version",
  },
  {
    word: "notify",
    name: "announce-thirty-minutes",
    title: 'Team alert: "Production deployment starting in 30 minutes"',
    ids: ["STO-099"],
    on: production,
    during: ["deploy-idle"],
    at: "phaseStart",
    offsetMinutes: -30,
    audience: "the team of kirana-store",
    channels: [{ channel: "slack", secret: "slack-webhook" }],
    template:
      "Production deployment starting {startsIn}: {system} {version}, {maintenanceStart} to {maintenanceEnd} UTC. {link}",
    fields: ["startsIn", "system", "version", "maintenanceStart", "maintenanceEnd", "link"],
    note: "Before the first container, while the backup is made; its 30 minutes are those of the plan, and where less is left the message says how much.",
  },
  {
    word: "target",
    name: "prepared-two-to-three-hours-before",
    title: "Pre-deployment actions run 2 to 3 hours before the deployment",
    ids: ["STO-092"],
    on: production,
    during: ["backup", "migrate", "deploy-idle"],
    span: { from: "back-up-database", to: "deploy-green" },
    atLeastSeconds: 2 * 60 * secondsPerMinute,
    atMostSeconds: 3 * 60 * secondsPerMinute,
    blocking: false,
    note: "The span from backup to the first container of the new side; the team's message is sent 30 minutes before it.",
  },
  {
    word: "step",
    name: "back-up-database",
    title: "Back up production MongoDB: mongodump, gzip, under the one recorded name prod-YYYYMMDD-HHMMSS",
    ids: ["STO-094"],
    conflicts: [11, 53],
    on: everywhere,
    during: ["backup"],
    does: {
      action: "backup",
      store: "mongo",
      recordedAs: `${dumps.namePrefix}{timestamp}`,
      verifiedBy: "restoreToScratch",
      task: "dump",
    },
    timeoutSeconds: deadlineSeconds("dump") + deadlineSeconds("restore-drill"),
    undo: "notNeeded",
    note: `Into the storage container ${dumps.container} instead of /backups; kept ${dumps.retentionDays} days, restored by the same name.`,
  },
  {
    word: "step",
    name: "migrate-database",
    title:
      "Run the database schema migrations, those that only add; in staging as the runbook says, then in production before green starts",
    ids: ["STO-070"],
    conflicts: [11],
    on: everywhere,
    during: ["migrate"],
    does: { action: "migrate", store: "mongo", task: "migrate", direction: "up" },
    timeoutSeconds: deadlineSeconds("migrate"),
    undo: "notNeeded",
    note: "The runbook migrates staging only, although green serves production's database. What is added does not disturb blue.",
  },
  {
    word: "checkGate",
    name: "migrations-verified",
    title: "Every migration of the candidate has run and was verified before green starts",
    ids: [],
    supports: ["STO-070"],
    conflicts: [11],
    on: everywhere,
    during: ["migrate"],
    check: { provider: "release", expects: "migrationVerified" },
    expectation: "The migration's Job succeeded and its report names every migration of the candidate",
    timeoutSeconds: 60,
    attempts: 1,
    onBreach: "refuse",
  },
];

/** The new side beside the old one, without traffic. */
const green: readonly Entry[] = [
  {
    word: "superseded",
    name: "images-pulled-by-tag",
    title: "Step 1: pull kirana-backend:prod and kirana-frontend:prod",
    ids: ["STO-100"],
    conflicts: [14],
    on: everywhere,
    during: ["deploy-idle"],
    by: ["deploy-green", "rule:image-by-digest"],
    reason:
      "The nodes pull by digest from the registry; a tag that was made on one machine could not be pulled at all.",
    owner: "architecture: versions are digests plus a readable version",
  },
  {
    word: "step",
    name: "deploy-green",
    title:
      "Start the new containers beside the old ones, at 0% of the traffic and apart from the network outside",
    ids: ["STO-069", "STO-076", "STO-101"],
    conflicts: [5, 59],
    on: everywhere,
    during: ["deploy-idle"],
    does: { action: "deploy", components: componentNames, to: "idle" },
    timeoutSeconds: 10 * secondsPerMinute,
    undo: "scaleBack",
    note: "Said three times (144, 157, 211). 10 minutes of step 1, within the 30 of phase 1; the idle colour takes the place of green, pods that of docker-compose.prod.green.yml's ports.",
  },
  {
    word: "target",
    name: "green-prepared-in-thirty-minutes",
    title: "Phase 1: the green environment is prepared and tested in 30 minutes",
    ids: [],
    supports: ["STO-069"],
    on: everywhere,
    during: ["deploy-idle", "smoke"],
    span: { from: "deploy-green", to: "database-integrity" },
    atMostSeconds: 30 * secondsPerMinute,
    blocking: false,
  },
  {
    word: "policy",
    name: "green-on-isolated-network",
    title: "Pods of the new side are reached by the gateway and by named peers only",
    ids: [],
    supports: ["STO-069"],
    conflicts: [59],
    on: everywhere,
    during: ["always"],
    rules: [
      "network-default-deny",
      "network-policy-per-app",
      "network-policy-named-peers",
      "service-internal",
    ],
  },
];

/** Traffic, step by step. */
const traffic: readonly Entry[] = [
  {
    word: "superseded",
    name: "weights-by-load-balancer-endpoint",
    title: 'Step 3: POST {"blue": 0.9, "green": 0.1} to http://load-balancer:8080/config',
    ids: ["STO-107"],
    conflicts: [19, 59],
    on: everywhere,
    during: ["ramp"],
    by: ["ramp-traffic"],
    reason:
      "No load balancer has this endpoint; the weights of the store's one HTTPRoute are written instead, 90 and 10 first.",
    owner: "conflicts 19: kirana-store on Kubernetes",
  },
  {
    word: "step",
    name: "ramp-traffic",
    title: "Ramp: 0% at 00:00, then 10 percentage points more every 10 minutes, 100% at 01:40",
    ids: ["STO-075", "STO-109"],
    conflicts: [4, 5, 48, 54],
    on: everywhere,
    during: ["ramp"],
    does: {
      action: "traffic",
      move: "ramp",
      weights: [0, ...ramp.weights].map((percent) => ({
        percent,
        // The watch goes on where the ramp ends.
        holdSeconds: percent === 100 ? 0 : holdSeconds,
      })),
    },
    timeoutSeconds: 120 * secondsPerMinute,
    undo: "trafficBack",
    note: "Headings say 2 hours (152, 233), the table ends after 100 minutes: the table as written. A hold of the gates is not counted.",
  },
  {
    word: "target",
    name: "ramp-complete-at-100-minutes",
    title: "Ramp 01:40, green 100%: deployment complete; 120 minutes are announced as the upper limit",
    ids: ["STO-085"],
    conflicts: [48],
    on: everywhere,
    during: ["ramp"],
    span: { from: "ramp-traffic", to: "ramp-traffic" },
    atLeastSeconds: ramp.weights.length * holdSeconds,
    atMostSeconds: 120 * secondsPerMinute,
    blocking: false,
  },
  {
    word: "step",
    name: "former-side-scaled-down",
    title: "The former colour, ready through the watch of 4 hours, is scaled to 0 after it",
    ids: [],
    supports: ["STO-236"],
    conflicts: [5, 16],
    on: everywhere,
    during: ["finish"],
    does: {
      action: "scale",
      components: componentNames,
      side: "old",
      to: 0,
      afterMinutes: ramp.watchMinutes.value,
    },
    timeoutSeconds: 2 * secondsPerMinute,
    undo: "scaleBack",
    note: "The next release declares its version there: with pods it would start on production's database before it is approved.",
  },
];

export const release: readonly Entry[] = [...before, ...green, ...traffic];
