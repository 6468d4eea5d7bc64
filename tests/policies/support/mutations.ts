import { azure } from "../../../policies/azure/types";
import { kubernetes } from "../../../policies/kubernetes/types";
import { systems } from "../../../policies/systems";
import type { Environment, StatementId, SystemName } from "../../../runbooks/model";
import { ruleCases } from "../cases";
import { type Change, changed } from "./change";
import type { FixtureResource } from "./fixture";
import { failingRules } from "./judge";
import type { Broken, RuleCases } from "./rule-cases";
import { programStack, stackOf } from "./stacks";

/** A rule's broken case, done to the stack that the program declares for a system. */
export interface Mutation {
  readonly change: Change;
  /** Rules that object to it, beyond those that object to the whole stack. */
  readonly failing: readonly string[];
  /** Rules that the case says object as well. */
  readonly companions: readonly string[];
}

/** A mutation that is not made until asked for. */
export interface Way {
  /** Statements that the case is about; absent: all of the rule's. */
  readonly breaks?: readonly StatementId[] | undefined;
  make(): Mutation;
}

/** What the program declares of a system in an environment, with the platform that it stands on. */
interface Ground {
  readonly system: SystemName;
  readonly environment: Environment;
  readonly whole: readonly FixtureResource[];
  /** What is found fault with in it as it is: facts that only the cloud makes true. */
  readonly failing: ReadonlySet<string>;
}

const onAppService: readonly SystemName[] = ["kirana-inventory", "tesoro-xp"];
const grounds = new Map<string, Ground>();

export function groundOf(system: SystemName, environment: Environment): Ground {
  const key = `${system} ${environment}`;
  const known = grounds.get(key);
  if (known) return known;
  const names = onAppService.includes(system) ? [system] : ["platform", system];
  const ground = groundFrom(system, environment, programStack(names, environment));
  grounds.set(key, ground);
  return ground;
}

/**
 * The fixture of a system, for a rule on something that the program does not declare now: an edge of its own, a plan that
 * grows. The rule speaks as soon as somebody declares it.
 */
export function fixtureOf(system: SystemName): Ground {
  const key = `${system} fixture`;
  const ground = grounds.get(key) ?? groundFrom(system, "production", stackOf(system, "production"));
  grounds.set(key, ground);
  return ground;
}

function groundFrom(system: SystemName, environment: Environment, whole: readonly FixtureResource[]): Ground {
  return { system, environment, whole, failing: new Set(failingRules(whole, environment)) };
}

/** A stack without one alert, by its name in the contract: a rule of Prometheus, or a resource of Azure Monitor. */
export function withoutAlert(alert: string, ground: Ground): Mutation | undefined {
  for (const { key, type, props } of ground.whole) {
    if (alertTypes.has(type) && key.endsWith(`-alert-${alert}`))
      return mutate({ remove: [key] }, { remove: [key] }, ground);
    if (type !== azure.prometheusRules) continue;
    const index = (props.rules as readonly { readonly alert?: string }[]).findIndex(
      (rule) => rule.alert === alert,
    );
    if (index >= 0) {
      const change: Change = { at: key, set: `rules/${index}/expression`, to: "vector(0)" };
      return mutate(change, change, ground);
    }
  }
  return undefined;
}

const alertTypes: ReadonlySet<string> = new Set([azure.metricAlert, azure.logAlert]);

const made = new Map<Ground, Map<string, readonly Way[]>>();

/**
 * Every way in which a rule's cases can break a system's stack. A case is about a resource of
 * its own fixture: here it is done to the resource of that name, else to each one of the same type.
 */
export function mutationsOf(rule: string, ground: Ground): readonly Way[] {
  const ofGround = made.get(ground) ?? new Map<string, readonly Way[]>();
  made.set(ground, ofGround);
  const known = ofGround.get(rule);
  if (known) return known;
  const ways = ruleCases
    .filter((cases) => cases.rule === rule)
    .sort((left, right) => farness(left, ground) - farness(right, ground))
    .flatMap((cases) =>
      cases.broken.flatMap((broken) =>
        translated(broken, cases, ground).map((change) => ({
          breaks: broken.breaks,
          make: once(() => mutate(change, broken, ground)),
        })),
      ),
    );
  ofGround.set(rule, ways);
  return ways;
}

function farness(
  { stack = "kirana-inventory", environment = "production" }: RuleCases,
  ground: Ground,
): number {
  return (stack === ground.system ? 0 : 2) + (environment === ground.environment ? 0 : 1);
}

function mutate(
  change: Change,
  { alsoFails = [] }: Broken,
  { whole, environment, failing }: Ground,
): Mutation {
  const found = failingRules(changed(whole, change), environment, failing.size === 0 ? whole : []);
  return { change, failing: found.filter((name) => !failing.has(name)), companions: alsoFails };
}

function translated(
  { alsoFails: _companions, breaks: _breaks, ...change }: Broken,
  cases: RuleCases,
  { whole, system }: Ground,
): readonly Change[] {
  const fixture = stackOf(cases.stack ?? "kirana-inventory", cases.environment ?? "production");
  const counterparts = (key: string): readonly FixtureResource[] => {
    const same = whole.filter((resource) => resource.key === key);
    if (same.length > 0) return same;
    const type = fixture.find((resource) => resource.key === key)?.type;
    return whole.filter((resource) => resource.type === type);
  };
  if ("keepOnly" in change) return [];
  if ("add" in change) {
    const component = systems.find(({ name }) => name === system)!.component;
    const { type, outside } = change.add;
    return [{ add: { ...change.add, path: outside ? type : `${component}$${type}` } }];
  }
  if ("remove" in change) {
    const [first, ...others] = change.remove.map(counterparts);
    const together = others.flat().map(({ key }) => key);
    return (first ?? []).map(({ key }) => ({ remove: [...new Set([key, ...together])] }));
  }
  return counterparts(change.at).flatMap((resource) => {
    const here = { ...change, at: resource.key };
    try {
      changed([resource], here);
      return [here];
    } catch {
      // The counterpart has no such property to drop, or nothing on the way to it.
      return [];
    }
  });
}

function once<T>(make: () => T): () => T {
  let value: T | undefined;
  return () => {
    value ??= make();
    return value;
  };
}

/** A part that a contract names for a statement, gone from the stack, and the rule that must miss it. */
export interface MissingPart {
  readonly what: string;
  readonly rule: string;
  mutate(ground: Ground): Mutation | undefined;
}

interface ContractParts {
  readonly secrets: readonly { readonly name: string; readonly ids: readonly StatementId[] }[];
  readonly dashboards?: readonly { readonly uid: string; readonly ids: readonly StatementId[] }[];
  readonly tasks?: readonly { readonly name: string; readonly ids: readonly StatementId[] }[];
}

/** Secrets, dashboards and tasks that a contract holds for a statement. */
export function partsFor(id: StatementId, system: SystemName): readonly MissingPart[] {
  const contract = systems.find(({ name }) => name === system)!.contract as ContractParts;
  const own = <T extends { readonly ids: readonly StatementId[] }>(parts: readonly T[] = []) =>
    parts.filter(({ ids }) => ids.includes(id));
  return [
    ...own(contract.secrets).map(({ name }) => ({
      what: `secret ${name}`,
      rule: "vault-secrets-present",
      mutate: without(
        (resource) => resource.type === azure.vaultSecret && resource.props.secretName === name,
      ),
    })),
    ...own(contract.tasks).map(({ name }) => ({
      what: `task ${name}`,
      rule: "task-schedules",
      mutate: without(({ type, props }) => {
        const named = (props.metadata as { readonly name?: string } | undefined)?.name ?? "";
        return type === kubernetes.cronJob && `-${named}-`.includes(`-${name}-`);
      }),
    })),
    ...own(contract.dashboards).map(({ uid }) => ({
      what: `dashboard ${uid}`,
      rule: "dashboards-complete",
      mutate: (ground: Ground) => {
        const file = `data/${uid}.json`;
        const map = ground.whole.find(
          ({ type, props }) =>
            type === kubernetes.configMap && `${uid}.json` in ((props.data as object) ?? {}),
        );
        const change = map && { at: map.key, drop: file };
        return change && mutate(change, change, ground);
      },
    })),
  ];
}

function without(matches: (resource: FixtureResource) => boolean): MissingPart["mutate"] {
  return (ground) => {
    const keys = ground.whole.filter(matches).map(({ key }) => key);
    if (keys.length === 0) return undefined;
    const change = { remove: keys };
    return mutate(change, change, ground);
  };
}
