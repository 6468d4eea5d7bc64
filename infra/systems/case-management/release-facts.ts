import { caseManagement as contract } from "../../../runbooks/case-management";
import {
  backupsIn,
  clusterFacts,
  colourTracks,
  commonFacts,
  type DeclaredFacts,
  previewOf,
} from "../../release-facts";
import { previewHostsOf } from "./hosts";
import type { OutputSources } from "./outputs";

/** Where a release finds what the contract's entries name. */
export function caseManagementFacts(sources: OutputSources): DeclaredFacts {
  const { settings, names, hosts, platform, foundation, observed } = sources;
  const { database, cache, vault, uploads, backups } = foundation;
  const { components, namespace, files, externalServices } = contract;
  const preview = (component: string) => previewOf(previewHostsOf(component, settings.own.domain));
  return {
    ...commonFacts(contract.system, { settings, names, vaultId: vault.vaultId }),
    ...clusterFacts(settings, platform, namespace.name),
    tracks: colourTracks(observed.switches),
    hosts: {
      api: { url: `https://${hosts.api}` },
      web: { url: `https://${hosts.web}` },
      "api-preview": preview(components.backend.name),
      "web-preview": preview(components.frontend.name),
      ...(settings.stack.environment !== "dev" && {
        "send-grid": { url: `https://${externalServices.sendGrid.host}` },
      }),
    },
    resources: {},
    outputs: {},
    stores: {
      postgres: {
        resourceId: database.server.serverId,
        host: database.server.host,
        database: database.name,
        backups: backupsIn(names.backups, backups, files.databaseBackups),
      },
      blob: {
        resourceId: uploads.accountId,
        host: `${names.uploads}.blob.core.windows.net`,
        container: files.uploads,
        backups: backupsIn(names.backups, backups, files.datedBackupPrefix),
      },
      redis: { resourceId: cache.cacheId, host: cache.host },
    },
  };
}
