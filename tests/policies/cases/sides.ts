import type { RuleCases } from "../support/rule-cases";

const stack = "retail-agentic";
const backend = "retail-agentic-retail-backend-blue";
const config = `${backend}-config`;
const secrets = `${backend}-secrets`;
const autoscaler = `${backend}-autoscaler`;
const releaseKey = "switchyard.dev~release-key";
const version = "switchyard.dev~version";
const nobody = { keepOnly: [], gives: "notApplicable" } as const;
const otherKey = `sha256:${"1".repeat(64)}`;

/** Rules on the two colours of a system, by its contract. */
export const sideCases: readonly RuleCases[] = [
  {
    rule: "side-whole",
    stack,
    broken: [
      { remove: [config] },
      { remove: [`${backend}-service`] },
      { remove: [autoscaler] },
      { remove: ["retail-agentic-retail-admin-web-blue"] },
      { at: backend, drop: `metadata/annotations/${releaseKey}` },
      { at: backend, set: `metadata/annotations/${releaseKey}`, to: "1.4.2" },
      { at: backend, set: `spec/template/metadata/annotations/${releaseKey}`, to: otherKey },
      { at: backend, set: `metadata/annotations/${version}`, to: "9.9.9" },
      { at: backend, drop: `spec/template/metadata/annotations/${version}` },
      { at: config, set: "data/APP_VERSION", to: "9.9.9" },
      { at: "retail-backend-track", set: "sides/blue", to: otherKey },
    ],
    absent: { at: backend, drop: "metadata/annotations" },
    unknown: { at: backend, path: `metadata/annotations/${releaseKey}` },
  },
  {
    rule: "side-whole",
    stack,
    environment: "dev",
    broken: [
      { remove: ["retail-agentic-retail-backend-green-budget"], alsoFails: ["pod-disruption-budget"] },
      { at: "retail-agentic-retail-backend-green", set: `metadata/annotations/${releaseKey}`, to: otherKey },
      {
        at: "retail-agentic-retail-backend-green",
        set: `metadata/annotations/${version}`,
        to: "1.4.2",
      },
    ],
    absent: nobody,
    unknown: { at: "retail-agentic-retail-backend-green-config", path: "data/APP_VERSION" },
  },
  {
    rule: "autoscaler-minimum",
    stack,
    broken: [
      { at: autoscaler, set: "spec/minReplicas", to: 2 },
      { at: autoscaler, drop: "spec/minReplicas" },
      { at: autoscaler, set: "spec/maxReplicas", to: 2 },
      { at: autoscaler, set: "spec/scaleTargetRef/name", to: "retail-backend-green" },
      { at: autoscaler, set: "spec/metrics", to: [] },
      { at: autoscaler, set: "spec/metrics/0/resource/target/averageUtilization", to: 95 },
      { at: autoscaler, drop: "spec/behavior" },
      { at: autoscaler, set: "spec/behavior/scaleDown/policies", to: [] },
      { at: autoscaler, set: "spec/behavior/scaleDown/policies/0/value", to: 100 },
      { at: autoscaler, set: "spec/behavior/scaleDown/policies/0/periodSeconds", to: 15 },
      { at: autoscaler, set: "spec/behavior/scaleDown/policies/0/type", to: "Pods" },
    ],
    absent: { at: autoscaler, drop: "spec" },
    unknown: { at: autoscaler, path: "spec/minReplicas" },
  },
  {
    rule: "autoscaler-minimum",
    stack: "kirana-store",
    environment: "staging",
    broken: [{ at: "kirana-store-kirana-store-backend-blue-autoscaler", set: "spec/minReplicas", to: 5 }],
    absent: nobody,
    unknown: { at: "kirana-store-kirana-store-backend-blue-autoscaler", path: "spec/minReplicas" },
  },
  {
    rule: "secret-variables-present",
    stack,
    broken: [
      { at: backend, set: "spec/template/spec/containers/0/env/0/name", to: "OTHER" },
      { at: backend, set: "spec/template/spec/containers/0/env/0/valueFrom/secretKeyRef/name", to: "other" },
      {
        at: backend,
        set: "spec/template/spec/containers/0/env/0/valueFrom/secretKeyRef/key",
        to: "REDIS_URL",
      },
      { at: secrets, set: "spec/secretObjects", to: [] },
    ],
    absent: { at: backend, drop: "spec/template/spec/containers/0/env" },
    unknown: { at: backend, path: "spec/template/spec/containers/0/env/0/valueFrom/secretKeyRef/name" },
  },
  {
    rule: "secret-variables-present",
    stack: "case-management",
    broken: [
      {
        at: "case-management-case-management-backend-blue",
        set: "spec/template/spec/containers/0/env",
        to: [],
      },
    ],
    absent: nobody,
    unknown: { at: "case-management-case-management-backend-blue-secrets", path: "spec/parameters/objects" },
  },
  {
    rule: "secret-class-own-vault",
    stack,
    broken: [
      { at: secrets, set: "spec/parameters/keyvaultName", to: "somebody-elses" },
      { at: secrets, set: "spec/parameters/useVMManagedIdentity", to: "true" },
      { at: secrets, set: "spec/provider", to: "vault" },
      {
        at: "retail-agentic-search-secrets",
        set: "spec/parameters/objects",
        to: JSON.stringify({ array: [JSON.stringify({ objectName: "not-declared" })] }),
      },
      {
        at: "retail-agentic-search-secrets",
        set: "spec/parameters/objects",
        to: "array: []",
        alsoFails: ["secret-variables-present"],
      },
    ],
    absent: { at: secrets, drop: "spec/parameters" },
    unknown: { at: secrets, path: "spec/parameters/keyvaultName" },
  },
  {
    rule: "task-schedules",
    stack,
    broken: [
      { remove: ["retail-agentic-retail-mongo-backup"] },
      { remove: ["retail-agentic-retail-migration-blue"] },
      { at: "retail-agentic-retail-mongo-backup", set: "spec/suspend", to: false },
      { at: "retail-agentic-retail-mongo-backup", drop: "spec/suspend" },
      { at: "retail-agentic-search-snapshot", set: "spec/suspend", to: true },
      { at: "retail-agentic-search-snapshot", set: "spec/schedule", to: "0 0 * * *" },
      { at: "retail-agentic-search-snapshot", set: "spec/timeZone", to: "Etc/UTC" },
    ],
    absent: { at: "retail-agentic-search-snapshot", drop: "spec/schedule" },
    unknown: { at: "retail-agentic-search-snapshot", path: "spec/suspend" },
  },
  {
    rule: "task-schedules",
    stack: "kirana-store",
    broken: [
      { at: "kirana-store-backup", set: "spec/suspend", to: true },
      { at: "kirana-store-dump", set: "spec/suspend", to: false },
    ],
    absent: nobody,
    unknown: { at: "kirana-store-backup", path: "spec/schedule" },
  },
  {
    rule: "config-plain-variables",
    stack,
    broken: [
      { at: config, set: "data/ENABLE_RATE_LIMITING", to: "false", breaks: ["RET-024"] },
      { at: config, drop: "data/ENABLE_CSRF_PROTECTION", breaks: ["RET-025"] },
      { at: config, set: "data/JWT_EXPIRATION", to: "1", breaks: ["RET-020"] },
      { at: config, set: "data/SMTP_PORT", to: "25", breaks: ["RET-022"] },
    ],
    absent: { at: config, drop: "data/SMTP_PORT" },
    unknown: { at: config, path: "data/ENABLE_RATE_LIMITING" },
  },
  {
    rule: "cors-origins",
    stack,
    broken: [
      { at: config, set: "data/CORS_ALLOWED_ORIGINS", to: "*" },
      { at: config, set: "data/CORS_ALLOWED_ORIGINS", to: "https://*.not-given.invalid" },
      { at: config, set: "data/CORS_ALLOWED_ORIGINS", to: "http://www.not-given.invalid" },
      { at: config, set: "data/CORS_ALLOWED_ORIGINS", to: "https://elsewhere.example.org" },
      { at: config, drop: "data/CORS_ALLOWED_ORIGINS" },
    ],
    absent: { at: config, drop: "data" },
    unknown: { at: config, path: "data/CORS_ALLOWED_ORIGINS" },
  },
  {
    rule: "track-for-each-switch",
    broken: [
      { remove: ["track"] },
      { at: "track", options: { protect: false } },
      { at: "track", drop: "journal" },
      { at: "track", set: "target/slot", to: "other" },
      {
        at: "track",
        set: "target/siteId",
        to: "/subscriptions/x/resourceGroups/y/providers/Microsoft.Web/sites/z",
      },
    ],
    absent: { remove: ["track"] },
    unknown: { at: "track", path: "target/siteId" },
  },
  {
    rule: "track-for-each-switch",
    stack,
    broken: [
      { remove: ["retail-backend-track"] },
      { at: "retail-backend-track", options: { protect: false } },
      { at: "retail-backend-track", drop: "journal" },
      { at: "retail-backend-track", set: "target/namespace", to: "production" },
      {
        at: "retail-backend-track",
        set: "target/components/retail-backend/green",
        to: "retail-backend-blue",
      },
    ],
    absent: { at: "retail-backend-track", drop: "target/namespace" },
    unknown: { at: "retail-backend-track", path: "target/namespace" },
  },
];
