import { frameworksOf } from "./framework-map";
import type { FrameworkReference, RuleBase } from "./rule";

/** Page that explains a rule, from the repository's root. */
export function pageOf({ name }: Pick<RuleBase, "name">): string {
  return `docs/policies/${name}.md`;
}

/** Words by which rules can be picked: their topic, their statements, the catalogues of controls that they serve. */
export function tagsOf(rule: RuleBase): string[] {
  const catalogues = new Set(frameworksOf(rule).map(({ name }) => name));
  return [rule.topic, ...rule.ids, ...catalogues];
}

/** The control that the engine is told of, which takes one: the rule's own, or the first of the other catalogues. */
export function mainFramework(rule: RuleBase): FrameworkReference | undefined {
  return frameworksOf(rule)[0];
}
