import { retailAgentic as contract } from "../../../runbooks/retail-agentic";
import type { Component } from "../../../runbooks/retail-agentic/components";
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
export function retailFacts(sources: OutputSources): DeclaredFacts {
  const { settings, names, hosts, platform, foundation, observed } = sources;
  const { documents, relational, vault, backups: account } = foundation;
  const { namespace, backups, documents: store, relational: database } = contract;
  const preview = (component: Component) => previewOf(previewHostsOf(component, settings.own.domain));
  return {
    ...commonFacts(contract.system, { settings, names, vaultId: vault.vaultId }),
    ...clusterFacts(settings, platform, namespace.name),
    tracks: colourTracks(observed.switches),
    hosts: {
      api: { url: `https://${hosts.backend}` },
      "consumer-web": { url: `https://${hosts.consumerWeb}` },
      "admin-web": { url: `https://${hosts.adminWeb}` },
      "api-preview": preview("backend"),
      "consumer-web-preview": preview("consumerWeb"),
      "admin-web-preview": preview("adminWeb"),
    },
    resources: {},
    outputs: {},
    stores: {
      mongo: {
        resourceId: documents.clusterId,
        host: documents.host,
        database: store.database,
        backups: backupsIn(names.backups, account, backups.mongo),
      },
      postgres: {
        resourceId: relational.serverId,
        host: relational.host,
        database: database.database,
        backups: backupsIn(names.backups, account, backups.postgres),
      },
    },
  };
}
