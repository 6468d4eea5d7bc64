import { judgeEach } from "./decide";
import { type RuleConfig, type StackRule, stackRule } from "./rule";
import type { StackView, SystemView } from "./stack-view";
import type { CommonContract, SystemContract } from "./systems";
import { type Finding, type Judgement, judged, notApplicable } from "./verdict";

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

interface SystemsRule<Entry extends { readonly system: SystemContract }>
  extends Omit<StackRule, "scope" | "presence" | "evaluate"> {
  /** Systems that the rule is about, with what it reads of each. */
  readonly systems: readonly Entry[];
  findings(system: SystemView, entry: Entry, stack: StackView): readonly Finding[];
}

/** The same for several systems: each that the stack carries is judged by itself. */
export function systemsRule<Entry extends { readonly system: SystemContract }>({
  systems,
  findings,
  ...rule
}: SystemsRule<Entry>): StackRule {
  return stackRule({
    ...rule,
    evaluate(stack) {
      const carried = systems.flatMap((entry) => {
        const view = stack.system(entry.system);
        return view ? [{ entry, view }] : [];
      });
      if (carried.length === 0) {
        return notApplicable(
          `the stack carries none of ${systems.map(({ system }) => system.name).join(", ")}`,
        );
      }
      return judged(
        judgeEach(
          carried,
          ({ view }) => view.urn,
          ({ entry, view }) => findings(view, entry, stack),
        ),
      );
    },
  });
}
