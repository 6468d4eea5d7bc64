import type * as pulumi from "@pulumi/pulumi";
import type { ReleaseFacts, TrackFacts } from "../runbooks/release-facts";
import type { Colour } from "../runbooks/target";
import { resourceGroupId } from "./arm-id";
import type { TrafficSwitch } from "./kubernetes/observed-sides";
import type { DeclarableSystem, SystemSettings } from "./settings";
import type { PlatformServices } from "./systems/platform/services";

/** Facts as the program has them: what Azure decides comes with the first update. */
type Declared<Fact> = Fact extends string | number | boolean
  ? pulumi.Input<Fact>
  : { readonly [Key in keyof Fact]: Declared<Fact[Key]> };

/** The output `release` of a system. */
export type DeclaredFacts = Declared<ReleaseFacts>;

/** Secret of each system's vault with a token that may read in PagerDuty; people put it there, since only a release needs it. */
const pagerDutyTokenSecret = "pagerduty-api-token";

interface Where<System extends DeclarableSystem> {
  readonly settings: SystemSettings<System>;
  readonly names: { readonly resourceGroup: string; readonly vault: string };
  readonly vaultId: string;
}

/** What every system says alike: who it is, its resource group, its vault. */
export function commonFacts<System extends ReleaseFacts["system"]>(
  system: System,
  { settings, names, vaultId }: Where<System>,
): Pick<DeclaredFacts, "system" | "resourceGroupId" | "location" | "vault" | "pagerDuty"> {
  const { pagerDutyServiceId: serviceId } = settings.own;
  return {
    system,
    ...(serviceId !== undefined && { pagerDuty: { serviceId, tokenSecret: pagerDutyTokenSecret } }),
    resourceGroupId: resourceGroupId({
      subscriptionId: settings.azure.subscriptionId,
      resourceGroupName: names.resourceGroup,
    }),
    location: settings.azure.location,
    vault: { name: names.vault, uri: `https://${names.vault}.vault.azure.net/`, id: vaultId },
  };
}

/**
 * What the systems on the cluster say alike. On the embedded cloud Prometheus is found in the state folder, and there is
 * no Grafana: both are left out.
 */
export function clusterFacts(
  { localCloud }: Pick<SystemSettings<"platform">, "localCloud">,
  platform: PlatformServices,
  namespace: string,
): Pick<DeclaredFacts, "workspace" | "prometheusUrl" | "grafanaUrl" | "registryId" | "cluster"> {
  const { kubernetes, logWorkspaceId, logWorkspaceCustomerId } = platform;
  return {
    registryId: platform.registryId,
    workspace: { id: logWorkspaceId, customerId: logWorkspaceCustomerId },
    ...(!localCloud && { prometheusUrl: platform.prometheusUrl, grafanaUrl: platform.grafanaUrl }),
    cluster: {
      namespace,
      ...("clusterId" in kubernetes.choice && { clusterId: kubernetes.choice.clusterId }),
    },
  };
}

/** Tracks with colours: each moves the components that its target names, in the target's order. */
export function colourTracks(switches: readonly TrafficSwitch[]): readonly TrackFacts[] {
  return switches.map(({ track, target }) => {
    if (!("components" in target)) throw new Error(`${track} has no colours: its components must be named`);
    return { name: track, components: Object.keys(target.components), target };
  });
}

/** Addresses under which a release reaches a side before it has traffic. */
export function previewOf({ blue, green }: Readonly<Record<Colour, string>>) {
  return { bySide: { blue: `https://${blue}`, green: `https://${green}` } } as const;
}

/** Where backups are written. */
export function backupsIn(
  accountName: string,
  { accountId }: { readonly accountId: string },
  container: string,
) {
  return { accountName, accountId, container } as const;
}
