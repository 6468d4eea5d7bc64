import { describe, listAt, objectsAt, optional, requiredText } from "../read";
import type { DeclaredResource } from "../resource";

const rules = "customRules.rules";

/** Paths of a firewall's own rules that are switched on. */
export function enabledRulesOf(policy: DeclaredResource): readonly string[] {
  return objectsAt(policy, rules)
    .map((_rule, index) => `${rules}.${index}`)
    .filter((path) => (optional(policy, `${path}.enabledState`) ?? "Enabled") === "Enabled");
}

/** Who a blocking rule spares: nobody, or addresses that it names. */
export type Blocked = "everybody" | "outsiders" | undefined;

/** Whom a rule refuses that asks for an address (`https://host/path`); undefined when it lets the request pass. */
export function blockedBy(policy: DeclaredResource, rule: string, address: string): Blocked {
  if (optional(policy, `${rule}.ruleType`) !== "MatchRule" || optional(policy, `${rule}.action`) !== "Block")
    return undefined;
  let blocked: Blocked = "everybody";
  for (const index of objectsAt(policy, `${rule}.matchConditions`).keys()) {
    const condition = `${rule}.matchConditions.${index}`;
    if (namesAddresses(policy, condition) && optional(policy, `${condition}.negateCondition`) === true)
      blocked = "outsiders";
    else if (!matches(policy, condition, address)) return undefined;
  }
  return blocked;
}

/** Whether a condition compares the address that a request comes from. */
export function namesAddresses(policy: DeclaredResource, condition: string): boolean {
  return ["SocketAddr", "RemoteAddr"].includes(requiredText(policy, `${condition}.matchVariable`));
}

/** Whether a condition is true of a request for an address. */
export function matches(policy: DeclaredResource, condition: string, address: string): boolean {
  if (requiredText(policy, `${condition}.matchVariable`) !== "RequestUri") return false;
  const transforms = listAt(policy, `${condition}.transforms`);
  const decoded = transforms.includes("UrlDecode") ? decodeURIComponent(address) : address;
  const asked = transforms.includes("Lowercase") ? decoded.toLowerCase() : decoded;
  const operator = requiredText(policy, `${condition}.operator`);
  const found = listAt(policy, `${condition}.matchValue`).some((value) => {
    const text = String(value);
    if (operator === "RegEx") return new RegExp(text).test(asked);
    if (operator === "Contains") return asked.includes(text);
    return operator === "BeginsWith" && asked.startsWith(text);
  });
  return (optional(policy, `${condition}.negateCondition`) === true) !== found;
}

/** Spellings of a path that one server or another answers alike. */
export function spellingsOf(path: string): readonly string[] {
  const encoded = `${path.slice(0, 1)}%${path.charCodeAt(1).toString(16)}${path.slice(2)}`;
  const host = "https://host.example";
  return [
    `${host}${path}`,
    `${host}:443${path}`,
    `${host}${path}/`,
    `${host}${path}/more`,
    `${host}${path}?name=value`,
    `${host}${path.toUpperCase()}`,
    `${host}${encoded}`,
  ];
}

/** A rule as a message names it. */
export function ruleName(policy: DeclaredResource, rule: string): string {
  return describe(optional(policy, `${rule}.name`));
}
