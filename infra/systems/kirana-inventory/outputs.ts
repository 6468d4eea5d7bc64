import { listStaticSiteSecretsOutput } from "@pulumi/azure-native/web/listStaticSiteSecrets";
import * as pulumi from "@pulumi/pulumi";
import { resourceGroupId } from "../../arm-id";
import type { SlotApp } from "../../azure/slot-app";
import type { WebFrontend } from "../../azure/web-frontend";
import type { SystemSettings } from "../../settings";
import type { Foundation } from "./data";
import type { DeclaredDomains } from "./domains";
import { azureHosts, type originsOf } from "./hosts";
import type { KiranaNames } from "./names";
import { kiranaFacts } from "./release-facts";

export interface OutputSources {
  readonly settings: SystemSettings<"kirana-inventory">;
  readonly names: KiranaNames;
  readonly foundation: Foundation;
  readonly backend: SlotApp;
  readonly frontend: WebFrontend;
  readonly addresses: ReturnType<typeof originsOf>;
  readonly domains: DeclaredDomains;
  readonly edgeHost: pulumi.Output<string> | undefined;
}

/** Tenant and client of dev's made-up identity provider. */
const nobody = "00000000-0000-4000-8000-000000000000";

/** What a release, an incident or a person looks up; nothing that a release changes (it would be stale). */
export function kiranaOutputs(sources: OutputSources): Readonly<Record<string, unknown>> {
  const { settings, names, foundation, backend, frontend, addresses, domains } = sources;
  const { azure, own } = settings;
  const hosts = azureHosts(names);
  const deployment = listStaticSiteSecretsOutput(
    { resourceGroupName: names.resourceGroup, name: names.staticSite },
    { parent: frontend, dependsOn: [frontend.site] },
  );
  return {
    resourceGroupId: resourceGroupId({
      subscriptionId: azure.subscriptionId,
      resourceGroupName: names.resourceGroup,
    }),
    api: {
      url: addresses.api,
      siteHost: hosts.site,
      slotHost: hosts.slot,
      siteName: names.functionApp,
      slotName: names.slot,
      siteId: backend.siteId,
      slotId: backend.slotId,
      planId: backend.planId,
    },
    app: {
      url: addresses.app,
      siteName: names.staticSite,
      siteId: frontend.siteId,
      azureHost: frontend.site.defaultHostname,
      edgeHost: sources.edgeHost ?? null,
      // Constants of a build: a bundle of one environment cannot be used in another (KIR-079).
      buildVariables: {
        VITE_API_URL: addresses.api,
        VITE_AZURE_AD_CLIENT_ID: own.frontendClientId ?? nobody,
        VITE_AZURE_AD_TENANT_ID: own.frontendTenantId ?? nobody,
      },
    },
    appDeploymentToken: pulumi.secret(deployment.apply(({ properties }) => properties.apiKey ?? null)),
    database: {
      accountName: foundation.live.name,
      accountId: foundation.live.id,
    },
    vault: {
      name: names.vault,
      id: foundation.vault.vaultId,
      uri: `https://${names.vault}.vault.azure.net/`,
    },
    storage: { accountName: names.storageAccount, accountId: foundation.storage.accountId },
    monitoring: {
      workspaceId: foundation.monitoring.workspaceId,
      workspaceCustomerId: foundation.monitoring.workspace.customerId,
      applicationInsightsId: foundation.monitoring.componentId,
    },
    dns: {
      records: domains.records,
      nameServers: domains.nameServers ?? [],
      managedBy: own.dnsZoneManagedBy,
    },
    apiCertificateThumbprint: domains.apiCertificateThumbprint ?? null,
    release: kiranaFacts(sources),
    // Names and phone numbers of people, whether the stack's file has them encrypted or not.
    contacts: pulumi.secret(own.contacts ?? null),
  };
}
