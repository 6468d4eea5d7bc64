import type * as pulumi from "@pulumi/pulumi";
import { tesoroXp as contract } from "../../../runbooks/tesoro-xp";
import { Access } from "../../azure/access";
import { declarePlanAutoscale } from "../../azure/plan-autoscale";
import { vaultReference } from "../../azure/secret-vault";
import { SlotApp } from "../../azure/slot-app";
import type { Placement } from "../../placement";
import type { SystemSettings } from "../../settings";
import type { Foundation } from "./foundation";
import type { TesoroNames } from "./names";

export interface AppArgs {
  readonly name: string;
  readonly placement: Placement;
  readonly names: TesoroNames;
  readonly settings: SystemSettings<"tesoro-xp">;
  readonly foundation: Foundation;
  readonly secrets: readonly pulumi.Resource[];
  readonly parent: pulumi.Resource;
}

/** The web app with its slot and its plan, and what each of the two identities may do. */
export function declareApp(args: AppArgs): SlotApp {
  const { name, placement, names, settings, foundation, parent } = args;
  const { monitoring, network, vault } = foundation;
  const { own } = settings;
  const { webApp, autoscale } = contract;
  const app = new SlotApp(
    `${name}-app`,
    {
      ...placement,
      system: contract.system,
      planName: names.plan,
      planSize: own.planSize,
      planInstances: own.planInstances,
      zoneRedundant: settings.stack.environment === "production",
      siteName: names.webApp,
      slotName: names.slot,
      subnetId: network.apps.subnetId,
      workspaceId: monitoring.workspaceId,
      linuxFxVersion: own.runtime,
      healthPath: webApp.healthPath,
      minimumTlsVersion: webApp.minimumTlsVersion,
      warmUpStatuses: webApp.warmUpStatuses,
      // The runbook names no page of another origin that calls the app.
      allowedOrigins: [],
      host: { kind: "web" },
      app: appSettings(names),
      settingsDependOn: [...args.secrets],
      grant: (side, principalId) =>
        new Access(
          `${name}-${side}-access`,
          {
            subscriptionId: placement.subscriptionId,
            principalId,
            // The database knows each identity as a user of its own, which a migration makes.
            grants: [
              vault.readSecrets,
              {
                role: "monitoringMetricsPublisher",
                scope: monitoring.componentId,
                scopeResource: monitoring.component,
              },
            ],
          },
          { parent },
        ),
    },
    { parent, dependsOn: [network.apps.subnet, monitoring.workspace] },
  );
  declarePlanAutoscale(
    `${name}-autoscale`,
    {
      ...placement,
      ...autoscale,
      settingName: names.autoscale,
      planId: app.planId,
      minimumInstances: own.planInstances,
      maximumInstances: own.planMaximumInstances,
      mailAddresses: own.alertEmails,
    },
    parent,
    app.plan,
  );
  return app;
}

/** What the app reads from its environment: constants, and secrets as references to the vault. */
function appSettings(names: TesoroNames): Record<string, string> {
  const references = contract.secrets.flatMap((secret) =>
    "appSetting" in secret ? [[secret.appSetting, vaultReference(names.vault, secret.name)]] : [],
  );
  return {
    ...(Object.fromEntries(references) as Record<string, string>),
    // Whoever sends no key in it gets no diagnostics of the database (TES-058).
    DIAGNOSTICS_HEADER: contract.databaseDiagnostics.header,
  };
}
