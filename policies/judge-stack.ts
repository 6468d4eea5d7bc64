import { decideResource, decideStack } from "./decide";
import type { DeclaredResource } from "./resource";
import { configDefaults, type Rule } from "./rule";
import { StackView } from "./stack-view";
import type { Judgement } from "./verdict";

/** What one rule says of one resource, or of the stack as a whole. */
export interface RuleVerdict {
  readonly rule: Rule;
  readonly verdict: "pass" | "fail" | "undecided";
  /** The resource that was judged or is at fault; empty for a rule over the stack that passed. */
  readonly urn: string;
  /** Empty when it passed. */
  readonly message: string;
}

/** Every rule on every resource without the engine: the verdicts that the engine's run of the pack would give. */
export function judgeStack(
  rules: readonly Rule[],
  resources: readonly DeclaredResource[],
): readonly RuleVerdict[] {
  const view = new StackView(resources);
  return rules.flatMap((rule) => {
    const config = configDefaults(rule);
    if (rule.scope === "stack") return verdictsOf(rule, "", decideStack(rule, view, config));
    return resources.flatMap((resource) =>
      verdictsOf(rule, resource.urn, decideResource(rule, resource, config)),
    );
  });
}

function verdictsOf(rule: Rule, urn: string, judgement: Judgement): readonly RuleVerdict[] {
  if (!judgement.applies) return [];
  if (judgement.findings.length === 0) return [{ rule, verdict: "pass", urn, message: "" }];
  return judgement.findings.map(({ kind, urn: at, message }) => ({
    rule,
    verdict: kind === "undecided" ? "undecided" : "fail",
    urn: at,
    message,
  }));
}
