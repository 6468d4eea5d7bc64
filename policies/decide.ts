import { basename } from "node:path";
import { AbsentValueError, WrongTypeError } from "./read";
import type { DeclaredResource } from "./resource";
import type { ResourceRule, RuleConfig, StackRule } from "./rule";
import type { StackView } from "./stack-view";
import { UnknownValueError } from "./unknown-value";
import { type Finding, type Judgement, judged, notApplicable, undecided, violation } from "./verdict";

/**
 * Runs a rule on a resource so that it always ends in a judgement. The engine alone would turn an unknown value into an
 * advisory note, and any other error into an abort that hides what the other rules found.
 */
export function decideResource(
  rule: ResourceRule,
  resource: DeclaredResource,
  config: RuleConfig,
): Judgement {
  if (rule.types !== "*" && !rule.types.includes(resource.type))
    return notApplicable("looks at other types only");
  return attempt(rule.name, resource.urn, () => rule.evaluate(resource, config));
}

export function decideStack(rule: StackRule, stack: StackView, config: RuleConfig): Judgement {
  if (stack.resources.length === 0) return notApplicable("the stack is empty");
  if (rule.presence && stack.ofType(rule.presence).length === 0) {
    return notApplicable(`the stack has no ${rule.presence}`);
  }
  return attempt(rule.name, stack.urn, () => rule.evaluate(stack, config));
}

/**
 * Judges several things one by one: what is absent or unknown for one of them does not hide what is found at the others.
 * @param about thing to its findings; `urnOf` names the resource when it fails
 */
export function judgeEach<T>(
  things: Iterable<T>,
  urnOf: (thing: T) => string,
  about: (thing: T) => readonly Finding[],
): readonly Finding[] {
  const findings: Finding[] = [];
  for (const thing of things) {
    try {
      findings.push(...about(thing));
    } catch (error) {
      const finding = findingFor(error, urnOf(thing));
      if (!finding) throw error;
      findings.push(finding);
    }
  }
  return findings;
}

function attempt(ruleName: string, urn: string, evaluate: () => Judgement): Judgement {
  try {
    return evaluate();
  } catch (error) {
    return judged([findingFor(error, urn) ?? ruleFailed(ruleName, urn, error)]);
  }
}

/** Absence and the wrong type are violations, an unknown value is undecided; anything else is a fault of the rule. */
function findingFor(error: unknown, urn: string): Finding | undefined {
  if (error instanceof UnknownValueError) {
    const path = (error as unknown as { readonly props: readonly PropertyKey[] }).props.map(String).join(".");
    return undecided(
      urn,
      `${path} is not known in preview; declare it from names and settings, not from outputs`,
    );
  }
  if (error instanceof AbsentValueError || error instanceof WrongTypeError)
    return violation(urn, error.message);
  return undefined;
}

/** A rule that failed has not been passed. */
export function ruleFailed(ruleName: string, urn: string, error: unknown): Finding {
  return undecided(urn, `the rule ${ruleName} failed (${whereFailed(error)})`);
}

/** Kind and place of a failure; its message is left out, because it may repeat a property's value. */
function whereFailed(error: unknown): string {
  if (!(error instanceof Error)) return "something that is no error was thrown";
  const place = error.stack
    ?.split("\n")
    .find((line) => /^\s+at /.test(line))
    ?.match(/([^()\s]+):(\d+):\d+\)?$/);
  return place ? `${error.name} at ${basename(place[1]!)}:${place[2]}` : error.name;
}
