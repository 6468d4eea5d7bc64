import { UNKNOWN } from "../ids";
import type { AdmitContext, ArmFault, ComputeContext, InputFault, Json, RowSpec } from "../model";
import { isJson } from "../paths";
import { identityOf, nameRule, propertiesOf } from "./helpers";
import { admitHostName, bindingName, domainVerificationId } from "./host-names";
import { GROUP, SITE, SLOT } from "./paths";
import { tierOf, WITHOUT_SLOTS } from "./plan-tiers";

const region = (value: unknown) =>
  String(value ?? "")
    .toLowerCase()
    .replaceAll(" ", "");

/** Length and characters of a site name: it becomes the first label of the host name. */
const siteName = nameRule(
  "name",
  /^[A-Za-z0-9][A-Za-z0-9-]{0,58}[A-Za-z0-9]$/,
  "2 to 60 letters, digits and hyphens, none at the ends",
);

function siteFaults(inputs: Json): InputFault[] {
  const site = isJson(inputs.siteConfig) ? inputs.siteConfig : {};
  const path = site.healthCheckPath;
  return [
    ...siteName(inputs),
    ...(typeof path === "string" && path !== UNKNOWN && !path.startsWith("/")
      ? [{ path: "siteConfig.healthCheckPath", reason: `${JSON.stringify(path)} must begin with "/"` }]
      : []),
    ...runtimeFaults(inputs.kind, site.linuxFxVersion),
    ...rampFaults(site.experiments),
  ];
}

/** Node.js is called `NODE|22-lts` by App Service on Linux (`az webapp list-runtimes`), and `Node|22` by Functions. */
function runtimeFaults(kind: unknown, runtime: unknown): InputFault[] {
  const [stack, version = ""] = String(runtime ?? "").split("|");
  if (stack?.toUpperCase() !== "NODE" || typeof kind !== "string" || !/linux/i.test(kind)) return [];
  const functions = /functionapp/i.test(kind);
  if ((functions ? /^\d+$/ : /^(?:\d+-)?lts$/i).test(version)) return [];
  return [
    {
      path: "siteConfig.linuxFxVersion",
      reason: `${JSON.stringify(runtime)} is no runtime of ${functions ? "Functions" : "App Service"} on Linux; allowed: ${functions ? "NODE|22" : "NODE|22-lts"} and other versions of this form`,
    },
  ];
}

/** Weights of ramp rules: each within 0 and 100, together not above 100. */
export function rampFaults(experiments: unknown, at = "siteConfig.experiments"): InputFault[] {
  const rules =
    isJson(experiments) && Array.isArray(experiments.rampUpRules) ? (experiments.rampUpRules as Json[]) : [];
  const weights = rules.map((rule) => Number(rule.reroutePercentage ?? 0));
  const wrong = weights.findIndex((weight) => !(weight >= 0 && weight <= 100));
  if (wrong >= 0)
    return [
      {
        path: `${at}.rampUpRules[${wrong}].reroutePercentage`,
        reason: `${weights[wrong]} is not allowed; allowed: 0 to 100`,
      },
    ];
  const sum = weights.reduce((left, right) => left + right, 0);
  return sum > 100
    ? [{ path: `${at}.rampUpRules`, reason: `the percentages add up to ${sum}; at most 100` }]
    : [];
}

function admitSite({ inputs, lookUp }: AdmitContext): ArmFault | undefined {
  const farm = inputs.serverFarmId;
  const plan = typeof farm === "string" ? lookUp(farm) : undefined;
  if (plan !== undefined && region(plan.body.location) !== region(inputs.location)) {
    return {
      status: 409,
      code: "Conflict",
      message: `The app is in "${String(inputs.location)}" and its App Service plan in "${String(plan.body.location)}"; both must be in the same region.`,
      target: "properties.serverFarmId",
    };
  }
  return undefined;
}

function admitSlot(context: AdmitContext): ArmFault | undefined {
  const parent = context.lookUp(context.id.replace(/\/slots\/[^/]+$/i, ""));
  const farm = context.inputs.serverFarmId ?? propertiesOf(parent?.body).serverFarmId;
  const plan = typeof farm === "string" ? context.lookUp(farm) : undefined;
  const sku = isJson(plan?.body.sku) ? plan.body.sku : {};
  const tier = String(sku.tier ?? tierOf(sku.name) ?? "");
  if (WITHOUT_SLOTS.has(tier)) {
    return {
      status: 409,
      code: "Conflict",
      message: `Cannot complete the operation because the site will exceed the number of slots allowed for the '${tier}' SKU.`,
      target: "name",
    };
  }
  return admitSite(context);
}

function siteOutputs(context: ComputeContext): Json {
  const { name, slot } = context.params;
  const host = slot === undefined ? `${name}.azurewebsites.net` : `${name}-${slot}.azurewebsites.net`;
  const parent = slot === undefined ? undefined : context.lookUp(context.id.replace(/\/slots\/[^/]+$/i, ""));
  const farm = propertiesOf(context.body).serverFarmId ?? propertiesOf(parent?.body).serverFarmId;
  const plan = typeof farm === "string" ? context.lookUp(farm) : undefined;
  const sku = isJson(plan?.body.sku) ? plan.body.sku : {};
  const before = propertiesOf(context.previous);
  return {
    ...identityOf(context),
    ...(slot === undefined ? {} : { name: `${name}/${slot}` }),
    properties: {
      serverFarmId: farm,
      customDomainVerificationId: domainVerificationId(context.subscriptionId),
      state: "Running",
      availabilityState: "Normal",
      usageState: "Normal",
      defaultHostName: host,
      hostNames: before.hostNames ?? [host],
      enabledHostNames: before.enabledHostNames ?? [host, host.replace(".", ".scm.")],
      repositorySiteName: name,
      resourceGroup: context.params.resourceGroupName,
      sku: sku.tier ?? tierOf(sku.name) ?? "Standard",
      isDefaultContainer: false,
      maxNumberOfWorkers: -1,
      lastModifiedTimeUtc: context.now(),
      outboundIpAddresses: "203.0.113.10,203.0.113.11",
      possibleOutboundIpAddresses: "203.0.113.10,203.0.113.11,203.0.113.12",
      inProgressOperationId: "",
      targetSwapSlot: "",
      trafficManagerHostNames: [],
      suspendedTill: "",
    },
  };
}

const site: Omit<RowSpec, "token" | "id"> = {
  immutable: ["hyperV", "isXenon", "reserved"],
  secretInputs: [
    "siteConfig.appSettings[*].value",
    "siteConfig.connectionStrings[*].connectionString",
    "siteConfig.azureStorageAccounts.*.accessKey",
  ],
  writeOnly: ["siteConfig", "cloningInfo"],
  mergedFrom: { siteConfig: "/config/web" },
  defaults: { enabled: true, httpsOnly: false },
  references: [
    { path: "serverFarmId", code: "NotFound" },
    { path: "virtualNetworkSubnetId", code: "BadRequest" },
    { path: "identity.userAssignedIdentities[*]", code: "FailedIdentityOperation" },
  ],
  validate: siteFaults,
  compute: siteOutputs,
};

const settings: Omit<RowSpec, "token" | "id"> = {
  secretInputs: ["properties"],
  secretOutputs: ["properties"],
  existsByDefault: {},
  readBy: "/list",
  // A value that is no string would reach the app as something else than what was written.
  compute: () => ({}),
};

const publishing: Omit<RowSpec, "token" | "id"> = { existsByDefault: { allow: true }, compute: () => ({}) };

export const web: RowSpec[] = [
  {
    token: "web:AppServicePlan",
    id: `${GROUP}/providers/Microsoft.Web/serverfarms/{name}`,
    heldBy: { token: "azure-native:web:WebApp", path: "serverFarmId", code: "Conflict" },
    immutable: ["reserved", "hyperV", "isXenon", "isSpot", "zoneRedundant", "hostingEnvironmentProfile"],
    longRunning: { create: true },
    validate: (inputs) => {
      const sku = isJson(inputs.sku) ? inputs.sku : {};
      const name = sku.name;
      const tier = tierOf(name);
      if (typeof name !== "string" || name === UNKNOWN) return [];
      if (tier === undefined)
        return [
          {
            path: "sku.name",
            reason: `${JSON.stringify(name)} is not a plan size; such as B1, S1, P1v3, EP1, Y1`,
          },
        ];
      const given = sku.tier;
      if (given !== undefined && given !== UNKNOWN && given !== tier) {
        return [
          { path: "sku.tier", reason: `${JSON.stringify(given)} does not go with ${name}; allowed: ${tier}` },
        ];
      }
      const linux = String(inputs.kind ?? "")
        .toLowerCase()
        .includes("linux");
      return linux && inputs.reserved !== true && inputs.reserved !== UNKNOWN
        ? [{ path: "reserved", reason: 'must be true for a plan of kind "linux"' }]
        : [];
    },
    compute: (context) => {
      const sku = isJson(context.body.sku) ? context.body.sku : {};
      const name = String(sku.name ?? "");
      const capacity = Number(sku.capacity ?? 1);
      return {
        ...identityOf(context),
        sku: { tier: tierOf(name), size: name, family: name.replace(/\d+m?/, ""), capacity },
        properties: {
          provisioningState: "Succeeded",
          status: "Ready",
          geoRegion: context.body.location,
          resourceGroup: context.params.resourceGroupName,
          subscription: context.subscriptionId,
          numberOfWorkers: capacity,
          maximumNumberOfWorkers: 30,
        },
      };
    },
  },
  { ...site, token: "web:WebApp", id: SITE, globalName: "Conflict", admit: admitSite },
  { ...site, token: "web:WebAppSlot", id: SLOT, admit: admitSlot, longRunning: { create: true } },
  { ...settings, token: "web:WebAppApplicationSettings", id: `${SITE}/config/appsettings` },
  { ...settings, token: "web:WebAppApplicationSettingsSlot", id: `${SLOT}/config/appsettings` },
  {
    token: "web:WebAppSlotConfigurationNames",
    id: `${SITE}/config/slotConfigNames`,
    existsByDefault: { appSettingNames: null, connectionStringNames: null, azureStorageConfigNames: null },
    compute: () => ({}),
  },
  { ...publishing, token: "web:WebAppFtpAllowed", id: `${SITE}/basicPublishingCredentialsPolicies/ftp` },
  { ...publishing, token: "web:WebAppFtpAllowedSlot", id: `${SLOT}/basicPublishingCredentialsPolicies/ftp` },
  { ...publishing, token: "web:WebAppScmAllowed", id: `${SITE}/basicPublishingCredentialsPolicies/scm` },
  { ...publishing, token: "web:WebAppScmAllowedSlot", id: `${SLOT}/basicPublishingCredentialsPolicies/scm` },
  {
    token: "web:WebAppHostNameBinding",
    id: `${SITE}/hostNameBindings/{hostName}`,
    autoname: "none",
    validate: bindingName,
    admit: admitHostName,
    compute: () => ({ properties: { virtualIP: "203.0.113.20" } }),
  },
  {
    token: "web:Certificate",
    id: `${GROUP}/providers/Microsoft.Web/certificates/{name}`,
    immutable: ["canonicalName", "hostNames"],
    secretInputs: ["password", "pfxBlob"],
    writeOnly: ["password", "pfxBlob"],
    references: [{ path: "serverFarmId", code: "NotFound" }],
    longRunning: { create: true },
    compute: (context) => {
      const properties = propertiesOf(context.body);
      const before = propertiesOf(context.previous);
      const subject = properties.canonicalName ?? context.params.name;
      const digits = context.guidFor("thumbprint").replaceAll("-", "").toUpperCase();
      return {
        properties: {
          thumbprint: `${digits}${digits.slice(0, 8)}`,
          subjectName: subject,
          hostNames: properties.hostNames ?? [subject],
          issuer: "Switchyard local CA",
          friendlyName: subject,
          issueDate: before.issueDate ?? context.now(),
          expirationDate:
            before.expirationDate ?? new Date(Date.parse(context.now()) + 180 * 86_400_000).toISOString(),
          valid: true,
        },
      };
    },
  },
  {
    token: "web:StaticSite",
    id: `${GROUP}/providers/Microsoft.Web/staticSites/{name}`,
    secretInputs: ["repositoryToken"],
    writeOnly: ["repositoryToken"],
    longRunning: { create: true, delete: true },
    compute: (context) => {
      const label = context.guidFor("static site").replaceAll("-", "").slice(0, 10);
      return {
        ...identityOf(context),
        properties: {
          defaultHostname: `local-${label}.1.azurestaticapps.net`,
          contentDistributionEndpoint: "https://content-local.infrastructure.1.azurestaticapps.net",
          customDomains: propertiesOf(context.previous).customDomains ?? [],
          keyVaultReferenceIdentity: "SystemAssigned",
          privateEndpointConnections: [],
          linkedBackends: [],
        },
      };
    },
    actions: {
      listSecrets: (context) => ({ properties: { apiKey: context.secretFor("deployment token") } }),
    },
  },
  {
    token: "web:StaticSiteCustomDomain",
    id: `${GROUP}/providers/Microsoft.Web/staticSites/{name}/customDomains/{domainName}`,
    autoname: "none",
    longRunning: { create: true, delete: true },
    compute: (context) => ({
      properties: {
        status: "Ready",
        createdOn: propertiesOf(context.previous).createdOn ?? context.now(),
        validationToken: context.guidFor("validation").replaceAll("-", ""),
        errorMessage: "",
      },
    }),
  },
];
