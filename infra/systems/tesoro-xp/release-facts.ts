import { tesoroXp as contract } from "../../../runbooks/tesoro-xp";
import { backupsIn, commonFacts, type DeclaredFacts } from "../../release-facts";
import { azureHosts } from "./names";
import type { OutputSources } from "./outputs";

/** Where a release finds what the contract's entries name. */
export function tesoroFacts(sources: OutputSources): DeclaredFacts {
  const { settings, names, foundation, app, tasks, grafanaUrl } = sources;
  const { server, live, vault, storage, monitoring } = foundation;
  const { stagingHost } = settings.own;
  const hosts = azureHosts(names);
  return {
    ...commonFacts(contract.system, { settings, names, vaultId: vault.vaultId }),
    tracks: [{ name: app.trackName, components: ["app"], target: app.target }],
    hosts: {
      app: { url: `https://${hosts.site}` },
      slot: { url: `https://${hosts.slot}` },
      ...(stagingHost !== undefined && { staging: { url: `https://${stagingHost}` } }),
    },
    resources: {
      webApp: app.siteId,
      slot: app.slotId,
      plan: app.planId,
      sqlDatabase: live.id,
    },
    outputs: {},
    // The embedded cloud has no Grafana.
    ...(!settings.localCloud && grafanaUrl !== undefined && { grafanaUrl }),
    tasks,
    workspace: { id: monitoring.workspaceId, customerId: monitoring.workspace.customerId },
    stores: {
      sql: {
        resourceId: live.id,
        host: server.host,
        database: live.name,
        backups: backupsIn(names.storageAccount, storage, contract.backups.container),
      },
    },
  };
}
