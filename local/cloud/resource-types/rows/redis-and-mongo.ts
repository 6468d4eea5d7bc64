import type { InputFault, Json, RowSpec } from "../model";
import { isJson, valuesAt } from "../paths";
import { fixedName, identityOf, nameRule, propertiesOf, succeeded } from "./helpers";
import { MONGO, REDIS } from "./paths";

const RUNS_LONG = { longRunning: { create: true, update: true, delete: true } };
const at = (inputs: Json, path: string) => valuesAt(inputs, path)[0]?.value;

function redisFaults(inputs: Json): InputFault[] {
  const faults = nameRule(
    "clusterName",
    /^(?=.{1,60}$)[A-Za-z0-9]+(-[A-Za-z0-9]+)*$/,
    "1 to 60 letters, digits and single hyphens, none at the ends",
  )(inputs);
  const size = String(at(inputs, "sku.name"));
  const enterprise = size.startsWith("Enterprise");
  if (enterprise !== (at(inputs, "sku.capacity") !== undefined))
    faults.push({
      path: "sku.capacity",
      reason: `is ${enterprise ? "required" : "not allowed"} for ${size}`,
    });
  if (!enterprise && Array.isArray(inputs.zones) && inputs.zones.length > 0)
    faults.push({ path: "zones", reason: `are chosen by Azure for ${size}` });
  if (!enterprise && inputs.minimumTlsVersion !== undefined && inputs.minimumTlsVersion !== "1.2")
    faults.push({ path: "minimumTlsVersion", reason: "must be 1.2" });
  return faults;
}

function redisDatabaseFaults(inputs: Json): InputFault[] {
  const faults = fixedName("databaseName", "default")(inputs);
  if (at(inputs, "persistence.aofEnabled") === true && at(inputs, "persistence.rdbEnabled") === true)
    faults.push({ path: "persistence", reason: "takes aofEnabled or rdbEnabled, not both" });
  if (at(inputs, "persistence.aofEnabled") === true && at(inputs, "persistence.aofFrequency") === undefined)
    faults.push({ path: "persistence.aofFrequency", reason: "is required with aofEnabled" });
  if (at(inputs, "persistence.rdbEnabled") === true && at(inputs, "persistence.rdbFrequency") === undefined)
    faults.push({ path: "persistence.rdbFrequency", reason: "is required with rdbEnabled" });
  const search = valuesAt(inputs, "modules[*].name").some(({ value }) => value === "RediSearch");
  if (search && inputs.evictionPolicy !== undefined && inputs.evictionPolicy !== "NoEviction")
    faults.push({ path: "evictionPolicy", reason: "must be NoEviction with the module RediSearch" });
  return faults;
}

/** Sizes of one shared core have no standby (Microsoft Learn, "Compute and storage", Azure DocumentDB). */
const WITHOUT_STANDBY = ["Free", "M10", "M20", "M25"];

function mongoFaults(inputs: Json): InputFault[] {
  const properties = isJson(inputs.properties) ? inputs.properties : {};
  const faults = nameRule(
    "mongoClusterName",
    /^[a-z0-9]+(-[a-z0-9]+)*$/,
    "3 to 40 lower-case letters, digits and single hyphens, none at the ends",
  )(inputs);
  const name = inputs.mongoClusterName;
  if (typeof name === "string" && (name.length < 3 || name.length > 40))
    faults.push({ path: "mongoClusterName", reason: `has ${name.length} characters; allowed: 3 to 40` });
  const fresh = properties.createMode === undefined || properties.createMode === "Default";
  const wanted = [
    "administrator.userName",
    "administrator.password",
    "compute.tier",
    "storage.sizeGb",
    "sharding.shardCount",
    "serverVersion",
  ];
  for (const path of wanted) {
    if (fresh && at(properties, path) === undefined)
      faults.push({ path: `properties.${path}`, reason: "is required and missing" });
  }
  const mode = at(properties, "highAvailability.targetMode");
  const tier = String(at(properties, "compute.tier"));
  if (mode !== undefined && mode !== "Disabled" && WITHOUT_STANDBY.includes(tier))
    faults.push({ path: "properties.highAvailability.targetMode", reason: `is not available for ${tier}` });
  if (properties.createMode === "PointInTimeRestore" && properties.restoreParameters === undefined)
    faults.push({
      path: "properties.restoreParameters",
      reason: "is required with createMode PointInTimeRestore",
    });
  return faults;
}

/** Azure Managed Redis, and Azure DocumentDB (Cosmos DB for MongoDB, vCore). */
export const redisAndMongo: RowSpec[] = [
  {
    token: "redisenterprise:RedisEnterprise",
    id: REDIS,
    ...RUNS_LONG,
    globalName: "NameNotAvailable",
    immutable: ["zones", "encryption"],
    defaults: { minimumTlsVersion: "1.2", highAvailability: "Enabled" },
    validate: redisFaults,
    compute: (context) => ({
      ...identityOf(context),
      kind: "v2",
      ...succeeded({
        hostName: `${context.params.clusterName!.toLowerCase()}.${String(context.body.location ?? "").toLowerCase()}.redis.azure.net`,
        resourceState: "Running",
        redundancyMode: propertiesOf(context.body).highAvailability === "Disabled" ? "None" : "ZR",
        redisVersion: "7.4",
        privateEndpointConnections: [],
      }),
    }),
  },
  {
    token: "redisenterprise:Database",
    id: `${REDIS}/databases/{databaseName}`,
    ...RUNS_LONG,
    autoname: "none",
    immutable: ["clusteringPolicy", "modules", "port", "geoReplication.groupNickname"],
    defaults: { port: 10000, clientProtocol: "Encrypted", accessKeysAuthentication: "Disabled" },
    validate: redisDatabaseFaults,
    compute: () => succeeded({ resourceState: "Running", redisVersion: "7.4" }),
    actions: {
      listKeys: (context) =>
        propertiesOf(context.body).accessKeysAuthentication === "Enabled"
          ? { primaryKey: context.secretFor("primary"), secondaryKey: context.secretFor("secondary") }
          : {},
    },
  },
  {
    token: "redisenterprise:AccessPolicyAssignment",
    id: `${REDIS}/databases/{databaseName}/accessPolicyAssignments/{accessPolicyAssignmentName}`,
    ...RUNS_LONG,
    immutable: ["user.objectId"],
    validate: (inputs) => [
      ...nameRule("accessPolicyAssignmentName", /^[A-Za-z0-9]{1,60}$/, "1 to 60 letters and digits")(inputs),
      ...nameRule("accessPolicyName", /^default$/, 'the only one Azure has is "default"')(inputs),
    ],
    compute: () => succeeded(),
  },
  {
    token: "mongocluster:MongoCluster",
    id: MONGO,
    ...RUNS_LONG,
    globalName: "NameNotAvailable",
    immutable: [
      "properties.createMode",
      "properties.administrator.userName",
      "properties.restoreParameters",
      "properties.replicaParameters",
    ],
    secretInputs: ["properties.administrator.password"],
    writeOnly: ["properties.administrator.password"],
    validate: mongoFaults,
    admit: ({ inputs, previous }) => {
      const [before, now] = [propertiesOf(previous), isJson(inputs.properties) ? inputs.properties : {}];
      const lowered = ["storage.sizeGb", "sharding.shardCount"].find(
        (path) => Number(at(before, path)) > Number(at(now, path)),
      );
      return lowered === undefined
        ? undefined
        : {
            status: 400,
            code: "BadRequest",
            message: `${lowered} of a cluster cannot be lowered.`,
            target: `properties.${lowered}`,
          };
    },
    compute: (context) =>
      succeeded({
        clusterStatus: "Ready",
        backup: {
          earliestRestoreTime:
            at(propertiesOf(context.previous), "backup.earliestRestoreTime") ?? context.now(),
        },
        connectionString: `mongodb+srv://<user>:<password>@${context.params.mongoClusterName}.global.mongocluster.cosmos.azure.com/?tls=true&authMechanism=SCRAM-SHA-256&retrywrites=false&maxIdleTimeMS=120000`,
        privateEndpointConnections: [],
        infrastructureVersion: "2.0",
      }),
  },
  {
    token: "mongocluster:FirewallRule",
    id: `${MONGO}/firewallRules/{firewallRuleName}`,
    ...RUNS_LONG,
    compute: () => succeeded(),
  },
];
