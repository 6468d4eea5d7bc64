import * as pulumi from "@pulumi/pulumi";
import { tesoroXp as contract } from "../../../runbooks/tesoro-xp";
import { resourceGroupId } from "../../arm-id";
import type { SlotApp } from "../../azure/slot-app";
import type { Placement } from "../../placement";
import type { SystemSettings } from "../../settings";
import type { Foundation } from "./foundation";
import { azureHosts, type TesoroNames } from "./names";
import { tesoroFacts } from "./release-facts";

export interface OutputSources {
  readonly settings: SystemSettings<"tesoro-xp">;
  readonly placement: Placement;
  readonly names: TesoroNames;
  readonly foundation: Foundation;
  readonly app: SlotApp;
  /** ARM ids of jobs by task. */
  readonly tasks: Readonly<Record<string, string>>;
  readonly grafanaUrl: pulumi.Input<string> | undefined;
}

/** What a release, an incident or a person looks up; nothing that a release changes (it would be stale). */
export function tesoroOutputs(sources: OutputSources): Readonly<Record<string, unknown>> {
  const { settings, placement, names, foundation, app } = sources;
  const { server, live, vault, storage, monitoring } = foundation;
  const hosts = azureHosts(names);
  return {
    resourceGroupId: resourceGroupId(placement),
    app: {
      url: `https://${hosts.site}`,
      siteHost: hosts.site,
      slotHost: hosts.slot,
      siteName: names.webApp,
      slotName: names.slot,
      siteId: app.siteId,
      slotId: app.slotId,
      planId: app.planId,
    },
    database: {
      host: server.host,
      serverName: names.sqlServer,
      databaseName: live.name,
      serverId: server.serverId,
      databaseId: live.id,
      administratorLogin: contract.database.administratorLogin,
      passwordSignIn: settings.own.sqlPasswordSignIn,
    },
    backups: {
      accountName: names.storageAccount,
      accountId: storage.accountId,
      container: contract.backups.container,
      url: `https://${names.storageAccount}.blob.core.windows.net/${contract.backups.container}`,
    },
    vault: {
      name: names.vault,
      id: vault.vaultId,
      uri: `https://${names.vault}.vault.azure.net/`,
    },
    monitoring: {
      workspaceId: monitoring.workspaceId,
      workspaceCustomerId: monitoring.workspace.customerId,
      applicationInsightsId: monitoring.componentId,
    },
    release: tesoroFacts(sources),
    // Names and phone numbers of people, whether the stack's file has them encrypted or not.
    contacts: pulumi.secret(settings.own.contacts ?? null),
  };
}
