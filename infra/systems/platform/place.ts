import { type Placement, tagsOf } from "../../placement";
import type { SystemSettings } from "../../settings";
import { type PlatformNames, platformNames } from "./names";

type Settings = SystemSettings<"platform">;

/** Names of the platform in a stack. */
export function namesOf({ stack, azure, own }: Settings): PlatformNames {
  const scope = {
    environment: stack.environment,
    suffix: stack.suffix,
    subscriptionId: azure.subscriptionId,
  };
  return platformNames(scope, own.vaultName);
}

/** Where the platform's resources go, and what they all carry. */
export function placementOf(
  { stack, azure, owner, costCenter, tags }: Settings,
  names: PlatformNames,
): Placement {
  return {
    subscriptionId: azure.subscriptionId,
    resourceGroupName: names.resourceGroup,
    location: azure.location,
    guarded: stack.environment !== "dev",
    tags: tagsOf({
      system: "platform",
      environment: stack.environment,
      stack: stack.name,
      owner,
      costCenter,
      extra: tags,
    }),
  };
}
