import type { ComputeContext, InputFault, Json, RowSpec } from "../model";
import { isJson } from "../paths";
import { fixedName, identityOf, nameRule, propertiesOf, succeeded } from "./helpers";
import { COSMOS, GROUP, STORAGE } from "./paths";

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Cosmos DB: `resource.id` must be the name in the id. */
function cosmosResource(nameInput: string): (inputs: Json) => InputFault[] {
  return (inputs) => {
    const id = isJson(inputs.resource) ? inputs.resource.id : undefined;
    const name = inputs[nameInput];
    const options = isJson(inputs.options) ? inputs.options : {};
    const maximum = isJson(options.autoscaleSettings) ? options.autoscaleSettings.maxThroughput : undefined;
    return [
      ...(typeof id === "string" &&
      typeof name === "string" &&
      id !== name &&
      ![id, name].some((part) => part.startsWith("04da6b54-"))
        ? [
            {
              path: "resource.id",
              reason: `"${id}" differs from ${nameInput} "${name}"; Azure wants them equal`,
            },
          ]
        : []),
      ...(options.throughput !== undefined && options.autoscaleSettings !== undefined
        ? [{ path: "options", reason: "takes throughput or autoscaleSettings, not both" }]
        : []),
      ...(typeof maximum === "number" && (maximum < 1000 || maximum % 1000 !== 0)
        ? [
            {
              path: "options.autoscaleSettings.maxThroughput",
              reason: `${maximum} is not a multiple of 1000 from 1000 on`,
            },
          ]
        : []),
    ];
  };
}

/** What the service stamps on a database or a container. */
function cosmosStamps(context: ComputeContext): Json {
  const guid = context.guidFor("rid");
  return { properties: { resource: { _rid: guid.slice(0, 8), _etag: `"${guid}"`, _ts: 1_700_000_000 } } };
}

function accountKeys(context: ComputeContext): Json {
  return Object.fromEntries(
    ["primaryMasterKey", "secondaryMasterKey", "primaryReadonlyMasterKey", "secondaryReadonlyMasterKey"].map(
      (name) => [name, context.secretFor(name)],
    ),
  );
}

const cosmos: RowSpec[] = [
  {
    token: "cosmosdb:DatabaseAccount",
    id: COSMOS,
    globalName: "BadRequest",
    immutable: ["kind", "createMode", "enableFreeTier", "restoreParameters", "enableAnalyticalStorage"],
    defaults: { kind: "GlobalDocumentDB", publicNetworkAccess: "Enabled", minimalTlsVersion: "Tls12" },
    references: [{ path: "virtualNetworkRules[*].id", code: "BadRequest" }],
    longRunning: { create: true, update: true, delete: true },
    validate: (inputs) => {
      const backup = isJson(inputs.backupPolicy) ? inputs.backupPolicy : {};
      const locations = Array.isArray(inputs.locations) ? inputs.locations : [];
      const priorities = locations
        .map((entry) => (isJson(entry) ? entry.failoverPriority : undefined))
        .filter((entry) => entry !== undefined);
      return [
        ...nameRule(
          "accountName",
          /^[a-z0-9][a-z0-9-]{1,42}[a-z0-9]$/,
          "3 to 44 lower-case letters, digits and hyphens",
        )(inputs),
        ...(locations.length === 0 && Array.isArray(inputs.locations)
          ? [{ path: "locations", reason: "must name at least one region" }]
          : []),
        ...(new Set(priorities).size < priorities.length
          ? [{ path: "locations", reason: "failoverPriority must differ in each region" }]
          : []),
        ...(backup.type === "Continuous" && inputs.enableMultipleWriteLocations === true
          ? [
              {
                path: "backupPolicy.type",
                reason: "continuous backup cannot be used with enableMultipleWriteLocations",
              },
            ]
          : []),
      ];
    },
    admit: ({ inputs, previous }) => {
      const before = isJson(previous) ? propertiesOf(previous).backupPolicy : undefined;
      const now = inputs.backupPolicy;
      if (isJson(before) && before.type === "Continuous" && isJson(now) && now.type === "Periodic") {
        return {
          status: 400,
          code: "BadRequest",
          message: "Migration from Continuous to Periodic backup is not supported.",
          target: "properties.backupPolicy.type",
        };
      }
      return undefined;
    },
    compute: (context) => {
      const name = context.params.accountName!;
      const properties = propertiesOf(context.body);
      const asked = Array.isArray(properties.locations) ? (properties.locations as Json[]) : [];
      const regions = asked.map((location, index) => {
        const region = String(location.locationName).toLowerCase().replaceAll(" ", "");
        return {
          id: `${name}-${region}`,
          locationName: location.locationName,
          documentEndpoint: `https://${name}-${region}.documents.azure.com:443/`,
          provisioningState: "Succeeded",
          failoverPriority: location.failoverPriority ?? index,
          isZoneRedundant: location.isZoneRedundant ?? false,
        };
      });
      return {
        ...identityOf(context),
        ...succeeded({
          documentEndpoint: `https://${name}.documents.azure.com:443/`,
          instanceId: context.guidFor("instance"),
          readLocations: regions,
          writeLocations: properties.enableMultipleWriteLocations === true ? regions : regions.slice(0, 1),
          failoverPolicies: regions.map(({ id, locationName, failoverPriority }) => ({
            id,
            locationName,
            failoverPriority,
          })),
          privateEndpointConnections: [],
        }),
      };
    },
    actions: {
      listKeys: accountKeys,
      listConnectionStrings: (context) => {
        const name = context.params.accountName!;
        return {
          connectionStrings: Object.entries(accountKeys(context)).map(([kind, key]) => ({
            connectionString: `AccountEndpoint=https://${name}.documents.azure.com:443/;AccountKey=${String(key)};`,
            description: `${kind.replace("MasterKey", "")} SQL connection string`,
            keyKind: kind.replace("MasterKey", ""),
            type: "Sql",
          })),
        };
      },
    },
  },
  {
    token: "cosmosdb:SqlResourceSqlDatabase",
    id: `${COSMOS}/sqlDatabases/{databaseName}`,
    immutable: ["resource.id"],
    longRunning: { create: true, update: true, delete: true },
    validate: cosmosResource("databaseName"),
    compute: cosmosStamps,
  },
  {
    token: "cosmosdb:SqlResourceSqlContainer",
    id: `${COSMOS}/sqlDatabases/{databaseName}/containers/{containerName}`,
    immutable: ["resource.id", "resource.partitionKey", "resource.uniqueKeyPolicy"],
    longRunning: { create: true, update: true, delete: true },
    validate: cosmosResource("containerName"),
    compute: cosmosStamps,
  },
  {
    token: "cosmosdb:SqlResourceSqlRoleDefinition",
    id: `${COSMOS}/sqlRoleDefinitions/{roleDefinitionId}`,
    autoname: "uuid",
    validate: nameRule("roleDefinitionId", GUID, "a GUID"),
    longRunning: { create: true, update: true, delete: true },
    compute: () => ({}),
  },
  {
    token: "cosmosdb:SqlResourceSqlRoleAssignment",
    id: `${COSMOS}/sqlRoleAssignments/{roleAssignmentId}`,
    autoname: "uuid",
    immutable: ["principalId", "scope"],
    validate: nameRule("roleAssignmentId", GUID, "a GUID"),
    references: [{ path: "roleDefinitionId", code: "BadRequest" }],
    longRunning: { create: true, update: true, delete: true },
    compute: () => ({}),
  },
];

const storage: RowSpec[] = [
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
    validate: nameRule("accountName", /^[a-z0-9]{3,24}$/, "3 to 24 lower-case letters and digits"),
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

const vault: RowSpec[] = [
  {
    token: "keyvault:Vault",
    id: `${GROUP}/providers/Microsoft.KeyVault/vaults/{vaultName}`,
    globalName: "VaultAlreadyExists",
    defaults: {
      properties: { enableSoftDelete: true, softDeleteRetentionInDays: 90, publicNetworkAccess: "Enabled" },
    },
    writeOnly: ["properties.createMode"],
    references: [{ path: "properties.networkAcls.virtualNetworkRules[*].id", code: "BadRequest" }],
    softDelete: {
      conflictCode: "ConflictError",
      deletedType: "Microsoft.KeyVault/deletedVaults",
      purgeAllowed: (body) => propertiesOf(body).enablePurgeProtection !== true,
      retentionDays: (body) => Number(propertiesOf(body).softDeleteRetentionInDays ?? 90),
    },
    validate: (inputs) => {
      const properties = isJson(inputs.properties) ? inputs.properties : {};
      const days = properties.softDeleteRetentionInDays;
      return [
        ...nameRule(
          "vaultName",
          /^[A-Za-z](?!.*--)[A-Za-z0-9-]{1,22}[A-Za-z0-9]$/,
          "3 to 24 letters, digits and single hyphens, a letter first",
        )(inputs),
        ...(properties.enablePurgeProtection === false
          ? [
              {
                path: "properties.enablePurgeProtection",
                reason: "cannot be set to false: leave it out or set it to true",
              },
            ]
          : []),
        ...(typeof days === "number" && (days < 7 || days > 90)
          ? [
              {
                path: "properties.softDeleteRetentionInDays",
                reason: `${days} is not allowed; allowed: 7 to 90`,
              },
            ]
          : []),
        ...(properties.enableSoftDelete === false
          ? [{ path: "properties.enableSoftDelete", reason: "cannot be turned off" }]
          : []),
      ];
    },
    admit: ({ inputs, previous }) => {
      const before = propertiesOf(previous);
      const now = isJson(inputs.properties) ? inputs.properties : {};
      if (before.enablePurgeProtection === true && now.enablePurgeProtection !== true) {
        return {
          status: 400,
          code: "BadRequest",
          message: 'The property "enablePurgeProtection" cannot be turned off once it is set to true.',
          target: "properties.enablePurgeProtection",
        };
      }
      if (
        before.softDeleteRetentionInDays !== undefined &&
        now.softDeleteRetentionInDays !== undefined &&
        before.softDeleteRetentionInDays !== now.softDeleteRetentionInDays
      ) {
        return {
          status: 400,
          code: "BadRequest",
          message: 'The property "softDeleteRetentionInDays" has been set already and it can\'t be modified.',
          target: "properties.softDeleteRetentionInDays",
        };
      }
      return undefined;
    },
    compute: (context) =>
      succeeded({
        vaultUri: `https://${context.params.vaultName!.toLowerCase()}.vault.azure.net/`,
        privateEndpointConnections: [],
      }),
  },
  {
    token: "keyvault:Secret",
    id: `${GROUP}/providers/Microsoft.KeyVault/vaults/{vaultName}/secrets/{secretName}`,
    secretInputs: ["properties.value"],
    writeOnly: ["properties.value"],
    validate: nameRule("secretName", /^[A-Za-z0-9-]{1,127}$/, "1 to 127 letters, digits and hyphens"),
    compute: (context) => {
      const uri = `https://${context.params.vaultName!.toLowerCase()}.vault.azure.net/secrets/${context.params.secretName}`;
      const value = propertiesOf(context.body).value;
      const before = propertiesOf(context.previous);
      // A version belongs to a value: a PUT of the same value makes none, so that a repeated PUT is idempotent.
      const version =
        value === before.value && before.version !== undefined
          ? String(before.version)
          : context
              .secretFor(`version ${String(value)}`)
              .replace(/[^a-z0-9]/gi, "")
              .toLowerCase()
              .slice(0, 32);
      return {
        location: context.lookUp(context.id.slice(0, context.id.lastIndexOf("/secrets/")))?.body.location,
        properties: { version, secretUri: uri, secretUriWithVersion: `${uri}/${version}` },
      };
    },
  },
];

export const data: RowSpec[] = [...cosmos, ...storage, ...vault];
