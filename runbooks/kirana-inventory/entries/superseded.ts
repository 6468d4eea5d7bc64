import type { Entry } from "../../vocabulary";
import { production } from "./shared";

/** Commands of the runbook that are not done as written. */
export const superseded: readonly Entry[] = [
  {
    word: "superseded",
    name: "deploy-on-push",
    title: "Alternative for the frontend: GitHub Actions deploys it by itself on a push to main.",
    ids: ["KIR-083"],
    conflicts: [33],
    on: production,
    during: ["switch"],
    by: ["rule:static-site-no-deploy-on-push", "publish-frontend", "build"],
    reason:
      "A push that deploys passes by every gate, window and approval; main is what the candidate is built from.",
    owner: "conflicts 33",
  },
  {
    word: "superseded",
    name: "revert-and-push",
    title: "Frontend rollback by git revert and a push to main.",
    ids: ["KIR-109"],
    conflicts: [33],
    on: production,
    during: ["rollback"],
    by: ["previous-frontend", "rule:static-site-no-deploy-on-push"],
    reason:
      "A push no longer deploys, and a pipeline's run does not fit into 5 minutes; the kept artefact goes back.",
    owner: "conflicts 33",
  },
  {
    word: "superseded",
    name: "manual-throughput",
    title: "Throttling, short-term: the throughput of kirana-db is raised by hand from 400 to 800 RU/s.",
    ids: ["KIR-134"],
    conflicts: [28],
    on: production,
    during: ["incident"],
    by: ["cosmos-autoscale", "rule:cosmos-autoscale-throughput", "cosmos-throttling"],
    reason:
      "Autoscale up to 4000 RU/s reaches 800 by itself; throughput set by hand would end it and drift from the stack.",
    owner: "conflicts 28",
  },
];
