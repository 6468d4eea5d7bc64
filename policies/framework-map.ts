import type { FrameworkReference, RuleBase } from "./rule";

/** A control of a public catalogue, and the rules that serve it. A rule stands where it truly meets the control's text. */
interface Control {
  readonly reference: string;
  readonly specification: string;
  readonly rules: readonly string[];
}

interface Framework {
  readonly name: string;
  readonly version: string;
  readonly controls: readonly Control[];
}

const inTransit = [
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

const fromOutside = [
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
  "vault-network-deny",
];

const betweenPods = [
  "cluster-network-policy",
  "network-default-deny",
  "network-policy-named-peers",
  "network-policy-per-app",
];

const leastPrivilege = [
  "cosmos-role-actions",
  "cosmos-role-scope",
  "no-mounted-token",
  "role-least-privilege",
  "service-account-rights",
];

const noSecretInClear = [
  "pod-no-plain-secret",
  "secret-class-own-vault",
  "secret-variables-present",
  "settings-no-plain-secret",
  "settings-secret-references",
];

const backups = [
  "cosmos-continuous-backup",
  "mongo-backup",
  "postgres-backup",
  "sql-retention",
  "storage-soft-delete",
];

const redundancy = [
  "database-high-availability",
  "plan-autoscale-minimum",
  "plan-zone-redundant",
  "pod-disruption-budget",
  "pod-topology-spread",
];

const watched = [
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

const logged = ["diagnostics-to-workspace", "sql-auditing"];

const guardedChange = ["image-by-digest", "slot-exists", "track-for-each-switch", "web-traffic-not-declared"];

const frameworks: readonly Framework[] = [
  {
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
  },
  {
    name: "PCI DSS",
    version: "4.0",
    controls: [
      {
        reference: "1.4.2",
        specification:
          "Inbound traffic from untrusted networks to trusted networks is restricted to communications with system components that are authorized to provide publicly accessible services, protocols, and ports",
        rules: ["edge-origin-private", "gateway-closed", "service-internal"],
      },
      {
        reference: "1.4.4",
        specification:
          "System components that store cardholder data are not directly accessible from untrusted networks",
        rules: ["cosmos-network-restricted", "database-network-private", "sql-network-private"],
      },
      {
        reference: "4.2.1",
        specification:
          "Strong cryptography and security protocols are implemented to safeguard PAN during transmission over open, public networks",
        rules: ["edge-domain-tls", "edge-https-only", "web-https-only", "web-minimum-tls"],
      },
      {
        reference: "6.4.2",
        specification:
          "For public-facing web applications, an automated technical solution is deployed that continually detects and prevents web-based attacks",
        rules: ["edge-firewall-bound", "edge-firewall-on"],
      },
      {
        reference: "7.2.5",
        specification:
          "All application and system accounts and related access privileges are assigned and managed as follows: based on the least privileges necessary for the operability of the system or application",
        rules: leastPrivilege,
      },
      {
        reference: "8.6.2",
        specification:
          "Passwords/passphrases for any application and system accounts that can be used for interactive login are not hard coded in scripts, configuration/property files, or bespoke and custom source code",
        rules: ["pod-no-plain-secret", "settings-no-plain-secret", "settings-secret-references"],
      },
      {
        reference: "10.2.1",
        specification: "Audit logs are enabled and active for all system components and cardholder data",
        rules: logged,
      },
      {
        reference: "11.5.1",
        specification:
          "Intrusion-detection and/or intrusion-prevention techniques are used to detect and/or prevent intrusions into the network",
        rules: ["cluster-guarded", "defender-plans"],
      },
    ],
  },
  {
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
  },
  {
    name: "CIS Microsoft Azure Foundations Benchmark",
    version: "v2.0.0",
    controls: [
      {
        reference: "2.1.6",
        specification: "Ensure That Microsoft Defender for Open-Source Relational Databases Is Set To 'On'",
        rules: ["defender-plans"],
      },
      {
        reference: "2.1.7",
        specification: "Ensure That Microsoft Defender for Storage Is Set To 'On'",
        rules: ["defender-plans"],
      },
      {
        reference: "2.1.8",
        specification: "Ensure That Microsoft Defender for Containers Is Set To 'On'",
        rules: ["defender-plans"],
      },
      {
        reference: "2.1.9",
        specification: "Ensure That Microsoft Defender for Azure Cosmos DB Is Set To 'On'",
        rules: ["defender-plans"],
      },
      {
        reference: "2.1.10",
        specification: "Ensure That Microsoft Defender for Key Vault Is Set To 'On'",
        rules: ["defender-plans"],
      },
      {
        reference: "2.1.12",
        specification: "Ensure That Microsoft Defender for Resource Manager Is Set To 'On'",
        rules: ["defender-plans"],
      },
      {
        reference: "3.1",
        specification: "Ensure that 'Secure transfer required' is set to 'Enabled'",
        rules: ["storage-encrypted-transport"],
      },
      {
        reference: "3.7",
        specification:
          "Ensure that 'Public access level' is disabled for storage accounts with blob containers",
        rules: ["storage-container-private", "storage-no-public-blobs"],
      },
      {
        reference: "3.8",
        specification: "Ensure Default Network Access Rule for Storage Accounts is Set to Deny",
        rules: ["storage-network-restricted"],
      },
      {
        reference: "3.11",
        specification: "Ensure Soft Delete is Enabled for Azure Containers and Blob Storage",
        rules: ["storage-soft-delete"],
      },
      {
        reference: "3.15",
        specification: "Ensure the 'Minimum TLS version' for storage accounts is set to 'Version 1.2'",
        rules: ["storage-encrypted-transport"],
      },
      {
        reference: "4.1.1",
        specification: "Ensure that 'Auditing' is set to 'On'",
        rules: ["sql-auditing"],
      },
      {
        reference: "4.1.2",
        specification: "Ensure no Azure SQL Databases allow ingress from 0.0.0.0/0 (ANY IP)",
        rules: ["sql-network-private"],
      },
      {
        reference: "4.1.4",
        specification: "Ensure that Azure Active Directory Admin is Configured for SQL Servers",
        rules: ["sql-entra-admin"],
      },
      {
        reference: "4.1.5",
        specification: "Ensure that 'Data encryption' is set to 'On' on a SQL Database",
        rules: ["sql-encrypted"],
      },
      {
        reference: "4.5.1",
        specification:
          "Ensure That 'Firewalls & Networks' Is Limited to Use Selected Networks Instead of All Networks",
        rules: ["cosmos-network-restricted"],
      },
      {
        reference: "4.5.3",
        specification: "Use Azure Active Directory (AAD) Client Authentication and Azure RBAC where possible",
        rules: ["cosmos-no-key-access"],
      },
      {
        reference: "5.3.1",
        specification: "Ensure Application Insights are Configured",
        rules: ["application-insights-workspace"],
      },
      {
        reference: "5.4",
        specification:
          "Ensure that Azure Monitor Resource Logging is Enabled for All Services that Support it",
        rules: ["diagnostics-to-workspace"],
      },
      {
        reference: "8.5",
        specification: "Ensure the Key Vault is Recoverable",
        rules: ["vault-purge-protection"],
      },
      {
        reference: "8.6",
        specification: "Enable Role Based Access Control for Azure Key Vault",
        rules: ["vault-role-based-access"],
      },
      {
        reference: "9.2",
        specification: "Ensure Web App Redirects All HTTP traffic to HTTPS in Azure App Service",
        rules: ["web-https-only"],
      },
      {
        reference: "9.3",
        specification: "Ensure Web App is using the latest version of TLS encryption",
        rules: ["web-minimum-tls"],
      },
      {
        reference: "9.9",
        specification: "Ensure that 'HTTP Version' is the Latest, if Used to Run the Web App",
        rules: ["web-http2"],
      },
      {
        reference: "9.10",
        specification: "Ensure FTP deployments are Disabled",
        rules: ["web-ftps-disabled"],
      },
      {
        reference: "9.11",
        specification: "Ensure Azure Key Vaults are Used to Store Secrets",
        rules: ["settings-secret-references"],
      },
      {
        reference: "10.1",
        specification: "Ensure that Resource Locks are set for Mission-Critical Azure Resources",
        rules: ["lock-on-data"],
      },
    ],
  },
];

const byRule = new Map<string, FrameworkReference[]>();
for (const { name, version, controls } of frameworks) {
  for (const { reference, specification, rules } of controls) {
    for (const rule of rules) {
      byRule.set(rule, [...(byRule.get(rule) ?? []), { name, version, reference, specification }]);
    }
  }
}

/** Names of rules that the frameworks are mapped to. */
export const mappedRules: readonly string[] = [...byRule.keys()];

/** Every control that a rule serves: its own first, which the engine is told of, then those of the other catalogues. */
export function frameworksOf({
  name,
  framework,
}: Pick<RuleBase, "name" | "framework">): readonly FrameworkReference[] {
  return [...(framework ? [framework] : []), ...(byRule.get(name) ?? [])];
}
