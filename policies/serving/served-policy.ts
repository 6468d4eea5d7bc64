import type {
  PolicyResourceOptions,
  ReportViolation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";

/** What rules look at of a resource. */
export interface Subject extends Pick<ResourceValidationArgs, "urn" | "type" | "name" | "props"> {
  readonly opts: Pick<PolicyResourceOptions, "protect" | "ignoreChanges">;
}

/** What every rule is given besides: its configuration, and how to say that it has nothing to say. */
export type Asking = Pick<ResourceValidationArgs, "getConfig" | "notApplicable">;

/** A rule on one resource in the SDK's form. */
export interface ServedResourcePolicy extends ResourceValidationPolicy {
  /** Types that it has something to say about. @default - every type */
  readonly looksAt?: readonly string[];
  validateResource(args: Subject & Asking, report: ReportViolation): void | Promise<void>;
}

/** A rule on the whole stack in the SDK's form. */
export interface ServedStackPolicy extends StackValidationPolicy {
  /** Types of which the stack must have one, or it has nothing to say. @default - every stack */
  readonly looksAt?: readonly string[];
  validateStack(
    args: Asking & { readonly resources: readonly Subject[] },
    report: ReportViolation,
  ): void | Promise<void>;
}

export type ServedPolicy = ServedResourcePolicy | ServedStackPolicy;
