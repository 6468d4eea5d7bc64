import { accessProvider } from "./access";
import type { Asking } from "./asking";
import { azureResourceProvider } from "./azure-resource";
import { certificateProvider } from "./certificate";
import { channelProvider } from "./channel";
import { dashboardsProvider } from "./dashboards";
import { dnsProvider } from "./dns";
import type { EngineView } from "./engine-view";
import { firedAlertsProvider } from "./fired-alerts";
import type { GateProvider } from "./gate-provider";
import { httpProvider } from "./http";
import { inNetworkProvider } from "./in-network";
import { kubernetesProvider } from "./kubernetes";
import { logsProvider } from "./logs";
import { pagerDutyProvider } from "./pager-duty";
import type { CheckGateOf, CheckProviderName } from "./provider-gate";
import { releaseStateProvider } from "./release-state";
import { repositoryProvider } from "./repository";
import { restorePointProvider } from "./restore-point";
import { serviceHealthProvider } from "./service-health";
import { suiteProvider } from "./suite";
import { toolProvider } from "./tool";
import { vaultProvider } from "./vault";

/** One provider for each kind of check that contracts may hold. */
export type CheckProviders = { readonly [Name in CheckProviderName]: GateProvider<CheckGateOf<Name>> };

/**
 * Who answers which check: one line each.
 *
 * @param view what the release knows of itself
 * @param repository folder of the checkout, in which suites run
 */
export function checkProviders(asking: Asking, view: EngineView, repository: string): CheckProviders {
  return {
    http: httpProvider(asking),
    kubernetes: kubernetesProvider(asking),
    firedAlerts: firedAlertsProvider(asking),
    release: releaseStateProvider(view),
    vault: vaultProvider(asking),
    azureResource: azureResourceProvider(asking),
    logs: logsProvider(asking),
    dns: dnsProvider(asking),
    serviceHealth: serviceHealthProvider(asking),
    suite: suiteProvider(asking, repository),
    tool: toolProvider(asking.surroundings.env.PATH),
    certificate: certificateProvider(asking),
    inNetwork: inNetworkProvider(asking),
    restorePoint: restorePointProvider(asking),
    pagerDuty: pagerDutyProvider(asking),
    dashboards: dashboardsProvider(asking),
    access: accessProvider(asking, repository),
    channel: channelProvider(asking),
    repository: repositoryProvider(asking, repository),
  };
}
