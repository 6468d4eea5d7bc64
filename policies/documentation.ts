import { frameworksOf } from "./framework-map";
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

/** What a page shows of a rule beside the rule itself. */
export interface PageMaterial {
  /** Text of a statement by its id. */
  statementOf(id: string): string | undefined;
  /** From the cases of the rule's tests; absent: it has none, because it looks at the run and not at a stack. */
  readonly example?: RuleExample;
}

/** One property as it passes and as it does not. */
export interface RuleExample {
  /** Type of the resource, and its name in the fixture. */
  readonly about: string;
  /** YAML. */
  readonly passing: string;
  /** YAML, or a sentence when something is gone. */
  readonly failing: string;
  /** What the rule says then. */
  readonly messages: readonly string[];
}

type Documented = Rule | RunRule;

const generated = "<!-- Made from the rule and its test cases by dist/tests/policies/update-docs.js. -->";

/** The page of one rule, in Markdown. */
export function rulePage(rule: Documented, { statementOf, example }: PageMaterial): string {
  return `${[
    generated,
    `# ${rule.name}`,
    `**${rule.displayName}.** ${rule.description}`,
    facts(rule),
    ...why(rule, statementOf),
    ...frameworkTable(rule),
    `## Mend\n\n${rule.remediationSteps}`,
    ...(example ? exampleSections(example) : []),
  ].join("\n\n")}\n`;
}

/** The index of all pages, by topic. */
export function ruleIndex(rules: readonly Documented[]): string {
  const sections = topics.flatMap((topic) => {
    const ofTopic = rules.filter((rule) => rule.topic === topic);
    if (ofTopic.length === 0) return [];
    const rows = ofTopic.map(
      ({ name, displayName, severity }) => `| [${name}](${name}.md) | ${displayName} | ${severity} |`,
    );
    return [
      `## ${headings[topic]}`,
      ["| Rule | What it is for | Severity |", "| --- | --- | --- |", ...rows].join("\n"),
    ];
  });
  const intro = `${rules.length} rules. How they decide, how they are configured and how one is added: [policies.md](../policies.md).`;
  return `${[generated, "# Rules of the policy pack", intro, ...sections].join("\n\n")}\n`;
}

function facts(rule: Documented): string {
  const figures = Object.keys(rule.configSchema?.properties ?? {}).map((key) => `\`${key}\``);
  return [
    `- Severity: ${rule.severity}`,
    `- Level: ${rule.enforcementLevel ?? "mandatory"}`,
    `- Looks at: ${lookedAt(rule)}`,
    `- Topic: ${headings[rule.topic]}`,
    ...(figures.length > 0 ? [`- Configuration: ${figures.join(", ")}`] : []),
  ].join("\n");
}

function lookedAt(rule: Documented): string {
  if (!("scope" in rule)) return "the run itself";
  if (rule.scope === "stack") return "the stack as a whole";
  return rule.types === "*" ? "each resource" : `each ${rule.types.map((type) => `\`${type}\``).join(", ")}`;
}

function why({ ids, conflicts }: RuleBase, statementOf: PageMaterial["statementOf"]): readonly string[] {
  if (ids.length === 0) return [];
  const statements = ids.map((id) => `- ${id}: ${statementOf(id) ?? "not in the catalogue"}`);
  const decided = conflicts
    ? [`\nDecided by items ${conflicts.join(", ")} of [conflicts.md](../../runbooks/conflicts.md).`]
    : [];
  return [["## Why", "", ...statements, ...decided].join("\n")];
}

function frameworkTable(rule: RuleBase): readonly string[] {
  const references = frameworksOf(rule);
  if (references.length === 0) return [];
  const rows = references.map(
    ({ name, version, reference, specification }) =>
      `| ${name} ${version} | ${reference} | ${specification} |`,
  );
  return [
    ["## Frameworks", "", "| Framework | Control | Its text |", "| --- | --- | --- |", ...rows].join("\n"),
  ];
}

function exampleSections({ about, passing, failing, messages }: RuleExample): readonly string[] {
  return [
    `## Passes\n\n${about}:\n\n\`\`\`yaml\n${passing}\n\`\`\``,
    `## Fails\n\n\`\`\`yaml\n${failing}\n\`\`\`\n\nIt then says:\n\n${messages
      .map((message) => `> ${message}`)
      .join("\n>\n")}`,
  ];
}
