import { UserError } from "../../local/user-error";
import type { DeclaredResource } from "../../policies/resource";
import type { PolicyRun } from "../../policies/run/policy-run";
import { plural } from "../../reports/headline";
import { assembleReport, type PolicyVerdict, type Report } from "../../reports/model";
import { systemOf } from "../../reports/urn";
import { packRules } from "../engine/pack-rules";
import { sourceOf } from "./source-line";
import type { RecordedState, StateResource } from "./state-file";
import { openInputs } from "./state-secrets";

/**
 * The policy pack against a recorded state: no program, provider or cloud is asked. The verdicts are those of a preview of
 * the same stack in which nothing changes.
 *
 * @param run What is exempted, and the evidence that there is.
 * @throws UserError when the state's secrets cannot be decrypted: rules that look for secrets in the wrong place need them;
 *   and when there is nothing but the stack, or no rule has anything to say, since that would read as if all were well.
 */
export async function judgeState(
  state: RecordedState,
  passphrase: string | undefined,
  run: PolicyRun,
): Promise<Report> {
  requireDeclared(state);
  const [policies, rules] = await Promise.all([verdictsOf(state, passphrase, run), packRules()]);
  return assembleReport({
    subject: { kind: "check", stack: state.stack, offline: false, recordedAt: state.recordedAt },
    succeeded: policies.every(({ level, verdict }) => level !== "mandatory" || verdict === "pass"),
    resources: state.resources
      .filter(({ type }) => type !== "pulumi:pulumi:Stack")
      .map((resource) => ({
        urn: resource.urn,
        type: resource.type,
        op: "same",
        diff: [],
        ...optional("system", systemOf(resource.urn)),
        ...optional("source", sourceOf(resource)),
      })),
    policies,
    rules,
    warnings: pendingWarning(state),
    errors: [],
  });
}

async function verdictsOf(
  state: RecordedState,
  passphrase: string | undefined,
  run: PolicyRun,
): Promise<PolicyVerdict[]> {
  const opened = await openInputs(state, passphrase);
  // Loaded when it is needed, because it brings the policy SDK with it.
  const [{ rules }, { runRules }, { judgeRun }] = await Promise.all([
    import("../../policies/registry.js"),
    import("../../policies/run/run-rules.js"),
    import("../../policies/judge-stack.js"),
  ]);
  const resources = opened.map(
    ({ urn, type, inputs, protect, ignoreChanges }): DeclaredResource => ({
      urn,
      type,
      name: urn.split("::").slice(3).join("::"),
      props: inputs,
      protect: protect ?? false,
      ignoreChanges: ignoreChanges ?? [],
    }),
  );
  const verdicts = await judgeRun({ rules, runRules }, resources, run);
  // What is said of exemptions and evidence says nothing of the resources.
  const ofResources = new Set<string>(rules.map(({ name }) => name));
  if (!verdicts.some(({ rule }) => ofResources.has(rule.name))) throw nothingJudged(state);
  return verdicts.map(({ rule, verdict, urn, message }) => ({
    rule: rule.name,
    level: rule.enforcementLevel ?? "mandatory",
    verdict,
    urn,
    message,
  }));
}

/** A checkpoint that was cut to what the engine makes by itself would pass every rule. */
function requireDeclared({ stack, recordedAt, resources }: RecordedState): void {
  const isEngines = ({ type }: StateResource) =>
    type === "pulumi:pulumi:Stack" || type.startsWith("pulumi:providers:");
  if (!resources.every(isEngines)) return;
  throw new UserError(
    `${stack}, recorded ${recordedAt}, holds no resources but the stack itself and its providers: there is nothing to check.`,
    { mend: "Bring the stack up first, or name the state of another one." },
  );
}

function nothingJudged({ stack, recordedAt, resources }: RecordedState): UserError {
  return new UserError(
    `${stack}, recorded ${recordedAt}: no rule has anything to say of ${plural(resources.length, "resource")}: nothing is verified.`,
    { mend: "Bring the stack up whole, or name the state of another one." },
  );
}

function pendingWarning({ pending, stack }: RecordedState): readonly { readonly message: string }[] {
  if (pending === 0) return [];
  const message = `${pending} operations of ${stack} were cut off when this was recorded: what they left is not in it. Run up first, or pulumi refresh --stack ${stack}.`;
  return [{ message }];
}

function optional<K extends string, V>(key: K, value: V | undefined): { readonly [key in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [key in K]?: V });
}
