import type { AdmitContext, ArmFault, ComputeContext, InputFault, Json, RowSpec } from "../model";
import { isJson, valuesAt } from "../paths";
import { fixedName, identityOf, nameRule, propertiesOf } from "./helpers";
import { SQL_DATABASE, SQL_SERVER } from "./paths";

const RUNS_LONG = { longRunning: { create: true, update: true, delete: true } };
const RESERVED_LOGINS = ["admin", "administrator", "sa", "root", "dbmanager", "loginmanager", "dbo", "guest"];
const UNKNOWN_MARK = "04da6b54-";
const RETENTION = /^P(?:T0S|\d+[DWMY])$/;

function serverFaults(inputs: Json): InputFault[] {
  const faults: InputFault[] = [];
  const refuse = (when: boolean, path: string, reason: string) => {
    if (when) faults.push({ path, reason });
  };
  const entraOnly = valuesAt(inputs, "administrators.azureADOnlyAuthentication").some(
    ({ value }) => value === true,
  );
  const { administratorLogin: login, administratorLoginPassword: password } = inputs;
  refuse(!entraOnly && login === undefined, "administratorLogin", "is required without Entra-only sign-in");
  refuse(
    login !== undefined && password === undefined,
    "administratorLoginPassword",
    "is required with administratorLogin",
  );
  refuse(
    typeof login === "string" && RESERVED_LOGINS.includes(login.toLowerCase()),
    "administratorLogin",
    `${JSON.stringify(login)} is reserved`,
  );
  if (typeof password !== "string" || password.startsWith(UNKNOWN_MARK)) return faults;
  refuse(
    password.length < 8 || password.length > 128,
    "administratorLoginPassword",
    "has 8 to 128 characters",
  );
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((kind) => kind.test(password)).length;
  refuse(
    kinds < 3,
    "administratorLoginPassword",
    "must hold three of: lower case, upper case, digits, other characters",
  );
  return faults;
}

function databaseFaults(inputs: Json): InputFault[] {
  const sku = isJson(inputs.sku) ? inputs.sku : {};
  const tier = String(sku.tier ?? "");
  const spread = ["GeneralPurpose", "BusinessCritical", "Hyperscale", "Premium"];
  return [
    ...nameRule(
      "databaseName",
      /^[^<>*%&:\\/?]{0,127}[^<>*%&:\\/? .]$/,
      "1 to 128 characters, none of <>*%&:\\/?, no full stop or space at the end",
    )(inputs),
    ...(inputs.zoneRedundant === true && tier !== "" && !spread.includes(tier)
      ? [{ path: "zoneRedundant", reason: `is not available in the tier ${tier}` }]
      : []),
  ];
}

/** The administrator is part of the server to Azure: without one nobody could sign in any more. */
function admitEntraOnly({ id, inputs, below }: AdmitContext): ArmFault | undefined {
  const server = id.slice(0, id.toLowerCase().lastIndexOf("/azureadonlyauthentications/"));
  const administrators = below(`${server}/administrators/`);
  return inputs.azureADOnlyAuthentication === true && administrators.length === 0
    ? {
        status: 400,
        code: "AadOnlyAuthenticationNoAADAdminPresent",
        message: "Entra-only authentication needs a Microsoft Entra administrator of the server.",
      }
    : undefined;
}

function databaseOutputs(context: ComputeContext): Json {
  const properties = propertiesOf(context.body);
  const before = propertiesOf(context.previous);
  const sku = isJson(context.body.sku) ? context.body.sku : {};
  const objective =
    sku.capacity === undefined ? String(sku.name) : `${String(sku.name)}_${String(sku.capacity)}`;
  return {
    properties: {
      status: "Online",
      databaseId: context.guidFor("database"),
      creationDate: before.creationDate ?? context.now(),
      earliestRestoreDate: before.earliestRestoreDate ?? context.now(),
      defaultSecondaryLocation: "eastus2",
      currentServiceObjectiveName: objective,
      requestedServiceObjectiveName: objective,
      currentSku: sku,
      currentBackupStorageRedundancy: properties.requestedBackupStorageRedundancy,
    },
  };
}

function retentionFaults(inputs: Json): InputFault[] {
  const kept = (name: string) => inputs[name] !== undefined && inputs[name] !== "PT0S";
  const malformed = ["weeklyRetention", "monthlyRetention", "yearlyRetention"].filter(
    (name) => inputs[name] !== undefined && !RETENTION.test(String(inputs[name])),
  );
  const week = inputs.weekOfYear;
  return [
    ...malformed.map((path) => ({ path, reason: `${String(inputs[path])} is no duration such as P12W` })),
    ...(kept("yearlyRetention") && !(Number(week) >= 1 && Number(week) <= 52)
      ? [{ path: "weekOfYear", reason: "must be 1 to 52 with yearlyRetention" }]
      : []),
  ];
}

function shortTermFaults(inputs: Json): InputFault[] {
  const { retentionDays: days, diffBackupIntervalInHours: hours } = inputs;
  return [
    ...(typeof days === "number" && (days < 1 || days > 35)
      ? [{ path: "retentionDays", reason: `${days} is not allowed; allowed: 1 to 35` }]
      : []),
    ...(hours !== undefined && hours !== 12 && hours !== 24
      ? [{ path: "diffBackupIntervalInHours", reason: `${String(hours)} is not allowed; allowed: 12, 24` }]
      : []),
  ];
}

/** A copy has what its source has; one of an earlier moment what was recorded until then. */
function databaseContent(asked: Json, contentOf: (id: string) => Json | undefined): Json | undefined {
  const { sourceDatabaseId, createMode, restorePointInTime } = propertiesOf(asked);
  const source = typeof sourceDatabaseId === "string" ? contentOf(sourceDatabaseId) : undefined;
  if (source === undefined || createMode !== "PointInTimeRestore") return source;
  const rows = Array.isArray(source.history) ? (source.history as Json[]) : [];
  const until = Date.parse(String(restorePointInTime));
  return { ...source, history: rows.filter((row) => Date.parse(String(row.AppliedOn)) <= until) };
}

/** Azure SQL: servers, databases, and what a database is kept and watched by. */
export const sql: RowSpec[] = [
  {
    // Nothing of the program declares one: what somebody makes by hand is found by it.
    token: "sql:FirewallRule",
    id: `${SQL_SERVER}/firewallRules/{firewallRuleName}`,
    validate: (inputs) =>
      ["startIpAddress", "endIpAddress"]
        .filter((name) => inputs[name] === undefined)
        .map((name) => ({ path: name, reason: "is required and missing" })),
    compute: () => ({}),
  },
  {
    token: "sql:Server",
    id: SQL_SERVER,
    ...RUNS_LONG,
    globalName: "NameAlreadyExists",
    immutable: ["administratorLogin"],
    secretInputs: ["administratorLoginPassword"],
    writeOnly: ["administratorLoginPassword"],
    defaults: {
      version: "12.0",
      publicNetworkAccess: "Enabled",
      minimalTlsVersion: "1.2",
      restrictOutboundNetworkAccess: "Disabled",
    },
    references: [
      { path: "primaryUserAssignedIdentityId", code: "InvalidParameterValue" },
      { path: "identity.userAssignedIdentities[*]", code: "FailedIdentityOperation" },
    ],
    validate: (inputs) => [
      ...nameRule(
        "serverName",
        /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
        "1 to 63 lower-case letters, digits and hyphens, no hyphen at the ends",
      )(inputs),
      ...serverFaults(inputs),
    ],
    compute: (context) => ({
      ...identityOf(context),
      kind: "v12.0",
      properties: {
        state: "Ready",
        fullyQualifiedDomainName: `${context.params.serverName}.database.windows.net`,
        externalGovernanceStatus: "Disabled",
        privateEndpointConnections: [],
      },
    }),
  },
  {
    token: "sql:Database",
    id: SQL_DATABASE,
    ...RUNS_LONG,
    builtIn: ["master"],
    immutable: [
      "collation",
      "catalogCollation",
      "isLedgerOn",
      "sampleName",
      "sourceDatabaseId",
      "sourceResourceId",
      "restorePointInTime",
      "recoverableDatabaseId",
      "restorableDroppedDatabaseId",
    ],
    writeOnly: ["createMode", "sampleName", "restorePointInTime"],
    defaults: {
      collation: "SQL_Latin1_General_CP1_CI_AS",
      catalogCollation: "SQL_Latin1_General_CP1_CI_AS",
      zoneRedundant: false,
      readScale: "Disabled",
      requestedBackupStorageRedundancy: "Geo",
    },
    references: [
      { path: "elasticPoolId", code: "ElasticPoolNotFound" },
      { path: "sourceDatabaseId", code: "SourceDatabaseNotFound" },
    ],
    validate: databaseFaults,
    compute: databaseOutputs,
    contentOfNew: databaseContent,
  },
  {
    token: "sql:ServerAzureADAdministrator",
    id: `${SQL_SERVER}/administrators/{administratorName}`,
    autoname: "none",
    ...RUNS_LONG,
    validate: fixedName("administratorName", "ActiveDirectory"),
    compute: (context) => ({
      properties: { tenantId: propertiesOf(context.body).tenantId ?? context.tenantId },
    }),
  },
  {
    token: "sql:ServerAzureADOnlyAuthentication",
    id: `${SQL_SERVER}/azureADOnlyAuthentications/{authenticationName}`,
    autoname: "none",
    ...RUNS_LONG,
    existsByDefault: { azureADOnlyAuthentication: false },
    validate: fixedName("authenticationName", "Default"),
    admit: admitEntraOnly,
    compute: () => ({}),
  },
  {
    token: "sql:ExtendedServerBlobAuditingPolicy",
    id: `${SQL_SERVER}/extendedAuditingSettings/{blobAuditingPolicyName}`,
    autoname: "none",
    longRunning: { create: true, update: true },
    secretInputs: ["storageAccountAccessKey"],
    writeOnly: ["storageAccountAccessKey"],
    existsByDefault: { state: "Disabled" },
    validate: (inputs) => [
      ...fixedName("blobAuditingPolicyName", "default")(inputs),
      ...(inputs.state === "Enabled" &&
      inputs.storageEndpoint === undefined &&
      inputs.isAzureMonitorTargetEnabled !== true
        ? [
            {
              path: "isAzureMonitorTargetEnabled",
              reason: "must be true, or storageEndpoint given: audit records need a place",
            },
          ]
        : []),
    ],
    compute: () => ({}),
  },
  {
    token: "sql:BackupShortTermRetentionPolicy",
    id: `${SQL_DATABASE}/backupShortTermRetentionPolicies/{policyName}`,
    autoname: "none",
    longRunning: { create: true, update: true },
    existsByDefault: { retentionDays: 7, diffBackupIntervalInHours: 24 },
    validate: (inputs) => [...fixedName("policyName", "default")(inputs), ...shortTermFaults(inputs)],
    compute: () => ({}),
  },
  {
    token: "sql:LongTermRetentionPolicy",
    id: `${SQL_DATABASE}/backupLongTermRetentionPolicies/{policyName}`,
    autoname: "none",
    longRunning: { create: true, update: true },
    existsByDefault: {
      weeklyRetention: "PT0S",
      monthlyRetention: "PT0S",
      yearlyRetention: "PT0S",
      weekOfYear: 0,
    },
    validate: (inputs) => [...fixedName("policyName", "default")(inputs), ...retentionFaults(inputs)],
    compute: () => ({}),
  },
  {
    token: "sql:TransparentDataEncryption",
    id: `${SQL_DATABASE}/transparentDataEncryption/{tdeName}`,
    autoname: "none",
    longRunning: { create: true, update: true },
    existsByDefault: { state: "Enabled" },
    validate: fixedName("tdeName", "current"),
    compute: () => ({}),
  },
];
