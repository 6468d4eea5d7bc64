import { asJson, asList, type Json } from "./json";
import { type CloudResource, keyOf, propertiesOf, type Resources } from "./resources";

/** A host that Front Door answers for. */
export interface EdgeHost {
  readonly host: string;
  /** Host of the origin, to which requests go with the client's own host name. */
  readonly originHost: string;
  /** Headers that the rules set on every answer. */
  readonly responseHeaders: readonly EdgeHeader[];
  /** Whether the firewall refuses a request, by its whole address: `https://host:443/path?query`. */
  blocks(address: string): boolean;
}

export interface EdgeHeader {
  readonly action: "Overwrite" | "Append" | "Delete";
  readonly name: string;
  readonly value: string;
}

/** Hosts of Front Door's routes that are enabled, with an origin that is. */
export function edgeHosts(resources: Resources): Map<string, EdgeHost> {
  const hosts = new Map<string, EdgeHost>();
  const firewalls = firewallsByDomain(resources);
  for (const route of resources.all("cdn:Route")) {
    const properties = propertiesOf(route);
    const originHost = originOf(resources, idIn(properties.originGroup));
    if (properties.enabledState === "Disabled" || originHost === undefined) continue;
    const responseHeaders = asList(properties.ruleSets).flatMap((set) => headersOf(resources, idIn(set)));
    const domains = asList(properties.customDomains).map(idIn);
    const endpoint = route.id.replace(/\/routes\/[^/]+$/i, "");
    const ids = properties.linkToDefaultDomain === "Enabled" ? [...domains, endpoint] : domains;
    for (const id of ids) {
      const host = String(propertiesOf(resources.get(id) ?? nowhere).hostName ?? "").toLowerCase();
      if (host === "") continue;
      const blocked = firewalls.get(keyOf(id)) ?? [];
      hosts.set(host, {
        host,
        originHost,
        responseHeaders,
        blocks: (address) => blocked.some((matches) => matches(address)),
      });
    }
  }
  return hosts;
}

const nowhere: CloudResource = { id: "", token: "", body: {} };

function idIn(reference: unknown): string {
  return String(asJson(reference).id ?? "");
}

function childrenOf(resources: Resources, token: string, parent: string): CloudResource[] {
  return resources.all(token).filter(({ id }) => keyOf(id).startsWith(`${keyOf(parent)}/`));
}

function originOf(resources: Resources, group: string): string | undefined {
  const origin = childrenOf(resources, "cdn:AFDOrigin", group).find(
    (candidate) => propertiesOf(candidate).enabledState !== "Disabled",
  );
  return origin && String(propertiesOf(origin).hostName).toLowerCase();
}

function headersOf(resources: Resources, ruleSet: string): EdgeHeader[] {
  return childrenOf(resources, "cdn:Rule", ruleSet)
    .sort((left, right) => Number(propertiesOf(left).order) - Number(propertiesOf(right).order))
    .flatMap((rule) => asList(propertiesOf(rule).actions).map(asJson))
    .filter(({ name }) => name === "ModifyResponseHeader")
    .map(({ parameters }) => {
      const { headerAction, headerName, value } = asJson(parameters);
      return {
        action: headerAction as EdgeHeader["action"],
        name: String(headerName).toLowerCase(),
        value: String(value ?? ""),
      };
    });
}

type PathMatch = (address: string) => boolean;

/** Rules that block by path, by the id of the domain that they guard. */
function firewallsByDomain(resources: Resources): Map<string, readonly PathMatch[]> {
  const found = new Map<string, readonly PathMatch[]>();
  for (const policy of resources.all("cdn:SecurityPolicy")) {
    const { wafPolicy, associations } = asJson(propertiesOf(policy).parameters);
    const firewall = resources.get(idIn(wafPolicy));
    if (firewall === undefined) continue;
    const rules = blockedPaths(propertiesOf(firewall));
    for (const association of asList(associations)) {
      for (const domain of asList(asJson(association).domains)) found.set(keyOf(idIn(domain)), rules);
    }
  }
  return found;
}

/**
 * Only rules of which every condition looks at the path: by address everybody on this machine counts as let through, and
 * rates and managed rule sets are not imitated.
 */
function blockedPaths({ policySettings, customRules }: Json): readonly PathMatch[] {
  const { enabledState, mode } = asJson(policySettings);
  if (enabledState === "Disabled" || mode === "Detection") return [];
  return asList(asJson(customRules).rules)
    .map(asJson)
    .filter(
      ({ ruleType, action, enabledState: on }) =>
        ruleType === "MatchRule" && action === "Block" && on !== "Disabled",
    )
    .map(({ matchConditions }) => asList(matchConditions).map(asJson))
    .filter(
      (conditions) =>
        conditions.length > 0 && conditions.every(({ matchVariable }) => matchVariable === "RequestUri"),
    )
    .map((conditions) => {
      const tests = conditions.map(pathTest);
      return (path) => tests.every((test) => test(path));
    });
}

function pathTest({ operator, matchValue, negateCondition, transforms }: Json): PathMatch {
  const lower = asList(transforms).includes("Lowercase");
  const decode = asList(transforms).includes("UrlDecode");
  const values = asList(matchValue).map(String);
  const patterns = operator === "RegEx" ? values.map((value) => new RegExp(value)) : [];
  return (path) => {
    const decoded = decode ? decodedPath(path) : path;
    const text = lower ? decoded.toLowerCase() : decoded;
    const hit =
      operator === "RegEx"
        ? patterns.some((pattern) => pattern.test(text))
        : values.some((value) => plainMatch(String(operator), text, value));
    return hit !== (negateCondition === true);
  };
}

function plainMatch(operator: string, text: string, value: string): boolean {
  switch (operator) {
    case "BeginsWith":
      return text.startsWith(value);
    case "EndsWith":
      return text.endsWith(value);
    case "Contains":
      return text.includes(value);
    case "Equal":
      return text === value;
    default:
      return false;
  }
}

function decodedPath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch (error) {
    if (error instanceof URIError) return path;
    throw error;
  }
}
