import type { ComputeContext, InputFault, Json, RowSpec } from "../model";
import { isJson } from "../paths";
import { identityOf, nameRule, propertiesOf, succeeded } from "./helpers";
import { COSMOS } from "./paths";

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

/** Cosmos DB with its data-plane roles. */
export const cosmos: RowSpec[] = [
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
