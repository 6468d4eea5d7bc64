import { judgeEach } from "./decide";
import { describe, mapAt, optional, required } from "./read";
import type { DeclaredResource } from "./resource";
import { type ResourceRule, resourceRule } from "./rule";
import { judged, notApplicable, violation } from "./verdict";

/** What a value must be. */
export interface Expectation {
  /** Completes "must be …". */
  readonly says: string;
  holds(value: unknown): boolean;
}

/** One property, and what must be declared there. Absent, or an absent object above it, is a violation. */
export interface PropertyExpectation {
  /** Dotted path into the inputs. */
  readonly path: string;
  readonly expected: Expectation;
}

export function equals(wanted: string | number | boolean): Expectation {
  return { says: JSON.stringify(wanted), holds: (value) => value === wanted };
}

export function oneOf(...wanted: readonly string[]): Expectation {
  return {
    says: wanted.map((value) => JSON.stringify(value)).join(" or "),
    holds: (value) => typeof value === "string" && wanted.includes(value),
  };
}

export function atLeast(minimum: number): Expectation {
  return { says: `at least ${minimum}`, holds: (value) => typeof value === "number" && value >= minimum };
}

/** A text that a pattern finds something in. */
export function matching(pattern: RegExp, says: string): Expectation {
  return { says, holds: (value) => typeof value === "string" && pattern.test(value) };
}

/** A list of one text or more, none of which a pattern refuses. */
export function listOf(
  accepts: (entry: string) => boolean,
  says: string,
  { least = 1 }: { readonly least?: number } = {},
): Expectation {
  return {
    says,
    holds: (value) =>
      Array.isArray(value) &&
      value.length >= least &&
      value.every((entry) => typeof entry === "string" && accepts(entry)),
  };
}

interface PropertyRule extends Omit<ResourceRule, "scope" | "evaluate"> {
  /** A reason when the rule has nothing to say about this resource. */
  readonly exempt?: (resource: DeclaredResource) => string | undefined;
  readonly properties:
    | readonly PropertyExpectation[]
    | ((resource: DeclaredResource) => readonly PropertyExpectation[]);
}

/** A rule that asks for values of single properties, each judged and reported on its own. */
export function propertyRule({ exempt, properties, ...rule }: PropertyRule): ResourceRule {
  return resourceRule({
    ...rule,
    evaluate(resource) {
      const reason = exempt?.(resource);
      if (reason) return notApplicable(reason);
      const expectations = typeof properties === "function" ? properties(resource) : properties;
      return judged(
        judgeEach(
          expectations,
          () => resource.urn,
          ({ path, expected }) => {
            const value = required(resource, path);
            if (expected.holds(value)) return [];
            return [violation(resource.urn, `${path} must be ${expected.says}, found ${describe(value)}`)];
          },
        ),
      );
    },
  });
}

/** A rule that some properties, all of one object, are not declared; in no case of letters, as Azure compares names. */
export function forbiddenPropertyRule({
  parent,
  names,
  because,
  ...rule
}: Omit<ResourceRule, "scope" | "evaluate"> & {
  /** Dotted path of the object; absent: the resource itself. */
  readonly parent?: string;
  readonly names: readonly string[];
  readonly because: string;
}): ResourceRule {
  const forbidden = new Set(names.map((name) => name.toLowerCase()));
  return resourceRule({
    ...rule,
    evaluate(resource) {
      if (parent && optional(resource, parent) === undefined)
        return notApplicable(`${parent} is not declared`);
      const holder = parent ? mapAt(resource, parent) : resource.props;
      return judged(
        judgeEach(
          Object.keys(holder).filter((key) => forbidden.has(key.toLowerCase())),
          () => resource.urn,
          (key) => {
            if (optional(holder, key) === undefined) return [];
            const path = parent ? `${parent}.${key}` : key;
            return [violation(resource.urn, `${path} must not be declared: ${because}`)];
          },
        ),
      );
    },
  });
}
