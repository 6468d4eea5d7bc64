import type * as pulumi from "@pulumi/pulumi";
import { kiranaInventory as contract } from "../../../runbooks/kirana-inventory";
import { secureScoreId } from "../../arm-id";
import { nameScopeOf } from "../../naming";
import { commonFacts, type DeclaredFacts } from "../../release-facts";
import { azureHosts } from "./hosts";
import { kiranaNames } from "./names";
import type { OutputSources } from "./outputs";

/** Where a release finds what the contract's entries name. */
export function kiranaFacts(sources: OutputSources): DeclaredFacts {
  const { settings, names, foundation, backend, frontend, addresses } = sources;
  const { live, vault, monitoring } = foundation;
  const hosts = azureHosts(names);
  return {
    ...commonFacts(contract.system, { settings, names, vaultId: vault.vaultId }),
    tracks: [
      { name: backend.trackName, components: ["backend"], target: backend.target },
      { name: frontend.trackName, components: ["frontend"], target: frontend.target },
    ],
    hosts: {
      api: { url: addresses.api },
      app: { url: addresses.app },
      slot: { url: `https://${hosts.slot}` },
      ...stagingHost(sources),
    },
    resources: {
      cosmosAccount: live.id,
      staticSite: frontend.siteId,
      secureScore: secureScoreId(settings.azure.subscriptionId),
    },
    outputs: { "api.siteHost": hosts.site, "app.azureHost": frontend.site.defaultHostname },
    workspace: { id: monitoring.workspaceId, customerId: monitoring.workspace.customerId },
    stores: { cosmos: { resourceId: live.id, database: contract.cosmos.database } },
  };
}

/** Production asks the staging stack's own app before a release; its name is the runbook's (conflicts 23). */
function stagingHost({ settings }: OutputSources): Record<string, { readonly url: pulumi.Input<string> }> {
  if (settings.stack.environment !== "production") return {};
  const scope = { ...nameScopeOf(settings), environment: "staging", suffix: undefined } as const;
  return { "staging-api": { url: `https://${azureHosts(kiranaNames(scope)).site}` } };
}
