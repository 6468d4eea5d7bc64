import type { Signer } from "../../attestation/keys";
import { parseStackName } from "../../infra/settings";
import { localSigner, operatorSigner } from "../records/operator-key";
import { isLocalStack } from "../stack-files";
import type { Workspace } from "../workspace";

/**
 * The key that signs what a release writes: dev's own, elsewhere the operator's.
 *
 * @throws UserError when there is none that may sign there
 */
export async function signerOfStack(
  workspace: Workspace,
  stack: string,
  user: NodeJS.ProcessEnv,
): Promise<Signer> {
  return isLocalStack(stack)
    ? localSigner(workspace)
    : operatorSigner(parseStackName(stack).environment, user);
}
