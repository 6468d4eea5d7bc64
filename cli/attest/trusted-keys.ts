import type { VerificationKey } from "../../attestation/keys";
import { parseStackName } from "../../infra/settings";
import { UserError } from "../../local/user-error";
import { policyRunOf } from "../check/policy-run";
import { localVerificationKey } from "../records/operator-key";
import { isLocalStack } from "../stack-files";
import type { Workspace } from "../workspace";

/**
 * Whose signatures of what was done count: dev's own key; elsewhere the keys of the trust root, on production none that
 * lies in a file.
 *
 * @param what is to be verified, for the message: `records`
 * @throws UserError when the stack has no trust root that can be relied on
 */
export async function trustedKeys(
  workspace: Workspace,
  stack: string,
  what: string,
): Promise<readonly VerificationKey[]> {
  if (isLocalStack(stack)) {
    const own = localVerificationKey(workspace);
    return own ? [own] : [];
  }
  const { NoTrustError } = await import("../../policies/run/trust.js");
  const production = parseStackName(stack).environment === "production";
  try {
    const { keys } = await policyRunOf(workspace, stack, process.env).trustRoot();
    return keys.filter(({ kind }) => !production || kind !== "file");
  } catch (error) {
    if (!(error instanceof NoTrustError)) throw error;
    throw new UserError(`The ${what} of ${stack} cannot be verified: ${error.message}`, { cause: error });
  }
}
