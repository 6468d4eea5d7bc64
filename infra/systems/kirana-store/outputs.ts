import * as pulumi from "@pulumi/pulumi";
import { kiranaStore as contract } from "../../../runbooks/kirana-store";
import { resourceGroupId } from "../../arm-id";
import type { EdgeSite } from "../../azure/edge-site";
import type { ObservedSides } from "../../kubernetes/observed-sides";
import type { SystemSettings } from "../../settings";
import type { PlatformServices } from "../platform/services";
import { previewHost } from "./components";
import type { Foundation } from "./data";
import { liveDatabase } from "./data";
import type { KiranaStoreNames } from "./names";
import { kiranaStoreFacts } from "./release-facts";

export interface OutputSources {
  readonly settings: SystemSettings<"kirana-store">;
  readonly names: KiranaStoreNames;
  readonly platform: PlatformServices;
  readonly foundation: Foundation;
  readonly edge: EdgeSite;
  readonly observed: ObservedSides;
}

/** What a release, an incident or a person looks up; nothing that a release changes (it would be stale). */
export function kiranaStoreOutputs(sources: OutputSources): Readonly<Record<string, unknown>> {
  const { settings, names, platform, foundation, edge } = sources;
  const { azure, own } = settings;
  const { database, replica, cache, vault, storage } = foundation;
  return {
    resourceGroupId: resourceGroupId({
      subscriptionId: azure.subscriptionId,
      resourceGroupName: names.resourceGroup,
    }),
    namespace: contract.namespace.name,
    clusterId: platform.clusterId,
    url: `https://${own.host}`,
    route: contract.ramp.route,
    previewHosts: { blue: previewHost("blue", own.host), green: previewHost("green", own.host) },
    database: {
      host: database.host,
      name: liveDatabase(own),
      clusterId: database.clusterId,
      replicaHost: replica.host,
      testTenantDatabase: contract.testTenant.database,
    },
    cache: { host: cache.host, port: cache.port, cacheId: cache.cacheId },
    dumps: {
      accountName: names.storageAccount,
      accountId: storage.accountId,
      container: contract.dumps.container,
    },
    vault: { name: names.vault, id: vault.vaultId, uri: `https://${names.vault}.vault.azure.net/` },
    // Whoever owns the zone makes these.
    dns: {
      records: [
        { host: own.host, type: "CNAME", value: edge.endpointHost },
        ...edge.validationRecords.map((record) => ({ ...record, type: "TXT" })),
      ],
    },
    dashboards: contract.dashboards.map(({ uid }) => uid),
    release: kiranaStoreFacts(sources),
    // Names and phone numbers of people, whether the stack's file has them encrypted or not.
    contacts: pulumi.secret(own.contacts ?? null),
  };
}
