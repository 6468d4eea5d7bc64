import type * as pulumi from "@pulumi/pulumi";
import type { EdgeProfileReference } from "../../azure/edge-site";
import type { PrivateZones } from "../../azure/private-endpoint";
import type { Cluster } from "../../kubernetes/cluster";

/**
 * What the systems on the cluster need of `platform`: from the same stack, or named by `switchyard:platform` where the
 * stack carries a system without it. Names and ids are known in preview.
 */
export interface PlatformServices {
  /** Where objects of the cluster are made: its one provider, and how a track finds it. */
  readonly kubernetes: Cluster;
  /** ARM id of the AKS cluster. */
  readonly clusterId: string;
  readonly clusterName: string;
  readonly clusterResourceGroup: string;
  /** Issuer of the tokens of service accounts; what a federated credential trusts. */
  readonly oidcIssuerUrl: pulumi.Input<string>;
  /** Host of the container registry, `….azurecr.io`; images are `<host>/<repository>@sha256:…`. */
  readonly registryHost: string;
  /** Its ARM id: scope of the role of who pulls from it beside the nodes. */
  readonly registryId: string;
  /** ARM id of the Azure Monitor workspace: the scope of Prometheus rule groups. */
  readonly prometheusWorkspaceId: string;
  /** Region of that workspace; a rule group must be in it. */
  readonly prometheusLocation: string;
  /** Log Analytics workspace that takes diagnostics and container logs. */
  readonly logWorkspaceId: string;
  /** The same workspace as its query API names it. */
  readonly logWorkspaceCustomerId: pulumi.Input<string>;
  /** Query address of Prometheus. */
  readonly prometheusUrl: pulumi.Input<string>;
  readonly grafanaUrl: pulumi.Input<string>;
  readonly network: {
    readonly virtualNetworkId: string;
    /** Subnet of the nodes, with service endpoints of Key Vault and Storage: what `subnetId` of a vault or an account is. */
    readonly nodeSubnetId: string;
    /** Subnet in which private endpoints get their addresses. */
    readonly endpointSubnetId: string;
    /** Private DNS zone of each kind of service, linked to the network. */
    readonly privateZones: PrivateZones;
  };
  readonly edge: EdgeProfileReference;
  /** The cluster's shared Gateway; an HTTPRoute names it as its parent. */
  readonly gateway: {
    readonly name: string;
    readonly namespace: string;
    /**
     * Name of the listener that takes HTTPS from Front Door. It admits every host: the certificates that clients see
     * are Front Door's, and a route says which hosts it answers.
     */
    readonly listener: string;
  };
  /** What must exist first, by what is asked for; empty where another stack holds it. */
  readonly ready: {
    readonly cluster: readonly pulumi.Resource[];
    readonly registry: readonly pulumi.Resource[];
    readonly network: readonly pulumi.Resource[];
    readonly monitoring: readonly pulumi.Resource[];
    readonly edge: readonly pulumi.Resource[];
  };
}
