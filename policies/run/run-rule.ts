import type { RuleBase, RuleConfig } from "../rule";
import type { Judgement } from "../verdict";
import type { PolicyRun } from "./policy-run";

/**
 * A rule on the run of the pack itself: what it was told to overlook, and what people and pipelines have signed. It reads
 * files, so unlike the rules on a stack it is asynchronous, has no case in a fixture, and is exempted by nobody.
 */
export interface RunRule extends RuleBase {
  /**
   * Types of the resources at which it is asked: the stack's own, which is registered before any other, or a system's
   * component. Absent: asked once, after every other rule.
   */
  readonly at?: readonly string[];
  evaluate(place: RunPlace, run: PolicyRun, config: RuleConfig): Promise<Judgement>;
}

export interface RunPlace {
  /** The resource at which the rule is asked; at the end, the stack. */
  readonly urn: string;
  /** Its type; empty at the end. */
  readonly type: string;
}

/** The first resource of every stack: what is wrong with the run is said there, before anything is changed. */
export const stackType = "pulumi:pulumi:Stack";
