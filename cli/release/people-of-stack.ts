import type { TrustRoot } from "../../attestation/trust-root";
import { openEvidence } from "../../policies/evidence/store";
import { NoTrustError } from "../../policies/run/trust";
import type { People } from "../../release/engine/parts";
import { callerAlone, NobodyKnown, peopleOf } from "../../release/people/people-of";
import type { Contract } from "../../runbooks/vocabulary";
import { localEvidenceFolder, ownTrust, trustsOwnKey } from "../attest/own-trust";
import { policyRunOf } from "../check/policy-run";
import { withEvidence } from "../evidence/evidence-of-stack";
import { actorOf } from "../records/actor";
import { isLocalStack } from "../stack-files";
import type { Workspace } from "../workspace";
import type { EvidenceAtHand } from "./find-evidence";

/** Who may act in a release on a stack: whom its trust root names; on dev without one, whoever runs it. */
export function peopleOfStack(workspace: Workspace, stack: string, user: NodeJS.ProcessEnv): People {
  if (trustsOwnKey(workspace, stack))
    return callerAlone(
      actorOf(user).name,
      "to try a release with several people: npx switchyard trust init, docs/release-people.md",
    );
  return peopleOf(async () => {
    const { keys } = await verifiedRoot(workspace, stack, user);
    return {
      where: `the trust root of ${stack}`,
      people: keys.map(({ person }) => person),
      mend: "its root keys have to sign a new one that names the person (docs/exemptions.md)",
    };
  });
}

/** Signed statements of a stack, and its trust root; on dev without one dev's own key is trusted in every role. */
export async function trustAndEvidence(
  workspace: Workspace,
  stack: string,
  contract: Contract,
  user: NodeJS.ProcessEnv,
): Promise<EvidenceAtHand> {
  const run = policyRunOf(workspace, stack, await withEvidence({ workspace, stack, user }));
  const { settings } = run;
  const local = isLocalStack(stack);
  const evidenceFolder =
    settings.evidence === undefined && local ? localEvidenceFolder(workspace) : undefined;
  const store = await openEvidence({
    settings: {
      ...settings,
      ...(evidenceFolder !== undefined && { evidence: { location: "evidence" }, evidenceFolder }),
    },
    trustRoot: async () =>
      trustsOwnKey(workspace, stack) ? ownTrust(workspace, [contract], user) : run.trustRoot(),
  });
  return { store, root: store.root };
}

async function verifiedRoot(
  workspace: Workspace,
  stack: string,
  user: NodeJS.ProcessEnv,
): Promise<TrustRoot> {
  try {
    return await policyRunOf(workspace, stack, user).trustRoot();
  } catch (error) {
    if (error instanceof NoTrustError) throw new NobodyKnown(error.message);
    throw error;
  }
}
