import { decideResource, decideStack } from "./decide";
import { ExemptionLedger } from "./exemptions/ledger";
import type { DeclaredResource } from "./resource";
import { configDefaults, type Rule, type RuleBase } from "./rule";
import { decideRun } from "./run/decide-run";
import type { PolicyRun } from "./run/policy-run";
import type { RunRule } from "./run/run-rule";
import { StackView } from "./stack-view";
import type { Judgement } from "./verdict";

/** What one rule says of one resource, or of the stack as a whole. */
export interface RuleVerdict {
  readonly rule: RuleBase;
  readonly verdict: "pass" | "fail" | "undecided";
  /** The resource that was judged or is at fault; empty for a rule over the stack that passed. */
  readonly urn: string;
  /** Empty when it passed. */
  readonly message: string;
}

/** The whole pack without the engine, with the verdicts, exemptions and evidence that the engine's run of it would have. */
export async function judgeRun(
  { rules, runRules }: { readonly rules: readonly Rule[]; readonly runRules: readonly RunRule[] },
  resources: readonly DeclaredResource[],
  run: PolicyRun,
): Promise<readonly RuleVerdict[]> {
  const places = (rule: RunRule) =>
    rule.at === undefined
      ? [{ urn: new StackView(resources).urn, type: "" }]
      : resources.filter(({ type }) => rule.at?.includes(type));
  const asked = async (some: readonly RunRule[]) => {
    const verdicts: RuleVerdict[] = [];
    for (const rule of some) {
      for (const { urn, type } of places(rule)) {
        const judgement = await decideRun(rule, { urn, type }, run, configDefaults(rule));
        verdicts.push(...verdictsOf(rule, rule.at ? urn : "", judgement));
      }
    }
    return verdicts;
  };
  const before = await asked(runRules.filter(({ at }) => at !== undefined));
  const judgements = judgeStack(rules, resources, await run.ledger());
  return [...before, ...judgements, ...(await asked(runRules.filter(({ at }) => at === undefined)))];
}

/**
 * Every rule on every resource.
 *
 * @param ledger What is exempted. @default - nothing
 */
export function judgeStack(
  rules: readonly Rule[],
  resources: readonly DeclaredResource[],
  ledger: ExemptionLedger = new ExemptionLedger([], []),
): readonly RuleVerdict[] {
  const view = new StackView(resources);
  return rules.flatMap((rule) => {
    const config = configDefaults(rule);
    const left = (judgement: Judgement) => ledger.apply(rule.name, judgement);
    if (rule.scope === "stack") return verdictsOf(rule, "", left(decideStack(rule, view, config)));
    return resources.flatMap((resource) =>
      verdictsOf(rule, resource.urn, left(decideResource(rule, resource, config))),
    );
  });
}

function verdictsOf(rule: RuleBase, urn: string, judgement: Judgement): readonly RuleVerdict[] {
  if (!judgement.applies) return [];
  if (judgement.findings.length === 0) return [{ rule, verdict: "pass", urn, message: "" }];
  return judgement.findings.map(({ kind, urn: at, message }) => ({
    rule,
    verdict: kind === "undecided" ? "undecided" : "fail",
    urn: at,
    message,
  }));
}
