import type { Entry } from "../../vocabulary";
import { limits } from "../limits";
import { secretNames } from "../secrets";
import { production, stagingAndProduction } from "./shared";

type Channels = Extract<Entry, { word: "notify" }>["channels"];

/** Slack channel #deployments (50, 325). */
const deployments: Channels = [{ channel: "slack", secret: secretNames.slackDeployments }];

const announcement = [
  "🚀 Production Deployment Starting",
  "",
  "Type: {releaseType}",
  "ETA: {duration}",
  "Changes: {changes}",
  "Deployer: {starter}",
  "On-call backup: {onCall}",
  "Rollback plan: Ready",
  "",
  "#deployment #production",
].join("\n");

const completion = [
  "✅ Production Deployment Complete",
  "",
  "Status: Successful",
  "Duration: {duration}",
  "Deployed: {commit} / {version}",
  "Changes: {changes}",
  "",
  "Health checks: ✅ Passing",
  "Performance: ✅ Normal (p95 {latency})",
  `Errors: ✅ < ${limits.errorRate.value}% ({errorRate})`,
  "",
  "Deployed by: {starter}",
].join("\n");

/** What is said, to whom, and when. */
export const messages: readonly Entry[] = [
  {
    word: "notify",
    name: "change-notification",
    title: "Stakeholders are told of the change",
    ids: ["TES-012"],
    on: production,
    during: ["scheduled"],
    releases: ["application"],
    at: "scheduled",
    audience: "stakeholders of tesoro-xp",
    channels: [{ channel: "mail", setting: "tesoro-xp:stakeholderEmails" }, ...deployments],
    template:
      "{system} {version} is to be released to {environment}, {startsAt} to {endsAt}. Changes: {changes}. Deployer: {starter}. {link}",
    fields: ["system", "version", "environment", "startsAt", "endsAt", "changes", "starter", "link"],
  },
  {
    word: "notify",
    name: "infrastructure-change-notification",
    title: "Stakeholders are told of a change of the infrastructure alone",
    ids: [],
    supports: ["TES-012"],
    on: production,
    during: ["scheduled"],
    releases: ["infrastructure"],
    exceptReleases: ["application"],
    at: "scheduled",
    audience: "stakeholders of tesoro-xp",
    channels: [{ channel: "mail", setting: "tesoro-xp:stakeholderEmails" }, ...deployments],
    template:
      "The infrastructure of {system} in {environment} is to be changed, {startsAt} to {endsAt}. Changes: {changes}. Deployer: {starter}. {link}",
    fields: ["system", "environment", "startsAt", "endsAt", "changes", "starter", "link"],
  },
  {
    word: "notify",
    name: "announce-start",
    title:
      "#deployments: Production Deployment Starting, with type, ETA, changes, deployer and on-call backup",
    ids: ["TES-023"],
    conflicts: [13],
    on: production,
    during: ["prepare"],
    at: "phaseStart",
    audience: "Slack #deployments",
    channels: deployments,
    template: announcement,
    fields: ["releaseType", "duration", "changes", "starter", "onCall"],
    note: "Type is Infrastructure, Application or Full. The ETA is computed from the plan. Sent once the rollback plan is proven.",
  },
  {
    word: "notify",
    name: "announce-completion",
    title:
      "#deployments: Production Deployment Complete, with duration, version, changes and the measured values",
    ids: ["TES-068"],
    conflicts: [13],
    on: production,
    during: ["finish"],
    at: "finished",
    audience: "Slack #deployments",
    channels: deployments,
    template: completion,
    fields: ["duration", "commit", "version", "changes", "latency", "errorRate", "starter"],
  },
  {
    word: "notify",
    name: "on-call-aware",
    title: "First 24 hours: the on-call engineer knows of the deployment",
    ids: ["TES-104"],
    on: production,
    during: ["watch"],
    releases: ["application"],
    at: "phaseStart",
    audience: "on-call engineer by the PagerDuty schedule",
    channels: [{ channel: "pagerDuty", setting: "tesoro-xp:pagerDutyIntegrationKey" }, ...deployments],
    template:
      "{onCall}: {system} {version} replaced {previousVersion} in {environment}. For 24 hours treat every alert of it as caused by the release until shown otherwise. {link}",
    fields: ["onCall", "system", "version", "previousVersion", "environment", "link"],
    note: "An information: PagerDuty keeps it as a change of the service and pages nobody.",
  },
  {
    word: "notify",
    name: "on-call-aware-of-infrastructure",
    title: "First 24 hours: the on-call engineer knows that the infrastructure was changed",
    ids: [],
    supports: ["TES-104"],
    on: production,
    during: ["watch"],
    releases: ["infrastructure"],
    exceptReleases: ["application"],
    at: "phaseStart",
    audience: "on-call engineer by the PagerDuty schedule",
    channels: [{ channel: "pagerDuty", setting: "tesoro-xp:pagerDutyIntegrationKey" }, ...deployments],
    template:
      "{onCall}: the infrastructure of {system} in {environment} was changed ({changes}). For 24 hours treat every alert of it as caused by that until shown otherwise. {link}",
    fields: ["onCall", "system", "environment", "changes", "link"],
    note: "An information, as for a new version.",
  },
  {
    word: "notify",
    name: "announce-rollback",
    title: "#deployments and the contacts hear of a rollback, why, and what is next",
    ids: [],
    supports: ["TES-073", "TES-115"],
    on: stagingAndProduction,
    during: ["rollback"],
    releases: ["application"],
    at: "rollback",
    audience: "Slack #deployments, on-call engineer",
    channels: [{ channel: "pagerDuty", setting: "tesoro-xp:pagerDutyIntegrationKey" }, ...deployments],
    template:
      "🔙 {system} {environment}: rolling back {version} to {previousVersion}. {gate}: {value}. {reason} Next: {next} {link}",
    colour: "danger",
    fields: [
      "system",
      "environment",
      "version",
      "previousVersion",
      "gate",
      "value",
      "reason",
      "next",
      "link",
    ],
  },
  {
    word: "notify",
    name: "announce-infrastructure-rollback",
    title: "#deployments and the contacts hear that the infrastructure has to go back, why, and who does it",
    ids: [],
    supports: ["TES-074", "TES-115"],
    on: stagingAndProduction,
    during: ["rollback"],
    releases: ["infrastructure"],
    exceptReleases: ["application"],
    at: "rollback",
    audience: "Slack #deployments, on-call engineer",
    channels: [{ channel: "pagerDuty", setting: "tesoro-xp:pagerDutyIntegrationKey" }, ...deployments],
    template:
      "🔙 {system} {environment}: the infrastructure has to go back ({changes}). {gate}: {value}. {reason} Nothing does it by itself. Next: {next} {link}",
    colour: "danger",
    fields: ["system", "environment", "changes", "gate", "value", "reason", "next", "link"],
  },
];
