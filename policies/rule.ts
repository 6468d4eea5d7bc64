import type { PolicyConfigSchema } from "@pulumi/policy";
import type { StatementId } from "../runbooks/model";
import type { DeclaredResource } from "./resource";
import type { StackView } from "./stack-view";
import type { Judgement } from "./verdict";

export const topics = [
  "data",
  "vault",
  "storage",
  "web",
  "settings",
  "kubernetes",
  "cluster",
  "monitoring",
  "edge",
  "access",
  "governance",
] as const;
export type Topic = (typeof topics)[number];

/** Where a public catalogue of controls asks for the same. */
export interface FrameworkReference {
  readonly name: string;
  readonly version: string;
  readonly reference: string;
  readonly specification: string;
}

/** Values that `--policy-pack-config` gives a rule, checked against its schema and filled with its defaults. */
export type RuleConfig = Readonly<Record<string, unknown>>;

export interface RuleBase {
  /** Unique, kebab-case; file name of the rule, and of its page in docs/policies/. */
  readonly name: string;
  readonly topic: Topic;
  readonly displayName: string;
  /** What must be so, in one sentence; first line of every message. */
  readonly description: string;
  readonly severity: "low" | "medium" | "high" | "critical";
  /** Statements of the runbooks that the rule enforces; none where a framework alone asks for it. */
  readonly ids: readonly StatementId[];
  /** Items of conflicts.md that decided what is asked for. */
  readonly conflicts?: readonly number[];
  readonly framework?: FrameworkReference;
  readonly remediationSteps: string;
  readonly configSchema?: PolicyConfigSchema;
  /** @default "mandatory" */
  readonly enforcementLevel?: "mandatory" | "advisory";
}

/** A rule on one resource's inputs. */
export interface ResourceRule extends RuleBase {
  readonly scope: "resource";
  /** Type tokens that the rule looks at; `"*"`: every type. */
  readonly types: readonly string[] | "*";
  /** Pure. Reads through `read.ts`, so that absence and unknown values surface. */
  evaluate(resource: DeclaredResource, config: RuleConfig): Judgement;
}

/** A rule on what a stack holds as a whole: that something is there, or that two resources agree. */
export interface StackRule extends RuleBase {
  readonly scope: "stack";
  /** Type token without which the rule has nothing to say; absent: it looks at every stack. */
  readonly presence?: string;
  evaluate(stack: StackView, config: RuleConfig): Judgement;
}

export type Rule = ResourceRule | StackRule;

export function resourceRule(rule: Omit<ResourceRule, "scope">): ResourceRule {
  return { ...rule, scope: "resource" };
}

export function stackRule(rule: Omit<StackRule, "scope">): StackRule {
  return { ...rule, scope: "stack" };
}

/** Default values of a rule's configuration; the engine fills them in, whoever calls a rule directly must. */
export function configDefaults(rule: RuleBase): RuleConfig {
  const properties = Object.entries(rule.configSchema?.properties ?? {});
  return Object.fromEntries(
    properties.flatMap(([key, schema]) => ("default" in schema ? [[key, schema.default]] : [])),
  );
}
