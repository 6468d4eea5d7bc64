import { ArmError } from "./arm-error";
import type { ArmResponse } from "./arm-response";
import type { Cloud } from "./cloud";

const PERMISSIONS = /^(\/subscriptions\/[^/]+(?:\/.+)?)\/providers\/Microsoft\.Authorization\/permissions$/i;
const GROUP = /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+$/i;

/**
 * What the caller may do (Authorization, "Permissions - List For Resource"). Whoever has the token of this start is owner
 * of everything here, with the data as well.
 *
 * @returns undefined for another path
 * @throws ArmError 404 for what does not exist
 */
export function permissionsRequest(cloud: Cloud, method: string, path: string): ArmResponse | undefined {
  const scope = method === "GET" ? PERMISSIONS.exec(path)?.[1] : undefined;
  if (scope === undefined) return undefined;
  if (!cloud.exists(scope)) {
    throw GROUP.test(scope)
      ? new ArmError(
          404,
          "ResourceGroupNotFound",
          `Resource group '${scope.split("/").at(-1)}' could not be found.`,
        )
      : new ArmError(404, "ResourceNotFound", `The resource '${scope}' was not found.`, { target: scope });
  }
  const owner = { actions: ["*"], notActions: [], dataActions: ["*"], notDataActions: [] };
  return { status: 200, body: { value: [owner] } };
}
