import type { InputFault, Json, RowSpec } from "../model";
import { isJson, valuesAt } from "../paths";
import { nameRule, propertiesOf } from "./helpers";
import { POSTGRES } from "./paths";

const RUNS_LONG = { longRunning: { create: true, update: true, delete: true } };
const RESERVED_LOGINS = [
  "azure_superuser",
  "azure_pg_admin",
  "admin",
  "administrator",
  "root",
  "guest",
  "public",
];
const SIZE_FAMILY: Record<string, RegExp> = {
  Burstable: /^Standard_B/,
  GeneralPurpose: /^Standard_D/,
  MemoryOptimized: /^Standard_E/,
};
const STORAGE_GB = [32, 64, 128, 256, 512, 1024, 2048, 4095, 4096, 8192, 16384, 32767, 32768];

const at = (inputs: Json, path: string) => valuesAt(inputs, path)[0]?.value;

function serverFaults(inputs: Json): InputFault[] {
  const faults: InputFault[] = [];
  const refuse = (when: boolean, path: string, reason: string) => {
    if (when) faults.push({ path, reason });
  };
  const fresh = ["Default", "Create", undefined].includes(inputs.createMode as string | undefined);
  for (const name of ["sku", "storage", "version"]) {
    refuse(fresh && inputs[name] === undefined, name, "is required and missing");
  }
  const passwords = at(inputs, "authConfig.passwordAuth") !== "Disabled";
  const directory = at(inputs, "authConfig.activeDirectoryAuth") === "Enabled";
  refuse(!passwords && !directory, "authConfig", "must leave one way to sign in on");
  for (const name of ["administratorLogin", "administratorLoginPassword"]) {
    refuse(
      fresh && passwords && inputs[name] === undefined,
      name,
      "is required with password authentication",
    );
  }
  const login = inputs.administratorLogin;
  refuse(
    typeof login === "string" &&
      (RESERVED_LOGINS.includes(login.toLowerCase()) || login.toLowerCase().startsWith("pg_")),
    "administratorLogin",
    `${JSON.stringify(login)} is reserved`,
  );
  const password = inputs.administratorLoginPassword;
  refuse(
    typeof password === "string" &&
      !password.startsWith("04da6b54-") &&
      (password.length < 8 || password.length > 128),
    "administratorLoginPassword",
    "has 8 to 128 characters",
  );
  const [tier, size] = [String(at(inputs, "sku.tier")), String(at(inputs, "sku.name"))];
  refuse(SIZE_FAMILY[tier]?.test(size) === false, "sku.name", `${size} is no size of the tier ${tier}`);
  const days = at(inputs, "backup.backupRetentionDays");
  refuse(
    typeof days === "number" && (days < 7 || days > 35),
    "backup.backupRetentionDays",
    `${String(days)} is not allowed; allowed: 7 to 35`,
  );
  const gigabytes = at(inputs, "storage.storageSizeGB");
  const premium = at(inputs, "storage.type") !== "PremiumV2_LRS";
  refuse(
    typeof gigabytes === "number" && premium && !STORAGE_GB.includes(gigabytes),
    "storage.storageSizeGB",
    `${String(gigabytes)} is not allowed; allowed: ${STORAGE_GB.join(", ")}`,
  );
  const availability = at(inputs, "highAvailability.mode");
  const available = availability !== undefined && availability !== "Disabled";
  refuse(
    available && tier === "Burstable",
    "highAvailability.mode",
    "is not available in the tier Burstable",
  );
  refuse(
    availability === "ZoneRedundant" &&
      Boolean(inputs.availabilityZone) &&
      inputs.availabilityZone === at(inputs, "highAvailability.standbyAvailabilityZone"),
    "highAvailability.standbyAvailabilityZone",
    "must differ from availabilityZone",
  );
  const subnet = at(inputs, "network.delegatedSubnetResourceId");
  const zone = at(inputs, "network.privateDnsZoneArmResourceId");
  refuse(
    subnet !== undefined && zone === undefined,
    "network.privateDnsZoneArmResourceId",
    "is required with delegatedSubnetResourceId",
  );
  refuse(
    typeof zone === "string" && zone.startsWith("/") && !/\.postgres\.database\.azure\.com$/i.test(zone),
    "network.privateDnsZoneArmResourceId",
    "must be a zone below postgres.database.azure.com",
  );
  refuse(
    subnet !== undefined && at(inputs, "network.publicNetworkAccess") === "Enabled",
    "network.publicNetworkAccess",
    "cannot be Enabled with delegatedSubnetResourceId",
  );
  return faults;
}

/** Azure Database for PostgreSQL, flexible server. */
export const postgresql: RowSpec[] = [
  {
    token: "dbforpostgresql:Server",
    id: POSTGRES,
    ...RUNS_LONG,
    globalName: "ServerNameAlreadyExists",
    immutable: [
      "administratorLogin",
      "backup.geoRedundantBackup",
      "network.delegatedSubnetResourceId",
      "storage.type",
      "sourceServerResourceId",
      "pointInTimeUTC",
    ],
    secretInputs: ["administratorLoginPassword"],
    writeOnly: ["administratorLoginPassword", "createMode"],
    defaults: {
      backup: { backupRetentionDays: 7, geoRedundantBackup: "Disabled" },
      authConfig: { passwordAuth: "Enabled", activeDirectoryAuth: "Disabled" },
    },
    references: [
      { path: "network.delegatedSubnetResourceId", code: "InvalidParameterValue" },
      { path: "network.privateDnsZoneArmResourceId", code: "InvalidParameterValue" },
      { path: "sourceServerResourceId", code: "InvalidParameterValue" },
    ],
    validate: (inputs) => [
      ...nameRule(
        "serverName",
        /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
        "3 to 63 lower-case letters, digits and hyphens, no hyphen at the ends",
      )(inputs),
      ...serverFaults(inputs),
    ],
    admit: ({ inputs, previous, lookUp }) => {
      const before = propertiesOf(previous);
      const shrunk =
        Number(at(before, "storage.storageSizeGB")) > Number(at(inputs, "storage.storageSizeGB"));
      const older = Number(before.version) > Number(inputs.version);
      if (shrunk || older) {
        const what = shrunk ? "storage.storageSizeGB" : "version";
        return {
          status: 400,
          code: "InvalidParameterValue",
          message: `The ${what} of a server cannot be lowered.`,
          target: `properties.${what}`,
        };
      }
      const subnet = lookUp(String(at(inputs, "network.delegatedSubnetResourceId") ?? ""));
      const services = valuesAt(propertiesOf(subnet?.body), "delegations[*].serviceName").map(
        ({ value }) => value,
      );
      return subnet === undefined || services.includes("Microsoft.DBforPostgreSQL/flexibleServers")
        ? undefined
        : {
            status: 400,
            code: "InvalidParameterValue",
            message: `The subnet ${subnet.id} is not delegated to Microsoft.DBforPostgreSQL/flexibleServers.`,
            target: "properties.network.delegatedSubnetResourceId",
          };
    },
    compute: (context) => ({
      properties: {
        state: "Ready",
        backup: {
          earliestRestoreDate:
            at(propertiesOf(context.previous), "backup.earliestRestoreDate") ?? context.now(),
        },
        fullyQualifiedDomainName: `${context.params.serverName}.postgres.database.azure.com`,
        minorVersion: "4",
        privateEndpointConnections: [],
        replicaCapacity: 5,
      },
    }),
  },
  {
    token: "dbforpostgresql:Database",
    id: `${POSTGRES}/databases/{databaseName}`,
    longRunning: { create: true, delete: true },
    immutable: ["charset", "collation"],
    defaults: { charset: "UTF8", collation: "en_US.utf8" },
    validate: nameRule(
      "databaseName",
      /^[A-Za-z_][\w-]{0,62}$/,
      "1 to 63 letters, digits, _ and hyphens, no digit first",
    ),
    compute: () => ({}),
  },
  {
    token: "dbforpostgresql:Configuration",
    id: `${POSTGRES}/configurations/{configurationName}`,
    longRunning: { update: true, create: true },
    existsByDefault: { source: "system-default" },
    validate: (inputs) =>
      inputs.value === undefined && inputs.source === "user-override"
        ? [{ path: "value", reason: "is required with source user-override" }]
        : [],
    compute: () => ({ properties: { isReadOnly: false, isConfigPendingRestart: false } }),
  },
  {
    token: "dbforpostgresql:FirewallRule",
    id: `${POSTGRES}/firewallRules/{firewallRuleName}`,
    ...RUNS_LONG,
    admit: ({ id, lookUp }) => {
      const network = propertiesOf(
        lookUp(id.slice(0, id.toLowerCase().lastIndexOf("/firewallrules/")))?.body,
      ).network;
      return isJson(network) && network.delegatedSubnetResourceId !== undefined
        ? {
            status: 400,
            code: "FirewallRuleNotAllowed",
            message: "A server in a virtual network takes no firewall rule.",
          }
        : undefined;
    },
    compute: () => ({}),
  },
  {
    token: "dbforpostgresql:AdministratorsMicrosoftEntra",
    id: `${POSTGRES}/administrators/{objectId}`,
    autoname: "none",
    ...RUNS_LONG,
    immutable: ["principalName", "principalType", "tenantId"],
    validate: (inputs) =>
      ["principalName", "principalType", "tenantId"]
        .filter((name) => inputs[name] === undefined)
        .map((name) => ({ path: name, reason: "is required and missing" })),
    admit: ({ id, lookUp }) => {
      const auth = propertiesOf(
        lookUp(id.slice(0, id.toLowerCase().lastIndexOf("/administrators/")))?.body,
      ).authConfig;
      return isJson(auth) && auth.activeDirectoryAuth === "Enabled"
        ? undefined
        : {
            status: 400,
            code: "AadAuthNotEnabled",
            message:
              "Microsoft Entra authentication is not enabled on the server: an administrator cannot be added.",
          };
    },
    compute: () => ({}),
  },
];
