import type { RuleDescription } from "../../reports/model";

/**
 * What the pack says of its rules: the engine's events carry their names and little else. The registry is loaded when
 * it is asked for: callers do so while the engine runs.
 */
export async function packRules(): Promise<RuleDescription[]> {
  const [{ frameworksOf }, { mainFramework, pageOf, tagsOf }, { rules }, { runRules }] = await Promise.all([
    import("../../policies/framework-map/index.js"),
    import("../../policies/metadata.js"),
    import("../../policies/registry.js"),
    import("../../policies/run/run-rules.js"),
  ]);
  return [...rules, ...runRules].map((rule) => ({
    name: rule.name,
    title: rule.displayName,
    description: rule.description,
    topic: rule.topic,
    severity: rule.severity,
    level: rule.enforcementLevel ?? "mandatory",
    ids: rule.ids,
    remediation: rule.remediationSteps,
    url: pageOf(rule),
    framework: mainFramework(rule),
    frameworks: frameworksOf(rule),
    tags: tagsOf(rule),
  }));
}
