import type * as pulumi from "@pulumi/pulumi";
import { kiranaInventory as contract } from "../../../runbooks/kirana-inventory";
import { Access, type Grant } from "../../azure/access";
import { vaultReference } from "../../azure/secret-vault";
import { SlotApp } from "../../azure/slot-app";
import type { Placement } from "../../placement";
import type { SystemSettings } from "../../settings";
import type { Foundation } from "./data";
import type { KiranaNames } from "./names";

/** Runtime of the backend (Microsoft Learn, "Azure Functions Node.js developer guide", supported versions). */
const linuxFxVersion = "NODE|22";

export interface BackendArgs {
  readonly name: string;
  readonly placement: Placement;
  readonly names: KiranaNames;
  readonly settings: SystemSettings<"kirana-inventory">;
  readonly foundation: Foundation;
  readonly secrets: readonly pulumi.Resource[];
  readonly appOrigin: pulumi.Input<string>;
  readonly parent: pulumi.Resource;
}

/** The function app with its slot, and what each of the two identities may do. */
export function declareBackend(args: BackendArgs): SlotApp {
  const { name, placement, names, settings, foundation, parent } = args;
  const { functionApp } = contract;
  const { network, monitoring, storage } = foundation;
  return new SlotApp(
    `${name}-api`,
    {
      ...placement,
      system: contract.system,
      planName: names.plan,
      planSize: settings.own.planSize,
      planInstances: settings.own.planInstances,
      zoneRedundant: settings.stack.environment === "production",
      siteName: names.functionApp,
      slotName: names.slot,
      subnetId: network.subnetId,
      workspaceId: monitoring.workspaceId,
      linuxFxVersion,
      healthPath: functionApp.healthPath,
      minimumTlsVersion: functionApp.minimumTlsVersion,
      warmUpStatuses: functionApp.warmUpStatuses,
      host: {
        kind: "functions",
        storageAccountName: names.storageAccount,
        backgroundFunctions: settings.own.backgroundFunctions,
      },
      allowedOrigins: [args.appOrigin],
      app: backendSettings(names),
      settingsDependOn: [...args.secrets, storage.account],
      grant: (side, principalId) => {
        foundation.database.grantItems(side, principalId);
        return new Access(
          `${name}-${side}-access`,
          { subscriptionId: placement.subscriptionId, principalId, grants: grantsOfSide(foundation) },
          { parent },
        );
      },
    },
    { parent, dependsOn: [network.subnet, monitoring.workspace] },
  );
}

/** What the app reads from its environment: constants, and secrets as references to the vault. */
function backendSettings(names: KiranaNames): Record<string, string> {
  const references = contract.secrets.flatMap((secret) =>
    "appSetting" in secret ? [[secret.appSetting, vaultReference(names.vault, secret.name)]] : [],
  );
  return {
    ...(Object.fromEntries(references) as Record<string, string>),
    COSMOS_DATABASE: contract.cosmos.database,
    DAILY_BUDGET_CAP: String(contract.llmBudget.dailyCapUsd),
  };
}

/** The least that a side needs: read secrets, run on the storage account, send telemetry. */
function grantsOfSide({ vault, storage, monitoring }: Foundation): readonly Grant[] {
  return [
    vault.readSecrets,
    storage.grant("storageBlobDataOwner"),
    storage.grant("storageQueueDataContributor"),
    storage.grant("storageTableDataContributor"),
    {
      role: "monitoringMetricsPublisher",
      scope: monitoring.componentId,
      scopeResource: monitoring.component,
    },
  ];
}
