import * as pulumi from "@pulumi/pulumi";
import { caseManagement as contract } from "../../../runbooks/case-management";
import { resourceGroupId } from "../../arm-id";
import type { EdgeSite } from "../../azure/edge-site";
import type { ObservedSides } from "../../kubernetes/observed-sides";
import type { SystemSettings } from "../../settings";
import type { PlatformServices } from "../platform/services";
import type { Foundation } from "./foundation";
import { type Hosts, previewHostsOf } from "./hosts";
import type { CaseManagementNames } from "./names";
import { caseManagementFacts } from "./release-facts";

export interface OutputSources {
  readonly settings: SystemSettings<"case-management">;
  readonly names: CaseManagementNames;
  readonly hosts: Hosts;
  readonly platform: PlatformServices;
  readonly foundation: Foundation;
  readonly edge: EdgeSite;
  readonly observed: ObservedSides;
}

/** What a release, an incident or a person looks up; nothing that a release changes (it would be stale). */
export function caseManagementOutputs(sources: OutputSources): Readonly<Record<string, unknown>> {
  const { settings, names, hosts, platform, foundation, edge } = sources;
  const { azure, own } = settings;
  const { database, restoreTest, cache, vault, uploads, backups } = foundation;
  const { backend, frontend } = contract.components;
  return {
    resourceGroupId: resourceGroupId({
      subscriptionId: azure.subscriptionId,
      resourceGroupName: names.resourceGroup,
    }),
    namespace: contract.namespace.name,
    clusterId: platform.clusterId,
    api: {
      url: `https://${hosts.api}`,
      service: backend.name,
      previewHosts: previewHostsOf(backend.name, own.domain),
    },
    web: {
      url: `https://${hosts.web}`,
      service: frontend.name,
      previewHosts: previewHostsOf(frontend.name, own.domain),
    },
    database: { host: database.server.host, name: database.name, serverId: database.server.serverId },
    restoreTest: {
      host: restoreTest.server.host,
      name: restoreTest.name,
      serverId: restoreTest.server.serverId,
    },
    cache: { host: cache.host, port: cache.port, cacheId: cache.cacheId },
    storage: {
      uploads: {
        accountName: names.uploads,
        accountId: uploads.accountId,
        container: contract.files.uploads,
      },
      backups: {
        accountName: names.backups,
        accountId: backups.accountId,
        databaseContainer: contract.files.databaseBackups,
        datedPrefix: contract.files.datedBackupPrefix,
      },
    },
    vault: { name: names.vault, id: vault.vaultId, uri: `https://${names.vault}.vault.azure.net/` },
    // A domain itself cannot have a CNAME: whoever owns the zone makes an alias of it.
    dns: {
      records: [
        ...[hosts.api, hosts.web].map((host) => ({
          host,
          type: host === own.domain ? "ALIAS" : "CNAME",
          value: edge.endpointHost,
        })),
        ...edge.validationRecords.map((record) => ({ ...record, type: "TXT" })),
      ],
    },
    dashboards: contract.dashboards.map(({ uid }) => uid),
    release: caseManagementFacts(sources),
    // Names and phone numbers of people, whether the stack's file has them encrypted or not.
    contacts: pulumi.secret(own.contacts ?? null),
  };
}
