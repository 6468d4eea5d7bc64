import type { Environment, StatementId } from "../../../runbooks/model";
import type { Change } from "./change";
import type { StackName } from "./stacks";

/** A change that breaks a rule; nothing else of the pack finds fault with it, unless listed. */
export type Broken = Change & {
  readonly alsoFails?: readonly string[];
  /** Statements that it breaks, where others of the rule's are about something else. @default all of the rule's */
  readonly breaks?: readonly StatementId[];
};

/** What must be shown of every rule. The happy case is the fixture stack itself, which every rule passes. */
export interface RuleCases {
  readonly rule: string;
  /** Stack that the cases are about. @default "kirana-inventory" */
  readonly stack?: StackName;
  /** Key of a resource that the rule judges in the fixture; stack rules need none. */
  readonly on?: string;
  /** @default "production" */
  readonly environment?: Environment;
  /** One broken field at a time; the pack finds exactly this. */
  readonly broken: readonly Broken[];
  /** The object above what the rule reads is gone. */
  readonly absent: Change & {
    /** @default "violation" */
    readonly gives?: "violation" | "notApplicable";
  };
  /** A value that the rule reads is not known in preview; or why it reads none. */
  readonly unknown: { readonly at: string; readonly path: string } | { readonly readsNothing: string };
}
