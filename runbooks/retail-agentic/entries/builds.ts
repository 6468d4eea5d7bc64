import type { Entry } from "../../vocabulary";
import { deployments } from "../components";
import { branches } from "../environments";
import { type Evidence, evidenceHours, production, staging, stagingAndProduction } from "./shared";

/** What a build with image says: no error, from a clean commit, the digest of what was pushed as its subject. */
const built: Pick<
  Evidence,
  "word" | "predicate" | "subject" | "producer" | "on" | "during" | "maximumAgeHours"
> = {
  word: "evidence",
  predicate: "build",
  subject: "component",
  producer: "ci",
  on: stagingAndProduction,
  during: ["prepare"],
  maximumAgeHours: evidenceHours.build,
};
const cleanBuild: Evidence["requires"] = [
  { field: "errors", operator: "equals", value: 0 },
  { field: "clean", operator: "equals", value: true },
  { field: "commit", operator: "exists" },
];

const tested: Pick<
  Evidence,
  "word" | "predicate" | "subject" | "producer" | "on" | "during" | "maximumAgeHours"
> = {
  word: "evidence",
  predicate: "test-run",
  subject: "component",
  producer: "ci",
  on: stagingAndProduction,
  during: ["prepare"],
  maximumAgeHours: evidenceHours.build,
};
const allPassed: Evidence["requires"] = [
  { field: "failed", operator: "equals", value: 0 },
  { field: "passed", operator: "atLeast", value: 1 },
];

/** Tests and builds of the pipeline; each image is known by its digest. */
export const builds: readonly Entry[] = [
  {
    ...tested,
    name: "all-tests-pass",
    title: "All tests pass in the pipeline, for the very artefacts of the manifest",
    ids: ["RET-034"],
    subject: "manifest",
    requires: [...allPassed, { field: "suite", operator: "equals", value: "pipeline" }],
  },
  {
    ...tested,
    name: "backend-tests",
    title: "Backend: mvn clean test passes",
    ids: ["RET-047"],
    component: deployments.backend,
    requires: [...allPassed, { field: "suite", operator: "equals", value: "mvn clean test" }],
  },
  {
    ...built,
    name: "backend-jar",
    title: "Backend: the JAR is built with the production profile (mvn clean package -DskipTests -Pprod)",
    ids: ["RET-048"],
    component: deployments.backend,
    requires: [{ field: "variables", operator: "contains", value: "-Pprod" }],
    note: "The tests are skipped here because they have run before (RET-047).",
  },
  {
    ...built,
    name: "backend-image",
    title: "Backend: the image retail-backend is built in the candidate's version",
    ids: ["RET-049"],
    component: deployments.backend,
    requires: [...cleanBuild, { field: "sbom", operator: "exists" }],
  },
  {
    ...built,
    name: "backend-image-pushed",
    title: "Backend: the image is pushed to the registry as retail-backend in the candidate's version",
    ids: ["RET-051"],
    conflicts: [14],
    component: deployments.backend,
    requires: cleanBuild,
    note: "The pipeline signs the digest that the registry gave it; the version's tag is for people, the digest is what runs.",
  },
  {
    ...tested,
    name: "consumer-web-tests",
    title: "Consumer web: npm ci, npm test -- --run and npm run build pass",
    ids: ["RET-052"],
    component: deployments.consumerWeb,
    requires: [...allPassed, { field: "suite", operator: "equals", value: "npm test -- --run" }],
    note: "That npm run build passes is said by the image's own statement (RET-053), whose errors are 0.",
  },
  {
    ...built,
    name: "consumer-web-image",
    title: "Consumer web: the image retail-consumer-web is built and pushed to the registry",
    ids: ["RET-053"],
    component: deployments.consumerWeb,
    requires: [...cleanBuild, { field: "sbom", operator: "exists" }],
  },
  {
    ...tested,
    name: "admin-web-tests",
    title: "Admin web: npm ci, npm test -- --run and npm run build pass",
    ids: ["RET-054"],
    component: deployments.adminWeb,
    requires: [...allPassed, { field: "suite", operator: "equals", value: "npm test -- --run" }],
    note: "That npm run build passes is said by the image's own statement (RET-055), whose errors are 0.",
  },
  {
    ...built,
    name: "admin-web-image",
    title: "Admin web: the image retail-admin-web is built and pushed to the registry",
    ids: ["RET-055"],
    component: deployments.adminWeb,
    requires: [...cleanBuild, { field: "sbom", operator: "exists" }],
  },
  {
    ...built,
    name: "branch-of-production",
    title: "Only builds of branch main come to production",
    ids: ["RET-029"],
    subject: "manifest",
    on: production,
    requires: [{ field: "branch", operator: "equals", value: branches.production }],
  },
  {
    ...built,
    name: "branch-of-staging",
    title: "Only builds of branch develop come to staging",
    ids: [],
    supports: ["RET-029", "RET-027"],
    subject: "manifest",
    on: staging,
    requires: [{ field: "branch", operator: "equals", value: branches.staging }],
  },
];
