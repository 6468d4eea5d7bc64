import type { DeclaredResource } from "../../policies/resource";
import type { PolicyVerdict } from "../../reports/model";
import type { RecordedState } from "./state-file";
import { openInputs } from "./state-secrets";

/**
 * The policy pack against a recorded state: no program, provider or cloud is asked. The verdicts, in order of rule, then
 * URN, are those of a preview of the same stack in which nothing changes.
 *
 * @throws UserError when the state's secrets cannot be decrypted: rules that look for secrets in the wrong place need them.
 */
export async function judgeState(
  state: RecordedState,
  passphrase: string | undefined,
): Promise<readonly PolicyVerdict[]> {
  const opened = await openInputs(state, passphrase);
  // Loaded when it is needed, because it brings the policy SDK with it.
  const [{ rules }, { judgeStack }] = await Promise.all([
    import("../../policies/registry.js"),
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
  return judgeStack(rules, resources)
    .map(({ rule, verdict, urn, message }) => ({
      rule: rule.name,
      level: rule.enforcementLevel ?? "mandatory",
      verdict,
      urn,
      message: message === "" ? "" : `${rule.description}\n${message}`,
    }))
    .sort((a, b) => compare(a.rule, b.rule) || compare(a.urn, b.urn) || compare(a.message, b.message));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
