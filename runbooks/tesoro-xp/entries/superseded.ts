import type { Entry } from "../../vocabulary";
import { stagingAndProduction } from "./shared";

/** What is not done as the runbook writes it. */
export const superseded: readonly Entry[] = [
  {
    word: "superseded",
    name: "migration-after-swap",
    title: "Migration as phase 4, after the swap of phase 3",
    ids: ["TES-047"],
    conflicts: [11, 36],
    on: stagingAndProduction,
    during: ["migrate", "deploy-idle"],
    releases: ["migration"],
    by: ["run-migration", "migration-verified-before-deploy"],
    reason:
      "A failed migration must stop the deployment of the app (427), which is impossible once the app is swapped; an additive migration runs before it.",
    owner: "conflicts.md item 36",
  },
];
