import { PrivateDnsZoneGroup } from "@pulumi/azure-native/network/privateDnsZoneGroup";
import { PrivateEndpoint as Endpoint } from "@pulumi/azure-native/network/privateEndpoint";
import * as pulumi from "@pulumi/pulumi";
import type { Placement } from "../placement";
import { childOf } from "./component";

/**
 * Services that are reached by a private endpoint: their sub-resource and their DNS zone (Microsoft Learn, "Azure
 * private endpoint private DNS zone values").
 */
export const privateServices = {
  blob: { groupId: "blob", zone: "privatelink.blob.core.windows.net" },
  mongo: { groupId: "MongoCluster", zone: "privatelink.mongocluster.cosmos.azure.com" },
  postgresql: { groupId: "postgresqlServer", zone: "privatelink.postgres.database.azure.com" },
  redis: { groupId: "redisEnterprise", zone: "privatelink.redis.azure.net" },
  registry: { groupId: "registry", zone: "privatelink.azurecr.io" },
  sql: { groupId: "sqlServer", zone: "privatelink.database.windows.net" },
  vault: { groupId: "vault", zone: "privatelink.vaultcore.azure.net" },
} as const;

export type PrivateService = keyof typeof privateServices;

/** Those that systems on the cluster use: its network has a zone for each. */
export const clusterServices = [
  "blob",
  "mongo",
  "postgresql",
  "redis",
  "registry",
  "vault",
] as const satisfies readonly PrivateService[];
export type ClusterService = (typeof clusterServices)[number];

/** ARM id of the private DNS zone of each kind of service that a network has. */
export type PrivateZones = Readonly<Partial<Record<PrivateService, string>>>;

/** Where a private endpoint gets its address, and where its name is looked up. */
export interface PrivateAccess {
  readonly subnetId: string;
  readonly privateZones: PrivateZones;
}

export interface PrivateEndpointArgs extends Placement {
  readonly endpointName: string;
  readonly service: PrivateService;
  /** ARM id of what is reached. */
  readonly targetId: string;
  readonly access: PrivateAccess;
}

/** An address of a service within the network, and its name there. */
export class PrivateEndpoint extends pulumi.ComponentResource {
  constructor(name: string, args: PrivateEndpointArgs, options?: pulumi.ComponentResourceOptions) {
    super("switchyard:azure:PrivateEndpoint", name, {}, options);
    const { resourceGroupName, endpointName, service, access } = args;
    const privateDnsZoneId = access.privateZones[service];
    if (privateDnsZoneId === undefined) throw new Error(`the network has no private zone for ${service}`);
    const endpoint = new Endpoint(
      `${name}-endpoint`,
      {
        resourceGroupName,
        location: args.location,
        privateEndpointName: endpointName,
        subnet: { id: access.subnetId },
        privateLinkServiceConnections: [
          {
            name: service,
            privateLinkServiceId: args.targetId,
            groupIds: [privateServices[service].groupId],
          },
        ],
        tags: args.tags,
      },
      childOf(this),
    );
    new PrivateDnsZoneGroup(
      `${name}-dns`,
      {
        resourceGroupName,
        privateEndpointName: endpointName,
        privateDnsZoneGroupName: "default",
        privateDnsZoneConfigs: [{ name: service, privateDnsZoneId }],
      },
      childOf(this, [endpoint]),
    );
    this.registerOutputs();
  }
}
