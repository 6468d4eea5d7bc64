import type { RowSpec } from "../model";
import { isJson } from "../paths";
import { addressRuleFaults, fixedName, identityOf, nameRule, propertiesOf, succeeded } from "./helpers";
import { STORAGE } from "./paths";

/** Storage accounts and what lies in them. */
export const storage: RowSpec[] = [
  {
    token: "storage:StorageAccount",
    id: STORAGE,
    globalName: "StorageAccountAlreadyTaken",
    immutable: [
      "isHnsEnabled",
      "enableNfsV3",
      "dnsEndpointType",
      "encryption.requireInfrastructureEncryption",
    ],
    wire: {
      enableHttpsTrafficOnly: "supportsHttpsTrafficOnly",
      networkRuleSet: "networkAcls",
      enableNfsV3: "isNfsV3Enabled",
    },
    defaults: { enableHttpsTrafficOnly: true, minimumTlsVersion: "TLS1_2" },
    longRunning: { create: true },
    references: [
      {
        path: "networkRuleSet.virtualNetworkRules[*].virtualNetworkResourceId",
        code: "NetworkAclsValidationFailure",
      },
    ],
    validate: (inputs) => [
      ...nameRule("accountName", /^[a-z0-9]{3,24}$/, "3 to 24 lower-case letters and digits")(inputs),
      ...addressRuleFaults(
        isJson(inputs.networkRuleSet) ? inputs.networkRuleSet.ipRules : undefined,
        { path: "networkRuleSet.ipRules", key: "iPAddressOrRange" },
        30,
      ),
    ],
    compute: (context) => {
      const name = context.params.accountName!;
      const kinds = { blob: "blob", dfs: "dfs", file: "file", queue: "queue", table: "table", web: "z6.web" };
      const endpoints = Object.fromEntries(
        Object.entries(kinds).map(([key, host]) => [key, `https://${name}.${host}.core.windows.net/`]),
      );
      return {
        ...identityOf(context),
        ...succeeded({
          creationTime: propertiesOf(context.previous).creationTime ?? context.now(),
          primaryEndpoints: endpoints,
          primaryLocation: context.body.location,
          statusOfPrimary: "available",
          privateEndpointConnections: [],
        }),
      };
    },
    actions: {
      listKeys: (context) => ({
        keys: ["key1", "key2"].map((keyName) => ({
          keyName,
          permissions: "FULL",
          value: context.secretFor(keyName),
        })),
      }),
    },
  },
  {
    token: "storage:BlobServiceProperties",
    id: `${STORAGE}/blobServices/{blobServicesName}`,
    autoname: "none",
    existsByDefault: {
      cors: { corsRules: [] },
      deleteRetentionPolicy: { enabled: false, allowPermanentDelete: false },
    },
    validate: fixedName("blobServicesName", "default"),
    compute: () => ({}),
  },
  {
    token: "storage:BlobContainer",
    id: `${STORAGE}/blobServices/default/containers/{containerName}`,
    defaults: { publicAccess: "None" },
    validate: nameRule(
      "containerName",
      /^(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$|^\$(root|web|logs)$/,
      "3 to 63 lower-case letters, digits and single hyphens",
    ),
    compute: (context) => ({
      properties: {
        deleted: false,
        hasImmutabilityPolicy: false,
        hasLegalHold: false,
        leaseState: "Available",
        leaseStatus: "Unlocked",
        lastModifiedTime: context.now(),
      },
    }),
  },
  {
    token: "storage:ManagementPolicy",
    id: `${STORAGE}/managementPolicies/{managementPolicyName}`,
    autoname: "none",
    validate: fixedName("managementPolicyName", "default"),
    compute: (context) => ({ properties: { lastModifiedTime: context.now() } }),
  },
];
