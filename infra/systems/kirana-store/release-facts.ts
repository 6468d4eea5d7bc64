import { kiranaStore as contract } from "../../../runbooks/kirana-store";
import {
  backupsIn,
  clusterFacts,
  colourTracks,
  commonFacts,
  type DeclaredFacts,
  previewOf,
} from "../../release-facts";
import { previewHost } from "./components";
import { liveDatabase } from "./data";
import type { OutputSources } from "./outputs";

/** Where a release finds what the contract's entries name. */
export function kiranaStoreFacts(sources: OutputSources): DeclaredFacts {
  const { settings, names, platform, foundation, edge, observed } = sources;
  const { database, cache, vault, storage } = foundation;
  const { host } = settings.own;
  const onCluster = clusterFacts(settings, platform, contract.namespace.name);
  return {
    ...commonFacts(contract.system, { settings, names, vaultId: vault.vaultId }),
    ...onCluster,
    tracks: colourTracks(observed.switches),
    hosts: {
      store: { url: `https://${host}` },
      preview: previewOf({ blue: previewHost("blue", host), green: previewHost("green", host) }),
      ...(onCluster.grafanaUrl !== undefined && { grafana: { url: onCluster.grafanaUrl } }),
    },
    resources: { edgeFirewall: edge.firewall.policyId },
    outputs: {},
    stores: {
      mongo: {
        resourceId: database.clusterId,
        host: database.host,
        database: liveDatabase(settings.own),
        backups: backupsIn(names.storageAccount, storage, contract.dumps.container),
      },
      redis: { resourceId: cache.cacheId, host: cache.host },
    },
  };
}
