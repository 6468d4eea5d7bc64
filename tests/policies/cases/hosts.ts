import type { RuleCases } from "../support/rule-cases";

const retail = "retail-agentic";
const store = "kirana-store";
const cases = "case-management";
const caseBackend = "case-management-case-management-backend-blue";
const migration = "case-management-case-management-migrate-blue";
const proof = "case-management-restore-test";
const cron = "spec/jobTemplate/spec/template/spec";
const retailBackend = "retail-agentic-retail-backend-blue";
const storeBackend = "kirana-store-kirana-store-backend-blue";
const quota = "retail-agentic-space-quota";
const nothing = { keepOnly: [], gives: "notApplicable" } as const;

/** Rules on where a system answers, and on the room and the images that its colours have. */
export const hostCases: readonly RuleCases[] = [
  {
    rule: "edge-hosts-complete",
    stack: retail,
    broken: [
      { remove: ["retail-agentic-edge-domain-admin"], alsoFails: ["cors-origins"] },
      { at: "retail-agentic-edge-domain-api", set: "hostName", to: "other.not-given.invalid" },
    ],
    absent: { at: "retail-agentic-edge-domain-api", drop: "hostName" },
    unknown: { at: "retail-agentic-edge-domain-api", path: "hostName" },
  },
  {
    rule: "edge-hosts-complete",
    stack: retail,
    environment: "staging",
    broken: [
      {
        at: "retail-agentic-edge-domain-www",
        set: "hostName",
        to: "www.not-given.invalid",
        alsoFails: ["cors-origins"],
      },
    ],
    absent: { remove: ["retail-agentic-edge-domain-api"] },
    unknown: { at: "retail-agentic-edge-domain-admin", path: "hostName" },
  },
  {
    rule: "gateway-certificate-renewed",
    stack: retail,
    broken: [
      { remove: ["platform-gateway-certificate"] },
      { remove: ["platform-gateway-issuer"] },
      { at: "platform-gateway-certificate", set: "spec/secretName", to: "other" },
      { at: "platform-gateway-certificate", set: "spec/issuerRef/name", to: "other" },
      { at: "platform-gateway-certificate", set: "spec/issuerRef/kind", to: "Issuer" },
      { at: "platform-gateway-certificate", set: "spec/privateKey/rotationPolicy", to: "Never" },
      { at: "platform-gateway-certificate", drop: "spec/privateKey" },
    ],
    absent: { at: "platform-gateway-certificate", drop: "spec" },
    unknown: { at: "platform-gateway-certificate", path: "spec/secretName" },
  },
  {
    rule: "config-owner-variables",
    stack: retail,
    broken: ["smtp.example.com", "", "<mail server>", "changeme"].map((to) => ({
      at: `${retailBackend}-config`,
      set: "data/SMTP_HOST",
      to,
    })),
    absent: { at: `${retailBackend}-config`, drop: "data/SMTP_HOST" },
    unknown: { at: `${retailBackend}-config`, path: "data/SMTP_HOST" },
  },
  {
    rule: "image-of-registry",
    stack: retail,
    environment: "dev",
    broken: [
      {
        at: retailBackend,
        set: "spec/template/spec/containers/0/image",
        to: `registry.invalid/other@sha256:${"1".repeat(64)}`,
      },
      {
        at: retailBackend,
        set: "spec/template/spec/containers/0/image",
        to: `docker.io/retail-backend@sha256:${"1".repeat(64)}`,
      },
      {
        at: "retail-agentic-retail-consumer-web-blue",
        set: "spec/template/spec/containers/0/image",
        to: `elsewhere.invalid/retail-consumer-web@sha256:${"1".repeat(64)}`,
      },
    ],
    absent: { at: retailBackend, drop: "spec/template/spec/containers/0/image" },
    unknown: { at: retailBackend, path: "spec/template/spec/containers/0/image" },
  },
  {
    rule: "image-of-registry",
    stack: retail,
    broken: [
      {
        at: retailBackend,
        set: "spec/template/spec/containers/0/image",
        to: `other.azurecr.io/retail-backend@sha256:${"1".repeat(64)}`,
      },
    ],
    absent: nothing,
    unknown: { at: "platform-registry-registry", path: "registryName" },
  },
  {
    rule: "quota-fits-both-sides",
    stack: retail,
    broken: [
      { at: quota, set: "spec/hard/pods", to: "50" },
      { at: quota, set: "spec/hard/requests.cpu", to: "10" },
      { at: quota, set: "spec/hard/requests.memory", to: "20Gi" },
      { at: quota, set: "spec/hard/limits.memory", to: "40Gi" },
      { at: `${retailBackend}-autoscaler`, set: "spec/maxReplicas", to: 40 },
    ],
    absent: { at: quota, drop: "spec" },
    unknown: { at: `${retailBackend}-autoscaler`, path: "spec/maxReplicas" },
  },
  {
    rule: "component-ports",
    stack: store,
    broken: [
      { at: storeBackend, set: "spec/template/spec/containers/0/ports/0/containerPort", to: 5001 },
      { at: `${storeBackend}-service`, set: "spec/ports/0/port", to: 5001 },
      { at: `${storeBackend}-service`, set: "spec/ports/0/targetPort", to: "metrics" },
      { at: storeBackend, set: "spec/template/spec/containers/0/ports/0/name", to: "metrics" },
      {
        at: "kirana-store-kirana-store-frontend-blue",
        set: "spec/template/spec/containers/0/ports/0/containerPort",
        to: 3001,
      },
    ],
    absent: { at: storeBackend, drop: "spec/template/spec/containers/0/ports" },
    unknown: { at: `${storeBackend}-service`, path: "spec/ports" },
  },
  {
    rule: "track-initial-side",
    stack: store,
    broken: [{ at: "kirana-store-track", set: "initial", to: "green" }],
    absent: { at: "kirana-store-track", drop: "initial" },
    unknown: { at: "kirana-store-track", path: "initial" },
  },
  {
    rule: "track-initial-side",
    stack: retail,
    broken: [{ at: "retail-backend-track", set: "initial", to: "green" }],
    absent: { at: "retail-backend-track", drop: "initial" },
    unknown: { at: "retail-backend-track", path: "initial" },
  },
  {
    rule: "track-service-port",
    stack: retail,
    broken: [
      { at: "retail-backend-track", set: "target/ports/0/port", to: 80 },
      { at: "retail-backend-track", set: "target/ports/0/targetPort", to: "metrics" },
      { at: "retail-backend-track", set: "target/service", to: "other" },
      { at: "retail-consumer-web-track", set: "target/ports/0/port", to: 8080 },
    ],
    absent: { at: "retail-backend-track", drop: "target/ports" },
    unknown: { at: "retail-backend-track", path: "target/ports/0/port" },
  },
  {
    rule: "component-labels",
    stack: cases,
    broken: [
      { at: caseBackend, set: "metadata/labels/app", to: "backend" },
      { at: caseBackend, set: "metadata/labels/deployment", to: "green" },
      { at: caseBackend, set: "spec/selector/matchLabels/deployment", to: "green" },
    ],
    absent: { at: caseBackend, drop: "metadata/labels" },
    unknown: { at: caseBackend, path: "metadata/labels/app" },
  },
  {
    rule: "metrics-scraped",
    stack: cases,
    broken: [
      { remove: ["case-management-scrape-backend"] },
      { remove: ["case-management-scrape-postgres"] },
      { at: "case-management-scrape-backend", set: "spec/podMetricsEndpoints/0/path", to: "/other" },
      { at: "case-management-scrape-backend", set: "spec/podMetricsEndpoints/0/targetPort", to: 9090 },
      { at: "case-management-scrape-backend", set: "spec/selector/matchLabels/app", to: "other" },
      { at: "case-management-scrape-backend", set: "spec/namespaceSelector/matchNames", to: ["other"] },
      {
        at: "case-management-scrape-backend",
        set: "spec/podMetricsEndpoints/0/relabelings/0/replacement",
        to: "other",
      },
    ],
    absent: { at: "case-management-scrape-backend", drop: "spec" },
    unknown: { at: "case-management-scrape-backend", path: "spec/podMetricsEndpoints/0/path" },
  },
  {
    rule: "migration-never-resets",
    stack: cases,
    on: migration,
    broken: [
      ["npx", "prisma", "migrate", "reset", "--force", "--skip-seed"],
      ["/bin/sh", "-c", "npx prisma  migrate reset --force"],
      ["npx", "prisma", "db", "push", "--force-reset"],
      ["dropdb", "case_management"],
      ["psql", "--command=DROP DATABASE case_management"],
      ["bash", "-c", 'dropdb --if-exists "$target"'],
    ]
      .map((to) => ({ at: migration, set: `${cron}/containers/0/command`, to }))
      .concat(
        ["dropdb --force case_management", 'dropdb "$target" && dropdb "$PGDATABASE"'].map((script) => ({
          at: proof,
          set: `${cron}/containers/0/command`,
          to: ["bash", "-c", script],
        })),
      ),
    absent: { keepOnly: ["case-management-vault-vault"], gives: "notApplicable" },
    unknown: { at: migration, path: `${cron}/containers/0/command` },
  },
];
