import type { AdmitContext, ArmFault, InputFault, Json, RowSpec } from "../model";
import { isJson, valuesAt } from "../paths";
import { nameRule, propertiesOf, succeeded } from "./helpers";
import { FRONT_DOOR, GROUP } from "./paths";

const RUNS_LONG = { longRunning: { create: true, update: true, delete: true } };
const compute: RowSpec["compute"] = () => succeeded({ deploymentStatus: "NotStarted" });

const refused = (message: string, target: string): ArmFault => ({
  status: 400,
  code: "BadRequest",
  message,
  target,
});

const profileOf = (id: string) => /^.*?\/profiles\/[^/]+/i.exec(id)![0];

/** Rule sets of Azure's own need Premium (Microsoft Learn, "Azure Front Door tier comparison"). */
function wafFaults(inputs: Json): InputFault[] {
  const faults = nameRule(
    "policyName",
    /^[A-Za-z][A-Za-z0-9]{0,127}$/,
    "1 to 128 letters and digits, a letter first",
  )(inputs);
  const rules = valuesAt(inputs, "customRules.rules[*]").filter(({ value }) => isJson(value));
  const seen = { name: new Set<unknown>(), priority: new Set<unknown>() };
  for (const { path, value } of rules) {
    const rule = value as Json;
    for (const key of ["name", "priority"] as const) {
      if (rule[key] !== undefined && seen[key].has(rule[key]))
        faults.push({ path: `${path}.${key}`, reason: `${JSON.stringify(rule[key])} is used twice` });
      seen[key].add(rule[key]);
    }
    if (typeof rule.name === "string" && !/^[A-Za-z][A-Za-z0-9]{0,127}$/.test(rule.name))
      faults.push({ path: `${path}.name`, reason: "has letters and digits, a letter first" });
    if (Array.isArray(rule.matchConditions) && rule.matchConditions.length === 0)
      faults.push({ path: `${path}.matchConditions`, reason: "must hold at least one condition" });
    if (rule.ruleType !== "RateLimitRule") continue;
    const { rateLimitThreshold: threshold, rateLimitDurationInMinutes: minutes } = rule;
    if (typeof threshold !== "number" || threshold < 10)
      faults.push({
        path: `${path}.rateLimitThreshold`,
        reason: "is required for a RateLimitRule, at least 10",
      });
    if (minutes !== 1 && minutes !== 5)
      faults.push({
        path: `${path}.rateLimitDurationInMinutes`,
        reason: "must be 1 or 5 for a RateLimitRule",
      });
  }
  const sku = valuesAt(inputs, "sku.name")[0]?.value;
  const managed = valuesAt(inputs, "managedRules.managedRuleSets[*]");
  if (managed.length > 0 && sku === "Standard_AzureFrontDoor")
    faults.push({ path: "managedRules", reason: "need sku.name Premium_AzureFrontDoor" });
  for (const { path, value } of managed) {
    if (!isJson(value)) continue;
    const scored = value.ruleSetType === "Microsoft_DefaultRuleSet" && Number(value.ruleSetVersion) >= 2;
    if (scored !== (value.ruleSetAction !== undefined))
      faults.push({
        path: `${path}.ruleSetAction`,
        reason: `is ${scored ? "required for" : "not allowed on"} ${String(value.ruleSetType)} ${String(value.ruleSetVersion)}`,
      });
  }
  return faults;
}

function admitSecurityPolicy({ id, inputs, lookUp, below }: AdmitContext): ArmFault | undefined {
  const profile = lookUp(profileOf(id));
  const wafId = valuesAt(inputs, "parameters.wafPolicy.id")[0]?.value;
  const waf = lookUp(String(wafId));
  const skus = [profile, waf].map((stored) => (isJson(stored?.body.sku) ? stored.body.sku.name : undefined));
  if (profile !== undefined && waf !== undefined && skus[0] !== skus[1]) {
    return refused(
      `The WAF policy has sku ${String(skus[1])}, the profile ${String(skus[0])}; both must be the same.`,
      "properties.parameters.wafPolicy",
    );
  }
  const domains = (body: Json) =>
    valuesAt(body, "parameters.associations[*].domains[*].id").map(({ value }) =>
      String(value).toLowerCase(),
    );
  const mine = new Set(domains(inputs));
  const other = below(`${profileOf(id)}/securityPolicies/`).find(
    (entry) =>
      entry.id.toLowerCase() !== id.toLowerCase() &&
      domains(propertiesOf(entry.body)).some((domain) => mine.has(domain)),
  );
  return other === undefined
    ? undefined
    : refused(`A domain of this policy is in ${other.id} already.`, "properties.parameters.associations");
}

/** A private link is a matter of the whole group, and of Premium. */
export function admitOrigin({ id, inputs, lookUp, below }: AdmitContext): ArmFault | undefined {
  const isPrivate = inputs.sharedPrivateLinkResource !== undefined;
  const sku = lookUp(profileOf(id))?.body.sku;
  if (isPrivate && isJson(sku) && sku.name !== "Premium_AzureFrontDoor") {
    return refused(
      "Private Link to an origin needs a profile of sku Premium_AzureFrontDoor.",
      "properties.sharedPrivateLinkResource",
    );
  }
  const other = below(`${id.slice(0, id.lastIndexOf("/"))}/`).find(
    (entry) =>
      entry.id.toLowerCase() !== id.toLowerCase() &&
      (propertiesOf(entry.body).sharedPrivateLinkResource !== undefined) !== isPrivate,
  );
  return other === undefined
    ? undefined
    : refused(
        "An origin group holds private origins or public ones, not both.",
        "properties.sharedPrivateLinkResource",
      );
}

export function originFaults(inputs: Json): InputFault[] {
  const link = isJson(inputs.sharedPrivateLinkResource) ? inputs.sharedPrivateLinkResource : undefined;
  return [
    ...(inputs.hostName === undefined ? [{ path: "hostName", reason: "is required and missing" }] : []),
    ...(link === undefined
      ? []
      : ["privateLink", "privateLinkLocation", "requestMessage"]
          .filter((name) => link[name] === undefined)
          .map((name) => ({ path: `sharedPrivateLinkResource.${name}`, reason: "is required and missing" }))),
  ];
}

/** A route whose group has no enabled origin, or whose pattern another route of the host has. */
export function admitRoute({ id, inputs, below }: AdmitContext): ArmFault | undefined {
  const group = valuesAt(inputs, "originGroup.id")[0]?.value;
  const origins = below(`${String(group)}/origins/`);
  if (group !== undefined && !origins.some(({ body }) => propertiesOf(body).enabledState !== "Disabled")) {
    return refused(`The origin group ${String(group)} has no enabled origin.`, "properties.originGroup");
  }
  const hosts = (body: Json) => [
    ...(body.linkToDefaultDomain === "Enabled" ? ["default"] : []),
    ...valuesAt(body, "customDomains[*].id").map(({ value }) => String(value).toLowerCase()),
  ];
  const patterns = (body: Json) => valuesAt(body, "patternsToMatch[*]").map(({ value }) => value);
  const taken = below(`${id.slice(0, id.lastIndexOf("/"))}/`).find((entry) => {
    const held = propertiesOf(entry.body);
    return (
      entry.id.toLowerCase() !== id.toLowerCase() &&
      hosts(held).some((host) => hosts(inputs).includes(host)) &&
      patterns(held).some((pattern) => patterns(inputs).includes(pattern))
    );
  });
  return taken === undefined
    ? undefined
    : {
        status: 409,
        code: "Conflict",
        message: `A domain and pattern of this route are those of ${taken.id}.`,
      };
}

export const routeReferences = ["originGroup.id", "customDomains[*].id", "ruleSets[*].id"].map((path) => ({
  path,
  code: "BadRequest",
}));

/** Front Door beyond origins and routes: domains, rules, and the firewall in front. */
export const edge: RowSpec[] = [
  {
    token: "cdn:AFDCustomDomain",
    id: `${FRONT_DOOR}/customDomains/{customDomainName}`,
    ...RUNS_LONG,
    immutable: ["hostName"],
    references: [{ path: "azureDnsZone.id", code: "BadRequest" }],
    heldBy: { token: "azure-native:cdn:Route", path: "customDomains[*].id", code: "Conflict" },
    validate: (inputs) => {
      const tls = isJson(inputs.tlsSettings) ? inputs.tlsSettings : {};
      return tls.certificateType === "CustomerCertificate" && tls.secret === undefined
        ? [{ path: "tlsSettings.secret", reason: "is required with certificateType CustomerCertificate" }]
        : [];
    },
    admit: ({ id, inputs, below }) => {
      const host = String(inputs.hostName).toLowerCase();
      const other = below(`${profileOf(id)}/customDomains/`).find(
        (entry) =>
          entry.id.toLowerCase() !== id.toLowerCase() &&
          String(propertiesOf(entry.body).hostName).toLowerCase() === host,
      );
      return (
        other && { status: 409, code: "Conflict", message: `The host name ${host} is in use by ${other.id}.` }
      );
    },
    compute: (context) =>
      succeeded({
        deploymentStatus: "NotStarted",
        domainValidationState: "Pending",
        validationProperties: {
          validationToken: context.guidFor("validation").replaceAll("-", ""),
          expirationDate:
            propertiesOf(propertiesOf(context.previous).validationProperties as Json).expirationDate ??
            context.now(),
        },
      }),
  },
  {
    token: "cdn:RuleSet",
    id: `${FRONT_DOOR}/ruleSets/{ruleSetName}`,
    ...RUNS_LONG,
    heldBy: { token: "azure-native:cdn:Route", path: "ruleSets[*].id", code: "Conflict" },
    validate: nameRule(
      "ruleSetName",
      /^[A-Za-z][A-Za-z0-9]{0,59}$/,
      "1 to 60 letters and digits, a letter first",
    ),
    compute,
  },
  {
    token: "cdn:Rule",
    id: `${FRONT_DOOR}/ruleSets/{ruleSetName}/rules/{ruleName}`,
    ...RUNS_LONG,
    defaults: { matchProcessingBehavior: "Continue" },
    validate: (inputs) => {
      const length = (name: string) => (Array.isArray(inputs[name]) ? (inputs[name] as unknown[]).length : 0);
      return [
        ...nameRule(
          "ruleName",
          /^[A-Za-z][A-Za-z0-9]{0,259}$/,
          "1 to 260 letters and digits, a letter first",
        )(inputs),
        ...(["actions", "order"] as const)
          .filter((name) => inputs[name] === undefined)
          .map((name) => ({ path: name, reason: "is required and missing" })),
        ...(length("actions") > 5 ? [{ path: "actions", reason: "takes at most 5 actions" }] : []),
        ...(length("conditions") > 10 ? [{ path: "conditions", reason: "takes at most 10 conditions" }] : []),
      ];
    },
    admit: ({ id, inputs, below }) => {
      const other = below(`${id.slice(0, id.lastIndexOf("/"))}/`).find(
        (entry) =>
          entry.id.toLowerCase() !== id.toLowerCase() && propertiesOf(entry.body).order === inputs.order,
      );
      return (
        other && refused(`The order ${String(inputs.order)} is that of ${other.id}.`, "properties.order")
      );
    },
    compute,
  },
  {
    token: "cdn:SecurityPolicy",
    id: `${FRONT_DOOR}/securityPolicies/{securityPolicyName}`,
    ...RUNS_LONG,
    references: [
      { path: "parameters.wafPolicy.id", code: "BadRequest" },
      { path: "parameters.associations[*].domains[*].id", code: "BadRequest" },
    ],
    admit: admitSecurityPolicy,
    compute,
  },
  {
    token: "frontdoor:Policy",
    id: `${GROUP}/providers/Microsoft.Network/FrontDoorWebApplicationFirewallPolicies/{policyName}`,
    ...RUNS_LONG,
    immutable: ["sku.name"],
    heldBy: { token: "azure-native:cdn:SecurityPolicy", path: "parameters.wafPolicy.id", code: "Conflict" },
    validate: wafFaults,
    compute: () =>
      succeeded({
        resourceState: "Enabled",
        frontendEndpointLinks: [],
        routingRuleLinks: [],
        securityPolicyLinks: [],
      }),
  },
];
