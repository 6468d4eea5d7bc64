import { rules } from "../../policies/registry";

/** Enforcement level of each rule of the pack, by name. */
export function packLevels(): ReadonlyMap<string, string> {
  return new Map(rules.map((rule) => [rule.name, rule.enforcementLevel ?? "mandatory"]));
}
