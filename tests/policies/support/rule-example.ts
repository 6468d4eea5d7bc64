import { stringify } from "yaml";
import type { RuleExample } from "../../../policies/documentation";
import type { Rule } from "../../../policies/rule";
import { ruleCases } from "../cases";
import { type Change, changed, keysOf } from "./change";
import type { FixtureResource } from "./fixture";
import { findingsOf, judge } from "./judge";
import type { Broken, RuleCases } from "./rule-cases";
import { stackOf } from "./stacks";

/** Longest value that a page shows whole: dashboards are whole files. */
const longestShown = 160;
const mostMessages = 3;

/** The clearest of a rule's broken cases: one property, and no other rule that objects. */
export function exampleOf(rule: Rule): RuleExample | undefined {
  const all = ruleCases
    .filter((cases) => cases.rule === rule.name)
    .flatMap((cases) => cases.broken.map((broken) => ({ cases, broken })));
  const [best] = all.sort((left, right) => rank(left.broken) - rank(right.broken));
  return best && exampleFrom(rule, best.cases, best.broken);
}

function rank(broken: Broken): number {
  const form = "set" in broken ? 0 : "drop" in broken ? 1 : "options" in broken ? 2 : "add" in broken ? 3 : 4;
  return form + (broken.alsoFails?.length ? 10 : 0);
}

function exampleFrom(
  rule: Rule,
  cases: RuleCases,
  { alsoFails: _others, breaks: _breaks, ...change }: Broken,
): RuleExample {
  const environment = cases.environment ?? "production";
  const stack = stackOf(cases.stack ?? "kirana-inventory", environment);
  const broken = changed(stack, change);
  const messages = [
    ...new Set(findingsOf(judge(rule, broken, environment)).map(({ message }) => message)),
  ].slice(0, mostMessages);
  return { ...shown(change, stack, broken), messages };
}

function shown(
  change: Change,
  before: readonly FixtureResource[],
  after: readonly FixtureResource[],
): Omit<RuleExample, "messages"> {
  if ("keepOnly" in change) throw new Error("a case that keeps a few resources only shows nothing broken");
  if ("remove" in change) {
    const gone = before.filter(({ key }) => change.remove.includes(key));
    return {
      about: "The stack declares",
      passing: yaml(gone.map(({ type, key }) => ({ type, name: key }))),
      failing: "# without it",
    };
  }
  if ("add" in change) {
    return {
      about: "The stack declares nothing of the type",
      passing: `# no ${change.add.type}`,
      failing: yaml({ type: change.add.type, properties: change.add.props }),
    };
  }
  const [passing, failing] = [before, after].map((stack) => stack.find(({ key }) => key === change.at)!);
  const about = `\`${passing!.type}\` (\`${passing!.key}\`)`;
  if ("options" in change) {
    const options = Object.keys(change.options) as (keyof typeof change.options)[];
    const picked = (resource: FixtureResource) =>
      yaml({ options: Object.fromEntries(options.map((option) => [option, resource[option]])) });
    return { about, passing: picked(passing!), failing: picked(failing!) };
  }
  const keys = keysOf("set" in change ? change.set : change.drop);
  return { about, passing: yaml(within(passing!.props, keys)), failing: yaml(within(failing!.props, keys)) };
}

/** The part of an object on the way to a key, with what is there; a list shows the one item. */
function within(value: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined) return value;
  const holder = value as Record<string, unknown> | undefined;
  const here = holder?.[key];
  if (here === undefined) return Array.isArray(holder) ? [] : {};
  const inner = within(here, rest);
  return Array.isArray(holder) ? [inner] : { [key]: inner };
}

function yaml(value: unknown): string {
  const text = stringify(shortened(value), { lineWidth: 0 }).trimEnd();
  return text === "{}" ? "# not declared" : text;
}

function shortened(value: unknown): unknown {
  if (typeof value === "string")
    return value.length > longestShown ? `${value.slice(0, longestShown)}…` : value;
  if (Array.isArray(value)) return value.map(shortened);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shortened(inner)]));
}
