import type { TrustRoot } from "../../attestation/trust-root";
import { UserError } from "../../local/user-error";
import { policyRunOf } from "../check/policy-run";
import { requireStackFile } from "../stack-files";
import type { Workspace } from "../workspace";

/** @throws UserError when there is no such stack, or it has none that can be relied on. */
export async function trustRootOfStack(workspace: Workspace, stack: string): Promise<TrustRoot> {
  requireStackFile(workspace, stack);
  const { NoTrustError } = await import("../../policies/run/trust.js");
  try {
    return await policyRunOf(workspace, stack, process.env).trustRoot();
  } catch (error) {
    if (!(error instanceof NoTrustError)) throw error;
    throw new UserError(`Stack ${stack}: ${error.message}`, {
      mend: "docs/exemptions.md says how a trust root is made; for dev: npx switchyard trust init.",
    });
  }
}
