import * as pulumi from "@pulumi/pulumi";
import { retailAgentic as contract } from "../../../runbooks/retail-agentic";
import type { Component } from "../../../runbooks/retail-agentic/components";
import { resourceGroupId } from "../../arm-id";
import type { EdgeSite } from "../../azure/edge-site";
import type { ObservedSides } from "../../kubernetes/observed-sides";
import type { SystemSettings } from "../../settings";
import type { PlatformServices } from "../platform/services";
import type { Foundation } from "./foundation";
import { type Hosts, healthUrlOf, previewHostsOf } from "./hosts";
import type { RetailNames } from "./names";
import { retailFacts } from "./release-facts";

export interface OutputSources {
  readonly settings: SystemSettings<"retail-agentic">;
  readonly names: RetailNames;
  readonly hosts: Hosts;
  readonly platform: PlatformServices;
  readonly foundation: Foundation;
  readonly edge: EdgeSite;
  readonly observed: ObservedSides;
}

/** What a release, an incident or a person looks up; nothing that a release changes (it would be stale). */
export function retailOutputs(sources: OutputSources): Readonly<Record<string, unknown>> {
  const { settings, names, hosts, platform, foundation, edge } = sources;
  const { azure, own } = settings;
  const { documents, cache, relational, vault, backups } = foundation;
  const entry = (component: Component) => ({
    url: `https://${hosts[component]}`,
    healthUrl: healthUrlOf(component, hosts),
    service: contract.components[component].name,
    previewHosts: previewHostsOf(component, own.domain),
  });
  return {
    resourceGroupId: resourceGroupId({
      subscriptionId: azure.subscriptionId,
      resourceGroupName: names.resourceGroup,
    }),
    namespace: contract.namespace.name,
    clusterId: platform.clusterId,
    api: entry("backend"),
    consumerWeb: entry("consumerWeb"),
    adminWeb: entry("adminWeb"),
    documents: {
      host: documents.host,
      database: contract.documents.database,
      clusterId: documents.clusterId,
    },
    relational: {
      host: relational.host,
      database: contract.relational.database,
      serverId: relational.serverId,
    },
    cache: { host: cache.host, port: cache.port, cacheId: cache.cacheId },
    backups: {
      accountName: names.backups,
      accountId: backups.accountId,
      containers: {
        mongo: contract.backups.mongo,
        postgres: contract.backups.postgres,
        search: contract.search.snapshots.container,
      },
    },
    vault: { name: names.vault, id: vault.vaultId, uri: `https://${names.vault}.vault.azure.net/` },
    dns: {
      records: [
        ...Object.values(hosts).map((host) => ({ host, type: "CNAME", value: edge.endpointHost })),
        ...edge.validationRecords.map((record) => ({ ...record, type: "TXT" })),
      ],
    },
    dashboards: contract.dashboards.map(({ uid }) => uid),
    release: retailFacts(sources),
    // Names and phone numbers of people, whether the stack's file has them encrypted or not.
    contacts: pulumi.secret(own.contacts ?? null),
  };
}
