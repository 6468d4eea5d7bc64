import { unknownCheckingProxy } from "@pulumi/policy";
import { decideResource, decideStack } from "../../../policies/decide";
import { rules } from "../../../policies/registry";
import type { DeclaredResource, Properties } from "../../../policies/resource";
import { configDefaults, type Rule } from "../../../policies/rule";
import { StackView } from "../../../policies/stack-view";
import { kirana } from "../../../policies/systems";
import type { Finding, Judgement } from "../../../policies/verdict";
import type { Environment } from "../../../runbooks/model";
import type { FixtureResource } from "./fixture";

/** What the SDK puts in place of a text that preview does not know. */
export const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const known = new Map<string, WeakMap<FixtureResource, DeclaredResource>>();

/** What rules see of a resource; the same object for the same one, since reading through its proxies is slow. */
export function declared(resource: FixtureResource, environment: Environment | string): DeclaredResource {
  const ofEnvironment = known.get(environment) ?? new WeakMap<FixtureResource, DeclaredResource>();
  known.set(environment, ofEnvironment);
  const seen = ofEnvironment.get(resource) ?? declare(resource, environment);
  ofEnvironment.set(resource, seen);
  return seen;
}

function declare(resource: FixtureResource, environment: string): DeclaredResource {
  const props = unknownCheckingProxy(resource.props) as Properties;
  const types = resource.path ?? (resource.outside ? resource.type : `${kirana.component}$${resource.type}`);
  return {
    urn: `urn:pulumi:${environment}::switchyard::${types}::${resource.key}`,
    type: resource.type,
    name: resource.key,
    get props() {
      readers?.add(resource);
      return props;
    },
    get protect() {
      readers?.add(resource);
      return resource.protect;
    },
    get ignoreChanges() {
      readers?.add(resource);
      return resource.ignoreChanges;
    },
  };
}

/** Collects the resources that a rule over the stack reads, while it is asked about a whole one. */
let readers: Set<FixtureResource> | undefined;

const readBy = new WeakMap<readonly FixtureResource[], ReadonlyMap<Rule, ReadonlySet<FixtureResource>>>();

/** What each rule over the stack reads of one in which it finds nothing. */
function readersOf(
  whole: readonly FixtureResource[],
  environment: Environment,
): ReadonlyMap<Rule, ReadonlySet<FixtureResource>> {
  const seen = readBy.get(whole);
  if (seen) return seen;
  const resources = whole.map((resource) => declared(resource, environment));
  const read = new Map<Rule, ReadonlySet<FixtureResource>>();
  for (const rule of rules) {
    if (rule.scope !== "stack") continue;
    readers = new Set();
    if (findingsOf(judgeDeclared(rule, [], new StackView(resources))).length === 0) read.set(rule, readers);
    readers = undefined;
  }
  readBy.set(whole, read);
  return read;
}

const views = new WeakMap<readonly FixtureResource[], Map<string, StackView>>();

/** A stack as rules see it; made once of the same one. */
function viewOf(stack: readonly FixtureResource[], environment: Environment): StackView {
  const ofStack = views.get(stack) ?? new Map<string, StackView>();
  views.set(stack, ofStack);
  const seen = ofStack.get(environment) ?? new StackView(stack.map((one) => declared(one, environment)));
  ofStack.set(environment, seen);
  return seen;
}

/** Judgements of one rule over a stack: of a resource rule one per resource, of a stack rule one. */
export function judge(rule: Rule, stack: readonly FixtureResource[], environment: Environment): Judgement[] {
  const view = viewOf(stack, environment);
  return judgeDeclared(rule, view.resources, view);
}

export function judgeDeclared(
  rule: Rule,
  resources: readonly DeclaredResource[],
  view: StackView,
): Judgement[] {
  const config = configDefaults(rule);
  if (rule.scope === "stack") return [decideStack(rule, view, config)];
  return resources.map((resource) => decideResource(rule, resource, config));
}

export function findingsOf(judgements: readonly Judgement[]): readonly Finding[] {
  return judgements.flatMap((judgement) => (judgement.applies ? judgement.findings : []));
}

/**
 * Names of all rules of the pack that find something in a stack.
 * @param whole Stack from which it was made, in which no rule finds anything. A rule on one resource is not asked again
 *   about those that are still the same. One over the stack is not asked again when nothing came or went and it reads
 *   nothing of what was changed: rules are pure, so it would take the same steps.
 */
export function failingRules(
  stack: readonly FixtureResource[],
  environment: Environment,
  whole: readonly FixtureResource[] = [],
): readonly string[] {
  const view = viewOf(stack, environment);
  const passed = new Set(whole);
  const open = stack
    .filter((resource) => !passed.has(resource))
    .map((resource) => declared(resource, environment));
  const replaced = whole.filter((resource, index) => stack[index] !== resource);
  const sameKeys =
    stack.length === whole.length && replaced.every(({ key }, index) => open[index]?.name === key);
  const read = sameKeys ? readersOf(whole, environment) : undefined;
  const mayChange = (rule: Rule): boolean => {
    const seen = read?.get(rule);
    return seen === undefined || replaced.some((resource) => seen.has(resource));
  };
  return rules
    .filter((rule) => mayChange(rule) && findingsOf(judgeDeclared(rule, open, view)).length > 0)
    .map((rule) => rule.name)
    .sort();
}
