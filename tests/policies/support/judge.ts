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
  const types = resource.path ?? (resource.outside ? resource.type : `${kirana.component}$${resource.type}`);
  return {
    urn: `urn:pulumi:${environment}::switchyard::${types}::${resource.key}`,
    type: resource.type,
    name: resource.key,
    props: unknownCheckingProxy(resource.props) as Properties,
    protect: resource.protect,
    ignoreChanges: resource.ignoreChanges,
  };
}

/** Judgements of one rule over a stack: of a resource rule one per resource, of a stack rule one. */
export function judge(rule: Rule, stack: readonly FixtureResource[], environment: Environment): Judgement[] {
  const resources = stack.map((resource) => declared(resource, environment));
  return judgeDeclared(rule, resources, new StackView(resources));
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
 * @param passed Resources in which rules on one resource are known to find nothing.
 */
export function failingRules(
  stack: readonly FixtureResource[],
  environment: Environment,
  passed: ReadonlySet<FixtureResource> = new Set(),
): readonly string[] {
  const view = new StackView(stack.map((resource) => declared(resource, environment)));
  const open = stack
    .filter((resource) => !passed.has(resource))
    .map((resource) => declared(resource, environment));
  return rules
    .filter((rule) => findingsOf(judgeDeclared(rule, open, view)).length > 0)
    .map((rule) => rule.name)
    .sort();
}
