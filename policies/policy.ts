import type { ReportViolation, ResourceValidationPolicy } from "@pulumi/policy";
import { decideResource, decideStack } from "./decide";
import type { DeclaredInputs } from "./declared-inputs";
import { mainFramework, pageOf, tagsOf } from "./metadata";
import type { ResourceRule, Rule, RuleBase, RuleConfig, StackRule } from "./rule";
import { decideRun } from "./run/decide-run";
import type { PolicyRun } from "./run/policy-run";
import type { RunRule } from "./run/run-rule";
import type { ServedPolicy } from "./serving/served-policy";
import { stackUrnOf } from "./stack-view";
import type { Judgement } from "./verdict";

type Metadata = Omit<ResourceValidationPolicy, "validateResource">;

/**
 * The engine's form of a rule. Every rule of the pack goes through here, so every rule fails closed.
 *
 * @param run What is exempted. @default - nothing
 */
export function policyOf(rule: Rule, inputs: DeclaredInputs, run?: PolicyRun): ServedPolicy {
  return rule.scope === "resource" ? resourcePolicy(rule, inputs, run) : stackPolicy(rule, inputs, run);
}

/** The engine's form of a rule on the run itself. Nothing exempts from it. */
export function runPolicyOf(rule: RunRule, run: PolicyRun): ServedPolicy {
  if (rule.at === undefined) {
    return {
      ...metadata(rule),
      async validateStack({ resources, getConfig, notApplicable }, report) {
        const place = { urn: stackUrnOf(resources[0]?.urn ?? ""), type: "" };
        conclude(await decideRun(rule, place, run, getConfig<RuleConfig>()), report, notApplicable);
      },
    };
  }
  return {
    ...metadata(rule),
    looksAt: rule.at,
    async validateResource({ urn, type, getConfig, notApplicable }, report) {
      conclude(await decideRun(rule, { urn, type }, run, getConfig<RuleConfig>()), report, notApplicable);
    },
  };
}

function resourcePolicy(
  rule: ResourceRule,
  inputs: DeclaredInputs,
  run: PolicyRun | undefined,
): ServedPolicy {
  return {
    ...metadata(rule),
    ...(rule.types !== "*" && { looksAt: rule.types }),
    validateResource(args, report) {
      const judgement = decideResource(rule, inputs.remember(args), args.getConfig<RuleConfig>());
      return concludeUnlessExempted(rule, judgement, run, report, args.notApplicable);
    },
  };
}

function stackPolicy(rule: StackRule, inputs: DeclaredInputs, run: PolicyRun | undefined): ServedPolicy {
  return {
    ...metadata(rule),
    ...(rule.presence && { looksAt: [rule.presence] }),
    validateStack(args, report) {
      const judgement = decideStack(rule, inputs.viewOf(args.resources), args.getConfig<RuleConfig>());
      return concludeUnlessExempted(rule, judgement, run, report, args.notApplicable);
    },
  };
}

/** Waits for the exemptions only when there is something to exempt: most rules find nothing on most resources. */
function concludeUnlessExempted(
  { name }: Rule,
  judgement: Judgement,
  run: PolicyRun | undefined,
  report: ReportViolation,
  skip: (reason?: string) => never,
): void | Promise<void> {
  if (!run || run.exemptsNothing || !judgement.applies || judgement.findings.length === 0) {
    return conclude(judgement, report, skip);
  }
  return run.ledger().then((ledger) => conclude(ledger.apply(name, judgement), report, skip));
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

function metadata(rule: RuleBase): Metadata {
  const { name, displayName, description, severity, remediationSteps, configSchema } = rule;
  const framework = mainFramework(rule);
  return {
    name,
    displayName,
    description,
    severity,
    remediationSteps,
    enforcementLevel: rule.enforcementLevel ?? "mandatory",
    tags: tagsOf(rule),
    url: pageOf(rule),
    ...(framework && { framework }),
    ...(configSchema && { configSchema }),
  };
}
