import { type RuleConfig, type StackRule, stackRule } from "./rule";
import type { StackView, SystemView } from "./stack-view";
import type { CommonContract, SystemContract } from "./systems";
import { type Judgement, notApplicable } from "./verdict";

interface SystemRule<Contract extends CommonContract>
  extends Omit<StackRule, "scope" | "presence" | "evaluate"> {
  readonly system: SystemContract<Contract>;
  evaluate(system: SystemView<Contract>, stack: StackView, config: RuleConfig): Judgement;
}

/**
 * A rule on what a stack holds of a system. It applies as soon as the system's component is there, so that a system
 * does not escape a rule by dropping the very resource that the rule asks for.
 */
export function systemRule<Contract extends CommonContract>({
  system,
  evaluate,
  ...rule
}: SystemRule<Contract>): StackRule {
  return stackRule({
    ...rule,
    presence: system.component,
    evaluate(stack, config) {
      const view = stack.system(system);
      return view ? evaluate(view, stack, config) : notApplicable(`the stack does not carry ${system.name}`);
    },
  });
}
