import type { AdmitContext, ArmFault, ComputeContext, InputFault, Json, RowSpec } from "../model";
import { isJson, valuesAt } from "../paths";
import { containerFaults, secretFaults, triggerFaults } from "./container-job-faults";
import { identityOf, nameRule, propertiesOf, succeeded } from "./helpers";
import { GROUP } from "./paths";

const ENVIRONMENT = `${GROUP}/providers/Microsoft.App/managedEnvironments/{environmentName}`;
const JOB = `${GROUP}/providers/Microsoft.App/jobs/{jobName}`;
const RUNS_LONG = { longRunning: { create: true, update: true, delete: true } };
const DELEGATION = "Microsoft.App/environments";
/** Of an environment with workload profiles, and of one without. */
const LONGEST_PREFIX = { profiles: 27, consumptionOnly: 23 } as const;

const bad = (code: string, message: string, target: string): ArmFault => ({
  status: 400,
  code,
  message,
  target,
});

function environmentFaults(inputs: Json): InputFault[] {
  const subnet = valuesAt(inputs, "vnetConfiguration.infrastructureSubnetId").length > 0;
  const flag = (path: string) => valuesAt(inputs, path).some(({ value }) => value === true);
  const logs = isJson(inputs.appLogsConfiguration) ? inputs.appLogsConfiguration : {};
  return [
    ...nameRule(
      "environmentName",
      /^[a-z](?:[a-z0-9]|-(?!-)){0,58}[a-z0-9]$/,
      "2 to 60 lower-case letters, digits and single hyphens, a letter first, no hyphen at the end",
    )(inputs),
    ...(flag("zoneRedundant") && !subnet
      ? [{ path: "zoneRedundant", reason: "needs vnetConfiguration.infrastructureSubnetId" }]
      : []),
    ...(flag("vnetConfiguration.internal") && !subnet
      ? [{ path: "vnetConfiguration.internal", reason: "needs vnetConfiguration.infrastructureSubnetId" }]
      : []),
    ...(flag("vnetConfiguration.internal") && inputs.publicNetworkAccess === "Enabled"
      ? [{ path: "publicNetworkAccess", reason: "must be Disabled for an internal environment" }]
      : []),
    ...(logs.destination === "log-analytics" && !isJson(logs.logAnalyticsConfiguration)
      ? [
          {
            path: "appLogsConfiguration.logAnalyticsConfiguration",
            reason: 'is required with destination "log-analytics"',
          },
        ]
      : []),
  ];
}

/** The subnet is the environment's alone: delegated to it, large enough, with nothing else in it. */
function admitEnvironment({ inputs, previous, lookUp }: AdmitContext): ArmFault | undefined {
  const network = isJson(inputs.vnetConfiguration) ? inputs.vnetConfiguration : {};
  const id = network.infrastructureSubnetId;
  const subnet = typeof id === "string" ? lookUp(id) : undefined;
  if (previous !== undefined || subnet === undefined) return undefined;
  const target = "properties.vnetConfiguration.infrastructureSubnetId";
  const { addressPrefix, delegations } = propertiesOf(subnet.body);
  const profiles = Array.isArray(inputs.workloadProfiles) && inputs.workloadProfiles.length > 0;
  const longest = profiles ? LONGEST_PREFIX.profiles : LONGEST_PREFIX.consumptionOnly;
  if (Number(String(addressPrefix).split("/")[1]) > longest) {
    return bad(
      "ManagedEnvironmentInvalidNetworkConfiguration",
      `The subnet '${String(id)}' has ${String(addressPrefix)}; the environment needs /${longest} or larger.`,
      target,
    );
  }
  const names = (Array.isArray(delegations) ? delegations : []).map((entry) =>
    isJson(entry) ? entry.serviceName : undefined,
  );
  if (profiles !== names.includes(DELEGATION)) {
    return bad(
      "ManagedEnvironmentSubnetDelegationError",
      profiles
        ? `The subnet '${String(id)}' must be delegated to ${DELEGATION}.`
        : `The subnet '${String(id)}' must not be delegated: an environment without workload profiles uses it as it is.`,
      target,
    );
  }
  return undefined;
}

function environmentOutputs(context: ComputeContext): Json {
  const { location } = context.body;
  const random = context.guidFor("domain").slice(0, 8);
  return {
    ...identityOf(context),
    ...succeeded({
      defaultDomain: `tasks-${random}.${String(location).toLowerCase().replace(/ /g, "")}.azurecontainerapps.io`,
      staticIp: "10.0.0.250",
      eventStreamEndpoint: `https://${String(location)}.azurecontainerapps.dev/events`,
      infrastructureResourceGroup: `ME_${context.params.environmentName}_${context.params.resourceGroupName}_${String(location)}`,
    }),
  };
}

function jobFaults(inputs: Json): InputFault[] {
  return [
    ...nameRule(
      "jobName",
      /^[a-z](?:[a-z0-9]|-(?!-)){0,30}[a-z0-9]$/,
      "2 to 32 lower-case letters, digits and single hyphens, a letter first, no hyphen at the end",
    )(inputs),
    ...(inputs.environmentId === undefined
      ? [{ path: "environmentId", reason: "is required and missing" }]
      : []),
    ...triggerFaults(inputs),
    ...secretFaults(inputs),
    ...containerFaults(inputs),
  ];
}

/** What Azure looks up while it makes a job: its environment's region and profiles, and each secret of the vault. */
function admitJob({ inputs, lookUp, id }: AdmitContext): ArmFault | undefined {
  const environment = lookUp(String(inputs.environmentId));
  if (environment === undefined) return undefined;
  const { location } = environment.body;
  if (sameRegion(location, inputs.location) === false) {
    return bad(
      "LocationMismatch",
      `The job is in ${String(inputs.location)} and its environment in ${String(location)}.`,
      "location",
    );
  }
  const { workloadProfiles } = propertiesOf(environment.body);
  const profiles = (Array.isArray(workloadProfiles) ? workloadProfiles : []).map((entry) =>
    String(isJson(entry) ? entry.name : ""),
  );
  const { workloadProfileName: profile } = inputs;
  if (profile !== undefined && !profiles.includes(String(profile))) {
    return bad(
      "WorkloadProfileNotFound",
      `The environment has no workload profile '${String(profile)}'; it has ${profiles.join(", ") || "none"}.`,
      "properties.workloadProfileName",
    );
  }
  const subscription = id.split("/").slice(0, 5).join("/");
  for (const { path, value } of valuesAt(inputs, "configuration.secrets[*].keyVaultUrl")) {
    const [, vault, secret] =
      /^https:\/\/([^.]+)\.vault\.azure\.net\/secrets\/([^/]+)/.exec(String(value)) ?? [];
    const known = lookUp(`${subscription}/providers/Microsoft.KeyVault/vaults/${vault}`) !== undefined;
    // A vault of another resource group is somebody else's to look into.
    if (!known) continue;
    if (
      lookUp(`${subscription}/providers/Microsoft.KeyVault/vaults/${vault}/secrets/${secret}`) === undefined
    )
      return bad(
        "ContainerAppSecretKeyVaultUrlInvalid",
        `The secret '${secret}' cannot be read from the vault '${vault}'.`,
        `properties.${path}`,
      );
  }
  return undefined;
}

function sameRegion(left: unknown, right: unknown): boolean {
  const plain = (value: unknown) => String(value).toLowerCase().replace(/ /g, "");
  return plain(left) === plain(right);
}

/** Azure Container Apps: environments, and jobs in them. Executions of a job are the server's. */
export const containerApps: RowSpec[] = [
  {
    token: "app:ManagedEnvironment",
    id: ENVIRONMENT,
    ...RUNS_LONG,
    immutable: ["vnetConfiguration", "zoneRedundant", "infrastructureResourceGroup", "kind"],
    secretInputs: [
      "appLogsConfiguration.logAnalyticsConfiguration.sharedKey",
      "customDomainConfiguration.certificatePassword",
      "customDomainConfiguration.certificateValue",
      "daprAIConnectionString",
      "daprAIInstrumentationKey",
    ],
    writeOnly: [
      "appLogsConfiguration.logAnalyticsConfiguration.sharedKey",
      "daprAIConnectionString",
      "daprAIInstrumentationKey",
    ],
    defaults: { zoneRedundant: false },
    references: [
      {
        path: "vnetConfiguration.infrastructureSubnetId",
        code: "ManagedEnvironmentInvalidNetworkConfiguration",
      },
    ],
    heldBy: {
      token: "azure-native:app:Job",
      path: "environmentId",
      code: "ManagedEnvironmentHasContainerApps",
    },
    validate: environmentFaults,
    admit: admitEnvironment,
    compute: environmentOutputs,
  },
  {
    token: "app:Job",
    id: JOB,
    ...RUNS_LONG,
    immutable: ["environmentId"],
    secretInputs: ["configuration.secrets[*].value"],
    writeOnly: ["configuration.secrets[*].value"],
    references: [
      { path: "environmentId", code: "ManagedEnvironmentNotFound" },
      { path: "identity.userAssignedIdentities[*]", code: "FailedIdentityOperation" },
    ],
    validate: jobFaults,
    admit: admitJob,
    compute: (context) => ({
      ...identityOf(context),
      ...succeeded({
        runningState: "Ready",
        outboundIpAddresses: [],
        eventStreamEndpoint: `https://${String(context.body.location)}.azurecontainerapps.dev${context.id}/eventstream`,
      }),
    }),
  },
];
