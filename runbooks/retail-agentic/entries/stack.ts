import type { Entry } from "../../vocabulary";
import { alerts } from "../alerts";
import { everywhere } from "./shared";

const inStack: Pick<Entry, "on" | "during"> = { on: everywhere, during: ["always"] };

/** Variables and secrets of the backend's pods. */
export const configuration: readonly Entry[] = [
  {
    ...inStack,
    word: "policy",
    name: "mongodb-uri",
    title: "MONGODB_URI (mongodb://…) comes from the vault",
    ids: ["RET-015"],
    rules: ["secret-variables-present", "vault-secrets-present", "pod-no-plain-secret"],
  },
  {
    ...inStack,
    word: "policy",
    name: "redis-url",
    title: "REDIS_URL (redis://…) comes from the vault, and the cache speaks TLS alone",
    ids: ["RET-016"],
    rules: ["secret-variables-present", "vault-secrets-present", "redis-encrypted"],
  },
  {
    ...inStack,
    word: "policy",
    name: "elasticsearch-url",
    title: "ELASTICSEARCH_URL (https://…) comes from the vault",
    ids: ["RET-017"],
    conflicts: [19],
    rules: ["secret-variables-present", "vault-secrets-present"],
  },
  {
    ...inStack,
    word: "policy",
    name: "postgres-url",
    title: "POSTGRES_URL (jdbc:postgresql://…) comes from the vault, and the server asks for TLS",
    ids: ["RET-018"],
    conflicts: [66],
    rules: ["secret-variables-present", "vault-secrets-present", "postgres-encrypted"],
  },
  {
    ...inStack,
    word: "policy",
    name: "jwt-secret",
    title: "JWT_SECRET is a random string of at least 256 bits from the vault",
    ids: ["RET-019"],
    rules: ["secret-variables-present", "vault-secrets-present", "random-secret-strong"],
  },
  {
    ...inStack,
    word: "declared",
    name: "jwt-expiration",
    title: "JWT_EXPIRATION is 86400000 milliseconds, 24 hours",
    ids: ["RET-020"],
    rules: ["config-plain-variables"],
  },
  {
    ...inStack,
    word: "policy",
    name: "paypal-credentials",
    title: "PAYPAL_CLIENT_ID and PAYPAL_CLIENT_SECRET come from the vault, and the owner has given them",
    ids: ["RET-021"],
    rules: ["secret-variables-present", "vault-secrets-present", "vault-owner-secret-given"],
  },
  {
    ...inStack,
    word: "declared",
    name: "mail-server",
    title: "SMTP_HOST is the owner's mail server, SMTP_PORT is 587",
    ids: ["RET-022"],
    conflicts: [21],
    rules: ["config-plain-variables", "config-owner-variables"],
  },
  {
    ...inStack,
    word: "policy",
    name: "mail-credentials",
    title: "SMTP_USERNAME and SMTP_PASSWORD come from the vault, and the owner has given them",
    ids: ["RET-023"],
    rules: ["secret-variables-present", "vault-secrets-present", "vault-owner-secret-given"],
  },
  {
    ...inStack,
    word: "policy",
    name: "rate-limiting-on",
    title: "ENABLE_RATE_LIMITING is true; the edge limits addresses as well",
    ids: ["RET-024"],
    rules: ["config-plain-variables", "edge-rate-limit"],
  },
  {
    ...inStack,
    word: "policy",
    name: "csrf-protection-on",
    title: "ENABLE_CSRF_PROTECTION is true",
    ids: ["RET-025"],
    rules: ["config-plain-variables"],
  },
];

/** Hosts, edge, components, stores: what the runbook's picture shows. */
export const architecture: readonly Entry[] = [
  {
    ...inStack,
    word: "declared",
    name: "staging-hosts",
    title:
      "Staging answers at staging., staging-api. and admin.staging. of the owner's domain, each with a certificate",
    ids: ["RET-027"],
    conflicts: [21, 65],
    on: ["staging"],
    rules: ["edge-hosts-complete", "edge-domain-tls"],
    note: "That its builds are of branch develop is said by the entry branch-of-staging.",
  },
  {
    ...inStack,
    word: "declared",
    name: "production-domain",
    title: "Production answers below the owner's domain, never below example.com",
    ids: ["RET-028"],
    conflicts: [21, 65],
    on: ["production"],
    rules: ["edge-hosts-complete", "edge-domain-tls"],
    note: "That its builds are of branch main is said by the entry branch-of-production.",
  },
  {
    ...inStack,
    word: "declared",
    name: "production-hosts",
    title: "The hosts of production are api., www. and admin. of the domain; those of dev are spelled alike",
    ids: ["RET-077"],
    conflicts: [21],
    on: ["dev", "production"],
    rules: ["edge-hosts-complete", "edge-domain-tls"],
  },
  {
    ...inStack,
    word: "declared",
    name: "load-balancer-behind-edge",
    title: "The load balancer stands behind the firewall and takes traffic from nowhere else",
    ids: ["RET-031"],
    conflicts: [19],
    rules: [
      "edge-firewall-bound",
      "edge-origin-private",
      "gateway-closed",
      "service-internal",
      "route-bounded",
      "kind-allowed",
    ],
  },
  {
    ...inStack,
    word: "declared",
    name: "three-components",
    title: "Consumer web, admin web and backend each run in the cluster",
    ids: ["RET-032"],
    rules: ["side-whole"],
  },
  {
    ...inStack,
    word: "declared",
    name: "data-stores",
    title: "MongoDB, Redis and Elasticsearch serve the backend, reached from within the network alone",
    ids: ["RET-033"],
    conflicts: [19, 67],
    rules: ["cluster-system-complete", "database-network-private", "database-high-availability"],
  },
  {
    ...inStack,
    word: "declared",
    name: "registry-repositories",
    title: "One registry holds the repositories retail-backend, retail-consumer-web and retail-admin-web",
    ids: ["RET-050"],
    rules: ["image-of-registry", "registry-closed"],
  },
  {
    ...inStack,
    word: "policy",
    name: "backend-image-pushed",
    title:
      "The backend runs as the image that was pushed to the registry, by digest, never by a tag that moves",
    ids: ["RET-051"],
    conflicts: [14],
    rules: ["image-by-digest", "image-of-registry"],
  },
  {
    ...inStack,
    word: "declared",
    name: "two-colours",
    title:
      "One namespace holds retail-backend-green and retail-backend-blue, and whatever switches between them is guarded",
    ids: ["RET-065"],
    conflicts: [5, 60],
    rules: ["side-whole", "track-for-each-switch", "namespace-restricted"],
    note: "The runbook's namespaces staging and production are stacks here, each with a namespace retail-agentic.",
  },
  {
    ...inStack,
    word: "declared",
    name: "backend-port",
    title: "The Service retail-backend listens on port 8080",
    ids: ["RET-142"],
    rules: ["track-service-port", "service-internal"],
  },
  {
    ...inStack,
    word: "declared",
    name: "namespace-quota",
    title: "The namespace has a resource quota, wide enough for both colours at once",
    ids: ["RET-143"],
    rules: ["namespace-bounded"],
  },
];

const backups: Pick<Entry, "on" | "during" | "supports" | "conflicts" | "ids"> = {
  ...inStack,
  ids: [],
  supports: ["RET-117"],
  conflicts: [18],
};

/** What a migration falls back on, beside its own backup. */
export const retention: readonly Entry[] = [
  {
    ...backups,
    word: "policy",
    name: "backups-retained",
    title: "MongoDB's and PostgreSQL's own backups reach 30 days back; the jobs for dumps are there",
    rules: ["mongo-backup", "postgres-backup", "task-schedules"],
  },
  {
    ...backups,
    word: "alert",
    name: "search-snapshots",
    title: "A missing daily snapshot of Elasticsearch is told",
    alerts: alerts.flatMap(({ name }) => (name === "SearchSnapshotMissing" ? [name] : [])),
    rules: ["prometheus-rules-complete", "task-schedules"],
  },
];
