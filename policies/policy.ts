import type {
  ReportViolation,
  ResourceValidation,
  ResourceValidationPolicy,
  StackValidation,
  StackValidationPolicy,
} from "@pulumi/policy";
import { decideResource, decideStack } from "./decide";
import type { DeclaredInputs } from "./declared-inputs";
import type { ResourceRule, Rule, RuleConfig, StackRule } from "./rule";
import type { Judgement } from "./verdict";

/** Page that explains the rules; each has a section of its name. */
const documentation = "docs/policies.md";

type Policy = ResourceValidationPolicy | StackValidationPolicy;
type Metadata = Omit<ResourceValidationPolicy, "validateResource">;

/** The engine's form of a rule. Every rule of the pack goes through here, so every rule fails closed. */
export function policyOf(rule: Rule, inputs: DeclaredInputs): Policy {
  return rule.scope === "resource" ? resourcePolicy(rule, inputs) : stackPolicy(rule, inputs);
}

/** A function that carries a type token is skipped by the SDK, before it unpacks anything, where there is none of it. */
type Marked<F> = F & { __pulumiType?: string };

function resourcePolicy(rule: ResourceRule, inputs: DeclaredInputs): ResourceValidationPolicy {
  const validateResource: Marked<ResourceValidation> = (args, report) => {
    const judgement = decideResource(rule, inputs.remember(args), args.getConfig<RuleConfig>());
    conclude(judgement, report, args.notApplicable);
  };
  if (rule.types !== "*" && rule.types.length === 1) validateResource.__pulumiType = rule.types[0];
  return { ...metadata(rule), validateResource };
}

function stackPolicy(rule: StackRule, inputs: DeclaredInputs): StackValidationPolicy {
  const validateStack: Marked<StackValidation> = (args, report) => {
    conclude(
      decideStack(rule, inputs.viewOf(args.resources), args.getConfig<RuleConfig>()),
      report,
      args.notApplicable,
    );
  };
  if (rule.presence) validateStack.__pulumiType = rule.presence;
  return { ...metadata(rule), validateStack };
}

/** Always reports with a URN: without one the engine cannot place the finding, and `policy analyze` panics. */
function conclude(judgement: Judgement, report: ReportViolation, skip: (reason?: string) => never): void {
  if (judgement.applies) for (const finding of judgement.findings) report(finding.message, finding.urn);
  else throw skipping(judgement.reason, skip);
}

/** What the SDK throws to skip a policy, by its reason. */
const skips = new Map<string, unknown>();

/**
 * Skipping is an error, for most rules on most resources. Making one, with the stack that it captures, costs more than
 * the rule: each is made once.
 */
function skipping(reason: string, skip: (reason?: string) => never): unknown {
  const known = skips.get(reason);
  if (known !== undefined) return known;
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return skip(reason);
  } catch (error) {
    skips.set(reason, error);
    return error;
  } finally {
    Error.stackTraceLimit = limit;
  }
}

function metadata(rule: Rule): Metadata {
  const { name, displayName, description, severity, framework, remediationSteps, configSchema } = rule;
  return {
    name,
    displayName,
    description,
    severity,
    remediationSteps,
    enforcementLevel: rule.enforcementLevel ?? "mandatory",
    tags: [rule.topic, ...rule.ids],
    url: `${documentation}#${name}`,
    ...(framework && { framework }),
    ...(configSchema && { configSchema }),
  };
}
