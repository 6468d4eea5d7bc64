import { existsSync } from "node:fs";
import { join } from "node:path";
import { type TrustRoot, TrustRootError } from "../../attestation/trust-root";
import type { Contract } from "../../runbooks/vocabulary";
import { actorOf } from "../records/actor";
import { localSigner, localVerificationKey } from "../records/operator-key";
import { isLocalStack, stackFile } from "../stack-files";
import { readStackConfig } from "../stack-settings";
import type { Workspace } from "../workspace";

const farAway = new Date(8.64e15);

/** Whether a stack relies on the key of its own machine: dev, as long as its settings name no trust root. */
export function trustsOwnKey(workspace: Workspace, stack: string): boolean {
  if (!isLocalStack(stack)) return false;
  // A checkout without the file has no settings.
  if (!existsSync(stackFile(workspace, stack))) return true;
  return readStackConfig(workspace, stack)["switchyard:trustRoot"] === undefined;
}

/** Dev's key in the hand of whoever runs it, in every role in which these contracts ask for evidence. */
export function ownTrust(
  workspace: Workspace,
  contracts: readonly Contract[],
  user: NodeJS.ProcessEnv,
): TrustRoot {
  localSigner(workspace);
  const key = localVerificationKey(workspace);
  if (key === undefined) throw new TrustRootError("dev's own key is gone");
  const id = actorOf(user).name;
  const roles = contracts
    .flatMap(({ entries }) => entries)
    .flatMap((entry) => (entry.word === "evidence" ? (entry.signedBy ?? []) : []));
  const person = { id, name: id, roles: [...new Set(roles)] };
  return { digest: key.id, serial: 0, expires: farAway, keys: [{ ...key, kind: "file", person }] };
}

/** Where dev's evidence lies when its settings name no place. */
export function localEvidenceFolder({ stateDir }: Workspace): string {
  return join(stateDir, "evidence");
}
