import type { Framework } from "./framework";

export const cisAzure: Framework = {
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
      specification: "Ensure that Azure Monitor Resource Logging is Enabled for All Services that Support it",
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
};
