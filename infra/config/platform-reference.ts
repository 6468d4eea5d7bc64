import { z } from "zod";

/** @param type Such as `Microsoft.Network/virtualNetworks/subnets`: a name follows each part but the first. */
function armIdOf(type: string) {
  const [provider, ...parts] = type.split("/");
  const named = parts.map((part) => `/${part}/[^/]+`).join("");
  return z
    .string()
    .regex(
      new RegExp(
        `^/subscriptions/[0-9a-f-]{36}/resourceGroups/[\\w().-]+/providers/${provider}${named}$`,
        "i",
      ),
    );
}

/** The platform that another stack carries: what its output `platform` says. */
export const platformReference = z.strictObject({
  clusterId: armIdOf("Microsoft.ContainerService/managedClusters"),
  oidcIssuerUrl: z.url({ protocol: /^https$/ }),
  registryHost: z.string().regex(/^[a-z0-9]{5,50}\.azurecr\.io$/),
  prometheusWorkspaceId: armIdOf("Microsoft.Monitor/accounts"),
  prometheusLocation: z.string().regex(/^[a-z]+[a-z0-9]*$/),
  prometheusUrl: z.url({ protocol: /^https$/ }),
  grafanaUrl: z.url({ protocol: /^https$/ }),
  logWorkspaceId: armIdOf("Microsoft.OperationalInsights/workspaces"),
  logWorkspaceCustomerId: z.guid(),
  nodeSubnetId: armIdOf("Microsoft.Network/virtualNetworks/subnets"),
  endpointSubnetId: armIdOf("Microsoft.Network/virtualNetworks/subnets"),
  edgeProfileId: armIdOf("Microsoft.Cdn/profiles"),
  originLinkId: armIdOf("Microsoft.Network/privateLinkServices"),
  originHost: z.string().regex(/^(?:[a-z0-9-]+\.)+[a-z]{2,}$/),
});

export type PlatformReference = z.infer<typeof platformReference>;

/** ARM ids of the reference have names in their places: every second segment. */
export function namesIn(id: string): {
  readonly subscriptionId: string;
  readonly resourceGroupName: string;
  readonly name: string;
} {
  const [, , subscriptionId = "", , resourceGroupName = ""] = id.split("/");
  return { subscriptionId, resourceGroupName, name: id.split("/").at(-1) ?? "" };
}
