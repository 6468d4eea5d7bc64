import type { Scope } from "./azure-login";
import { localEndpoint } from "./local-cloud";
import type { Surroundings } from "./surroundings";

/**
 * Bearer token for a data plane of Azure; on dev the embedded cloud's own, never one of Azure.
 *
 * @throws UserError when nobody is logged in, or the embedded cloud is not running
 */
export async function bearer(
  { environment, outside }: Pick<Surroundings, "environment" | "outside">,
  scope: Scope,
): Promise<string> {
  return environment === "dev" ? localEndpoint(outside.stateDir).token : outside.login.token(scope);
}
