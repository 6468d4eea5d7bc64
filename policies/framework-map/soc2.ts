import type { Framework } from "./framework";
import {
  backups,
  fromOutside,
  guardedChange,
  inTransit,
  leastPrivilege,
  logged,
  noSecretInClear,
  redundancy,
  watched,
} from "./rule-groups";

export const soc2: Framework = {
  name: "SOC 2 Trust Services Criteria",
  version: "2017 (2022)",
  controls: [
    {
      reference: "CC6.1",
      specification:
        "The entity implements logical access security software, infrastructure, and architectures over protected information assets to protect them from security events to meet the entity's objectives",
      rules: [
        ...noSecretInClear,
        "cluster-sign-in",
        "cluster-workload-identity",
        "cosmos-no-key-access",
        "data-encrypted-at-rest",
        "random-secret-strong",
        "sql-entra-admin",
        "storage-no-key-access",
        "web-managed-identity",
      ],
    },
    {
      reference: "CC6.3",
      specification:
        "The entity authorizes, modifies, or removes access to data, software, functions, and other protected information assets based on roles, responsibilities, or the system design and changes, giving consideration to the concepts of least privilege and segregation of duties, to meet the entity's objectives",
      rules: [...leastPrivilege, "vault-role-based-access"],
    },
    {
      reference: "CC6.6",
      specification:
        "The entity implements logical access security measures to protect against threats from sources outside its system boundaries",
      rules: [...fromOutside, "edge-blocked-paths", "edge-rate-limit", "storage-no-public-blobs"],
    },
    {
      reference: "CC6.7",
      specification:
        "The entity restricts the transmission, movement, and removal of information to authorized internal and external users and processes, and protects it during transmission, movement, or removal to meet the entity's objectives",
      rules: inTransit,
    },
    {
      reference: "CC6.8",
      specification:
        "The entity implements controls to prevent or detect and act upon the introduction of unauthorized or malicious software to meet the entity's objectives",
      rules: ["image-by-digest", "image-of-registry"],
    },
    {
      reference: "CC7.2",
      specification:
        "The entity monitors system components and the operation of those components for anomalies that are indicative of malicious acts, natural disasters, and errors affecting the entity's ability to meet its objectives; anomalies are analyzed to determine whether they represent security events",
      rules: [...watched, ...logged],
    },
    {
      reference: "CC8.1",
      specification:
        "The entity authorizes, designs, develops or acquires, configures, documents, tests, approves, and implements changes to infrastructure, data, software, and procedures to meet its objectives",
      rules: guardedChange,
    },
    {
      reference: "A1.2",
      specification:
        "The entity authorizes, designs, develops or acquires, implements, operates, approves, maintains, and monitors environmental protections, software, data back-up processes, and recovery infrastructure to meet its objectives",
      rules: [...backups, ...redundancy, "vault-purge-protection"],
    },
  ],
};
