/**
 * Enforcement level of each rule of the pack, by name. The registry is loaded when it is asked for, because it brings
 * the policy SDK with it: callers do so while the engine runs.
 */
export async function packLevels(): Promise<ReadonlyMap<string, string>> {
  const { rules } = await import("../../policies/registry.js");
  return new Map(rules.map((rule) => [rule.name, rule.enforcementLevel ?? "mandatory"]));
}
