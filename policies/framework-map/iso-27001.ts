import type { Framework } from "./framework";
import {
  backups,
  betweenPods,
  fromOutside,
  guardedChange,
  inTransit,
  logged,
  noSecretInClear,
  redundancy,
  watched,
} from "./rule-groups";

export const iso27001: Framework = {
  name: "ISO/IEC 27001 Annex A",
  version: "2022",
  controls: [
    {
      reference: "A.5.17",
      specification: "Authentication information",
      rules: [...noSecretInClear, "random-secret-strong", "vault-secrets-present"],
    },
    {
      reference: "A.8.2",
      specification: "Privileged access rights",
      rules: ["role-least-privilege", "service-account-rights"],
    },
    {
      reference: "A.8.3",
      specification: "Information access restriction",
      rules: [
        "cosmos-role-actions",
        "cosmos-role-scope",
        "no-mounted-token",
        "storage-container-private",
        "storage-no-public-blobs",
        "vault-role-based-access",
      ],
    },
    {
      reference: "A.8.6",
      specification: "Capacity management",
      rules: [
        "autoscaler-minimum",
        "cosmos-autoscale-throughput",
        "namespace-bounded",
        "plan-autoscale-minimum",
        "pod-resources",
        "quota-fits-both-sides",
      ],
    },
    {
      reference: "A.8.8",
      specification: "Management of technical vulnerabilities",
      rules: ["cluster-upgrades"],
    },
    {
      reference: "A.8.9",
      specification: "Configuration management",
      rules: ["chart-pinned", "resource-type-known"],
    },
    { reference: "A.8.13", specification: "Information backup", rules: backups },
    {
      reference: "A.8.14",
      specification: "Redundancy of information processing facilities",
      rules: redundancy,
    },
    { reference: "A.8.15", specification: "Logging", rules: [...logged, "workspace-retention"] },
    {
      reference: "A.8.16",
      specification: "Monitoring activities",
      rules: [...watched, "dashboards-complete"],
    },
    { reference: "A.8.20", specification: "Networks security", rules: fromOutside },
    { reference: "A.8.22", specification: "Segregation of networks", rules: betweenPods },
    {
      reference: "A.8.24",
      specification: "Use of cryptography",
      rules: [...inTransit, "data-encrypted-at-rest", "gateway-certificate-renewed"],
    },
    { reference: "A.8.32", specification: "Change management", rules: guardedChange },
  ],
};
