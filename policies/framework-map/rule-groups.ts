/** Rules that meet the same demand, whichever catalogue makes it. */

export const inTransit = [
  "cosmos-minimum-tls",
  "edge-domain-tls",
  "edge-https-only",
  "postgres-encrypted",
  "redis-encrypted",
  "sql-encrypted",
  "storage-encrypted-transport",
  "web-https-only",
  "web-minimum-tls",
];

export const fromOutside = [
  "cluster-api-server-closed",
  "cosmos-network-restricted",
  "database-network-private",
  "edge-firewall-bound",
  "edge-firewall-on",
  "edge-origin-private",
  "gateway-closed",
  "registry-closed",
  "service-internal",
  "sql-network-private",
  "storage-network-restricted",
  "task-environment-private",
  "vault-network-deny",
];

export const betweenPods = [
  "cluster-network-policy",
  "network-default-deny",
  "network-policy-named-peers",
  "network-policy-per-app",
];

export const leastPrivilege = [
  "cosmos-role-actions",
  "cosmos-role-scope",
  "no-mounted-token",
  "role-least-privilege",
  "service-account-rights",
];

export const noSecretInClear = [
  "pod-no-plain-secret",
  "secret-class-own-vault",
  "secret-variables-present",
  "settings-no-plain-secret",
  "settings-secret-references",
  "task-job-closed",
];

export const backups = [
  "cosmos-continuous-backup",
  "mongo-backup",
  "postgres-backup",
  "sql-retention",
  "storage-soft-delete",
];

export const redundancy = [
  "database-high-availability",
  "plan-autoscale-minimum",
  "plan-zone-redundant",
  "pod-disruption-budget",
  "pod-topology-spread",
];

export const watched = [
  "alert-channels",
  "alert-enabled",
  "alert-for-each-gate",
  "alert-routes-complete",
  "availability-tests",
  "cluster-guarded",
  "defender-plans",
  "metrics-scraped",
  "prometheus-rules-complete",
  "prometheus-rules-told",
  "service-health-alert",
];

export const logged = ["diagnostics-to-workspace", "sql-auditing"];

export const guardedChange = [
  "colour-service-selects",
  "image-by-digest",
  "route-by-track",
  "slot-exists",
  "track-for-each-switch",
  "web-traffic-not-declared",
];
