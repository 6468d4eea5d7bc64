import type { RuleCases } from "../support/rule-cases";

const stack = "retail-agentic";
const backend = "retail-agentic-retail-backend-blue";
const web = "retail-agentic-retail-admin-web-blue";
const search = "retail-agentic-search";
const migration = "retail-agentic-retail-migration-blue";
const pod = "spec/template/spec";
const jobPod = "spec/jobTemplate/spec/template/spec";
const container = `${pod}/containers/0`;
/** Of the search engine's sign-in to Azure, which it alone reads from a folder of its own. */
const identityToken = `${pod}/volumes/4/projected/sources/0/serviceAccountToken`;
const onlyComponents = {
  keepOnly: ["switchyard:systems:Platform platform"],
  gives: "notApplicable",
} as const;

/** Rules on what pods are made from. */
export const podCases: readonly RuleCases[] = [
  {
    rule: "pod-probes",
    stack,
    on: backend,
    broken: [
      { at: backend, drop: `${container}/readinessProbe` },
      { at: backend, drop: `${container}/livenessProbe` },
      { at: web, drop: `${container}/startupProbe` },
      { at: search, drop: `${container}/readinessProbe` },
      { at: backend, set: `${container}/readinessProbe/httpGet/path`, to: "/" },
      { at: web, set: `${container}/livenessProbe`, to: { exec: { command: ["true"] } } },
      { at: "retail-agentic-probe-backend", drop: `${container}/livenessProbe` },
    ],
    absent: { at: backend, drop: `${pod}/containers` },
    unknown: { at: backend, path: `${container}/readinessProbe/httpGet/path` },
  },
  {
    rule: "pod-resources",
    stack,
    on: backend,
    broken: [
      { at: backend, drop: `${container}/resources/requests/cpu` },
      { at: backend, drop: `${container}/resources/limits` },
      { at: web, set: `${container}/resources/requests/memory`, to: "0" },
      { at: web, set: `${container}/resources/requests/memory`, to: "some" },
      { at: backend, set: `${container}/resources/limits/memory`, to: "1Mi" },
      { at: search, drop: `${pod}/initContainers/0/resources` },
      { at: migration, drop: `${jobPod}/containers/0/resources/limits/memory` },
    ],
    absent: { at: backend, drop: `${container}/resources` },
    unknown: { at: backend, path: `${container}/resources/limits/memory` },
  },
  {
    rule: "pod-security-context",
    stack,
    on: backend,
    broken: [
      { at: backend, set: `${pod}/securityContext/runAsNonRoot`, to: false },
      { at: backend, set: `${pod}/securityContext/seccompProfile/type`, to: "Unconfined" },
      { at: backend, set: `${container}/securityContext/allowPrivilegeEscalation`, to: true },
      { at: web, set: `${container}/securityContext/privileged`, to: true },
      { at: web, drop: `${container}/securityContext/readOnlyRootFilesystem` },
      { at: web, set: `${container}/securityContext/capabilities/drop`, to: ["NET_RAW"] },
      { at: web, drop: `${container}/securityContext/seccompProfile` },
      { at: search, set: `${pod}/initContainers/0/securityContext/runAsNonRoot`, to: false },
      { at: migration, drop: `${jobPod}/containers/0/securityContext` },
    ],
    absent: { at: backend, drop: `${container}/securityContext` },
    unknown: { at: backend, path: `${container}/securityContext/privileged` },
  },
  {
    rule: "pod-no-added-rights",
    stack,
    on: backend,
    broken: [
      { at: backend, set: `${pod}/hostNetwork`, to: true },
      { at: migration, set: `${jobPod}/hostPID`, to: true },
      { at: backend, set: `${pod}/hostIPC`, to: true },
      { at: backend, set: `${pod}/volumes`, to: [{ name: "node", hostPath: { path: "/" } }] },
      { at: backend, set: `${container}/ports`, to: [{ name: "http", containerPort: 8080, hostPort: 80 }] },
      { at: backend, set: `${container}/securityContext/capabilities/add`, to: ["NET_ADMIN"] },
      { at: backend, set: `${pod}/securityContext/runAsUser`, to: 0 },
      { at: search, set: `${pod}/initContainers/0/securityContext/runAsUser`, to: 0 },
    ],
    absent: onlyComponents,
    unknown: { at: backend, path: `${pod}/hostNetwork` },
  },
  {
    rule: "image-by-digest",
    stack,
    on: backend,
    broken: [
      { at: backend, set: `${container}/image`, to: "registry.invalid/retail-backend:1.4.2" },
      { at: backend, set: `${container}/image`, to: "registry.invalid/retail-backend" },
      { at: web, set: `${container}/image`, to: `retail-admin-web@sha256:${"0".repeat(64)}` },
      { at: web, set: `${container}/image`, to: "registry.invalid/retail-admin-web@sha256:00" },
      { at: search, set: `${pod}/initContainers/0/image`, to: "registry.invalid/elasticsearch:8" },
      { at: migration, set: `${jobPod}/containers/0/image`, to: "registry.invalid/retail-backend:latest" },
    ],
    absent: { at: backend, drop: `${container}/image` },
    unknown: { at: backend, path: `${container}/image` },
  },
  {
    rule: "pod-topology-spread",
    stack,
    on: backend,
    broken: [
      { at: backend, drop: `${pod}/topologySpreadConstraints` },
      { at: search, set: `${pod}/topologySpreadConstraints`, to: [] },
      { at: backend, set: `${pod}/topologySpreadConstraints/0/maxSkew`, to: 5 },
      { at: backend, set: `${pod}/topologySpreadConstraints/0/whenUnsatisfiable`, to: "ScheduleAnyway" },
      { at: backend, drop: `${pod}/topologySpreadConstraints/0/whenUnsatisfiable` },
      { at: search, set: `${pod}/topologySpreadConstraints/1/whenUnsatisfiable`, to: "ScheduleAnyway" },
      { at: backend, set: `${pod}/topologySpreadConstraints/1/topologyKey`, to: "example.com/rack" },
      {
        at: backend,
        set: `${pod}/topologySpreadConstraints/0/labelSelector/matchLabels`,
        to: { app: "other" },
      },
      {
        at: "retail-agentic-probe-backend",
        set: "spec/replicas",
        to: 2,
        alsoFails: ["no-declared-replicas"],
      },
    ],
    absent: onlyComponents,
    unknown: { at: backend, path: `${pod}/topologySpreadConstraints/0/topologyKey` },
  },
  {
    rule: "no-mounted-token",
    stack,
    on: backend,
    broken: [
      { at: backend, set: `${pod}/automountServiceAccountToken`, to: true },
      { at: backend, drop: `${pod}/automountServiceAccountToken` },
      { at: backend, drop: `${pod}/serviceAccountName` },
      { at: migration, set: `${jobPod}/serviceAccountName`, to: "default" },
      { at: "retail-agentic-retail-backend-account", set: "automountServiceAccountToken", to: true },
      { at: search, drop: `${identityToken}/audience` },
      { at: search, set: `${identityToken}/audience`, to: "https://kubernetes.default.svc" },
    ],
    absent: { at: "retail-agentic-retail-backend-account", drop: "automountServiceAccountToken" },
    unknown: { at: backend, path: `${pod}/automountServiceAccountToken` },
  },
  {
    rule: "no-declared-replicas",
    stack,
    on: backend,
    broken: [
      { at: backend, set: "spec/replicas", to: 3 },
      { at: web, set: "spec/replicas", to: 0 },
      { at: "retail-agentic-probe-backend", set: "spec/replicas", to: 1 },
    ],
    absent: onlyComponents,
    unknown: { at: backend, path: "spec/replicas" },
  },
  {
    rule: "pod-no-plain-secret",
    stack,
    on: backend,
    broken: [
      { at: backend, set: `${container}/env/20`, to: { name: "API_KEY", value: "abc" } },
      { at: backend, set: `${container}/env/20`, to: { name: "URL", value: "redis://:pass@host" } },
      { at: backend, set: `${container}/args`, to: ["--url=mongodb://user:secret@host/db"] },
      { at: migration, set: `${jobPod}/containers/0/command/0`, to: `curl -u x:ghp_${"a1B2".repeat(6)}` },
      {
        at: backend,
        set: `${container}/envFrom`,
        to: [{ secretRef: { name: "retail-backend-blue-secrets" } }],
      },
      { at: "retail-agentic-retail-backend-blue-config", set: "data/JWT_SECRET", to: "short" },
      {
        at: "retail-agentic-retail-backend-blue-config",
        set: "data/settings.json",
        to: '{"key":"-----BEGIN PRIVATE KEY-----"}',
      },
      { at: "retail-agentic-retail-admin-web-blue-config", set: "data/API_URL", to: "https://u:p@host" },
    ],
    absent: onlyComponents,
    unknown: { at: "retail-agentic-retail-backend-blue-config", path: "data/SMTP_HOST" },
  },
];
