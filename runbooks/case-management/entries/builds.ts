import type { Entry } from "../../vocabulary";
import { backend, type Evidence, evidenceHours, frontend, production, stagingAndProduction } from "./shared";

/** What a build says: no error, from a clean commit of main, the digest of what was pushed as its subject. */
function built(component: string, what: string): Evidence {
  return {
    word: "evidence",
    name: `${what}-image`,
    title: `${what === "backend" ? "Backend" : "Frontend"} CI/CD Pipeline has built the image from branch main and pushed it`,
    ids: [],
    supports: ["CAS-034", "CAS-036", "CAS-044"],
    conflicts: [14, 71],
    on: stagingAndProduction,
    during: ["prepare"],
    predicate: "build",
    subject: "component",
    component,
    producer: "ci",
    requires: [
      { field: "branch", operator: "equals", value: "main" },
      { field: "commit", operator: "exists" },
      { field: "clean", operator: "equals", value: true },
      { field: "errors", operator: "equals", value: 0 },
      { field: "sbom", operator: "exists" },
    ],
    maximumAgeHours: evidenceHours.build,
  };
}

/** Phase 3.1 of the runbook: images, then staging. */
export const builds: readonly Entry[] = [
  built(backend, "backend"),
  built(frontend, "frontend"),
  {
    word: "evidence",
    name: "staging-first",
    title: "The very same manifest has been released to staging first, and that release has finished",
    ids: ["CAS-045"],
    on: production,
    during: ["prepare"],
    predicate: "staging-release",
    subject: "manifest",
    producer: "release",
    requires: [
      { field: "environment", operator: "equals", value: "staging" },
      { field: "finished", operator: "exists" },
    ],
    maximumAgeHours: evidenceHours.world,
    note: "Its smoke tests and health checks are staging's own gates (CAS-046, CAS-048).",
  },
];
