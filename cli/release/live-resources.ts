import type { LiveResources } from "../../release/gates/engine-view";
import { resourceName } from "../../release/plan/stack-changes";
import type { Report } from "../../reports/model";
import type { SystemName } from "../../runbooks/model";
import { passphraseFor, recordedState } from "../check/recorded-state";
import type { CommandContext } from "../context";
import { localEnvironment, survey } from "../drift/survey";
import { isLocalStack } from "../stack-files";
import { ownKubeconfig } from "../stack-settings";
import type { LoadedSystem } from "./load-release";
import { concerns } from "./stack-preview";

/**
 * How the system's resources stand in the world, as `switchyard drift` sees them: a preview asks the recorded state alone, and
 * sites are not refreshed (architecture). Swaps and ramps are no difference.
 */
export async function liveResources(
  context: CommandContext,
  { stack, contract }: Pick<LoadedSystem, "stack" | "contract">,
): Promise<LiveResources> {
  const { workspace, signal } = context;
  const state = await recordedState(context, stack);
  const environment = isLocalStack(stack)
    ? localEnvironment(process.env, workspace.stateDir, ownKubeconfig(workspace, stack))
    : process.env;
  const passphrase = passphraseFor(stack, process.env);
  return seenIn(await survey({ state, passphrase, environment, signal, report: () => {} }), contract.system);
}

const words: Readonly<Record<string, string>> = {
  delete: "is gone",
  update: "differs from what was declared",
};

/** What a survey says of a system. What nobody declared is no resource of it. */
export function seenIn(report: Pick<Report, "resources" | "policies">, system: SystemName): LiveResources {
  const own = report.resources.filter(({ urn }) => concerns(urn, system));
  const undecided = report.policies.filter(
    ({ urn, verdict }) => verdict === "undecided" && urn !== undefined && concerns(urn, system),
  );
  return {
    same: own.filter(({ op }) => op === "same").length,
    differ: own.flatMap(({ urn, op }) =>
      words[op] === undefined ? [] : [`${resourceName(urn)} ${words[op]}`],
    ),
    undecided: undecided.flatMap(({ urn }) => (urn === undefined ? [] : [resourceName(urn)])),
  };
}
