import { type Rule, type RuleBase, topics } from "./rule";
import type { RunRule } from "./run/run-rule";

const headings: Readonly<Record<Rule["topic"], string>> = {
  data: "Databases",
  vault: "Key vaults",
  storage: "Storage",
  web: "Plans, sites and slots",
  settings: "App settings",
  kubernetes: "Objects on the cluster",
  cluster: "Cluster and registry",
  monitoring: "Alerts, probes and logs",
  edge: "Domains and edge",
  access: "Access",
  governance: "Governance",
};

/** The rules as the Markdown that docs/policies.md holds: by topic, one section for each, which its `url` points to. */
export function documentRules(rules: readonly (Rule | RunRule)[]): string {
  const sections = topics.flatMap((topic) => {
    const ofTopic = rules.filter((rule) => rule.topic === topic);
    return ofTopic.length === 0 ? [] : [`## ${headings[topic]}`, ...ofTopic.map(documentRule)];
  });
  return `${sections.join("\n\n")}\n`;
}

function documentRule(rule: Rule | RunRule): string {
  const { name, displayName, description, remediationSteps, severity, ids, conflicts, framework }: RuleBase =
    rule;
  const conflict = conflicts ? `; conflicts ${conflicts.join(", ")}` : "";
  const figures = Object.keys(rule.configSchema?.properties ?? {}).map((key) => `\`${key}\``);
  return [
    `### ${name}`,
    "",
    `**${displayName}.** ${description}`,
    "",
    `- ${severity}, ${rule.enforcementLevel ?? "mandatory"}, ${lookedAt(rule)}`,
    ...(ids.length > 0 ? [`- for ${ids.join(", ")}${conflict}`] : []),
    ...(framework ? [`- ${framework.name} ${framework.version}, ${framework.reference}`] : []),
    ...(figures.length > 0 ? [`- configuration: ${figures.join(", ")}`] : []),
    `- mend: ${remediationSteps}`,
  ].join("\n");
}

function lookedAt(rule: Rule | RunRule): string {
  if (!("scope" in rule)) return "the run itself";
  return rule.scope === "stack" ? "the stack as a whole" : "each resource";
}
