import type { Entry } from "../../vocabulary";
import { everywhere, production } from "./shared";

/** Sections 3.1, 5.1, 8 and 9: what is written down. */
export const records: readonly Entry[] = [
  {
    word: "record",
    name: "github-release",
    title:
      "A GitHub release of the tag is created, with notes from the commits since the last release in production.",
    ids: ["KIR-062"],
    conflicts: [14, 30],
    on: production,
    during: ["finish"],
    note: "Drafted an hour before with the tag, published only after success. Titled 'Kirana v1.0.0 - Production Launch' for the first version. The previous tag comes from the release record.",
    kind: "githubRelease",
    fields: ["tag", "title", "notes"],
    issueTitle: "Kirana v{version}",
    template: "{changes}",
    by: "release",
  },
  {
    word: "record",
    name: "changelog",
    title: "Within 1 hour CHANGELOG.md gets the release notes.",
    ids: ["KIR-118"],
    on: production,
    during: ["watch"],
    kind: "changelog",
    fields: ["version", "date", "notes"],
    template: "## v{version} - {date}\n\n{changes}",
    withinMinutes: 60,
    by: "release",
  },
  {
    word: "record",
    name: "deployment-history",
    title:
      "The history of deployments is kept: version, date, who deployed, status, whether rolled back, notes.",
    ids: ["KIR-149"],
    on: everywhere,
    during: ["finish", "rolled-back", "aborted"],
    kind: "history",
    fields: ["version", "date", "deployedBy", "status", "rolledBack", "notes"],
    by: "release",
  },
  {
    word: "record",
    name: "deployment-times",
    title: "Durations of each deployment are recorded: backend, frontend, total, rollback.",
    ids: ["KIR-151"],
    on: everywhere,
    during: ["finish", "rolled-back"],
    kind: "history",
    fields: ["version", "backendSeconds", "frontendSeconds", "totalSeconds", "rollbackSeconds"],
    by: "release",
  },
];
