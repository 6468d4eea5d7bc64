import { describe, objectsAt, required, requiredText } from "../read";
import type { DeclaredResource } from "../resource";
import { type Finding, violation } from "../verdict";

/** A range with a shorter prefix holds more addresses than any one owner has. */
const shortestPrefix = 8;

/** Whether an IP rule admits everybody: a range of the whole internet, or 0.0.0.0, by which Azure means all its customers. */
export function admitsEverybody(range: string): boolean {
  const [address = "", prefix = "32"] = range.trim().split("/");
  return /^0*\.|^0+$/.test(address) || !(Number(prefix) >= shortestPrefix);
}

/** Findings about the IP rules at a path, whose addresses stand under `key`. */
export function judgeIpRules(resource: DeclaredResource, path: string, key: string): readonly Finding[] {
  return objectsAt(resource, path)
    .filter((rule) => admitsEverybody(requiredText(rule, key)))
    .map(() =>
      violation(
        resource.urn,
        `${path} must hold no 0.0.0.0 and no range wider than /${shortestPrefix}: it admits everybody`,
      ),
    );
}

/** Findings about a firewall that must deny whatever its rules do not name. */
export function judgeFirewall(resource: DeclaredResource, path: string, key: string): readonly Finding[] {
  const action = required(resource, `${path}.defaultAction`);
  const open =
    action === "Deny"
      ? []
      : [violation(resource.urn, `${path}.defaultAction must be "Deny", found ${describe(action)}`)];
  return [...open, ...judgeIpRules(resource, `${path}.ipRules`, key)];
}
