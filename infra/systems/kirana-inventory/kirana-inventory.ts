import { ResourceGroup } from "@pulumi/azure-native/resources/resourceGroup";
import * as pulumi from "@pulumi/pulumi";
import { kiranaInventory as contract } from "../../../runbooks/kirana-inventory";
import { Alerts } from "../../azure/alerts";
import { childOf } from "../../azure/component";
import { declareBudget } from "../../azure/cost-budget";
import { EdgeCache } from "../../azure/edge-cache";
import { Notifications } from "../../azure/notifications";
import type { SlotApp } from "../../azure/slot-app";
import { WebFrontend } from "../../azure/web-frontend";
import { nameScopeOf } from "../../naming";
import { type Placement, placementOf } from "../../placement";
import type { SystemSettings } from "../../settings";
import type { SystemOutputs } from "..";
import { declareBackend } from "./app";
import { declareFoundation, type Foundation } from "./data";
import { declareDomains } from "./domains";
import { domainsOf, originsOf } from "./hosts";
import { type KiranaNames, kiranaNames } from "./names";
import { kiranaOutputs } from "./outputs";
import { OwnerSecrets, writeSecrets } from "./secrets";

export function declareKiranaInventory(settings: SystemSettings<"kirana-inventory">): SystemOutputs {
  return new KiranaInventory("kirana-inventory", settings).stackOutputs;
}

/** kirana-inventory whole: what its runbook's architecture, prerequisites, monitoring, backup and rollback need. */
export class KiranaInventory extends pulumi.ComponentResource {
  /** What the next human or tool needs. */
  readonly stackOutputs: SystemOutputs;
  private readonly names: KiranaNames;
  private readonly placement: Placement;
  private readonly group: ResourceGroup;
  private readonly prefix: string;

  constructor(
    name: string,
    settings: SystemSettings<"kirana-inventory">,
    options?: pulumi.ComponentResourceOptions,
  ) {
    super("switchyard:systems:KiranaInventory", name, {}, options);
    this.prefix = name;
    const { own } = settings;
    const { environment } = settings.stack;
    this.names = kiranaNames(nameScopeOf(settings), own.vaultName);
    this.placement = placementOf(contract.system, settings, this.names.resourceGroup);
    this.group = new ResourceGroup(
      `${name}-group`,
      {
        resourceGroupName: this.names.resourceGroup,
        location: this.placement.location,
        tags: this.placement.tags,
      },
      childOf(this),
    );

    const foundation = declareFoundation(name, this.placement, this.names, settings, this, this.group);
    const frontend = new WebFrontend(
      `${name}-app`,
      {
        ...this.placement,
        system: contract.system,
        siteName: this.names.staticSite,
        siteLocation: own.staticSiteLocation,
      },
      { parent: this, dependsOn: [this.group] },
    );
    const domains = domainsOf(environment, own);
    const addresses = originsOf(this.names, domains);
    const owner = new OwnerSecrets(name, this, own);
    const secrets = writeSecrets(foundation.vault, owner, {
      parent: this,
      name,
      settings: own,
      names: this.names,
      resourceGroupName: this.names.resourceGroup,
      cosmosAccount: foundation.database.account,
      live: foundation.live,
      storageAccount: foundation.storage.account,
      monitoring: foundation.monitoring,
    });
    const backend = declareBackend({
      name,
      placement: this.placement,
      names: this.names,
      settings,
      foundation,
      secrets,
      appOrigin: addresses.app,
      parent: this,
    });
    if (own.developersGroupId) foundation.database.grantItems("developers", own.developersGroupId);
    const declaredDomains = declareDomains({
      name,
      placement: this.placement,
      names: this.names,
      settings: own,
      domains,
      backend,
      frontend,
      parent: this,
      group: this.group,
    });
    this.declareWatch(settings, foundation, backend, addresses, owner);
    const edge = own.cdn ? this.declareEdge(frontend) : undefined;

    this.stackOutputs = kiranaOutputs({
      settings,
      names: this.names,
      foundation,
      backend,
      frontend,
      addresses,
      domains: declaredDomains,
      edgeHost: edge?.hostName,
    });
    this.registerOutputs({});
  }

  /** Action groups, every alert of the contract, the budget. */
  private declareWatch(
    { own }: SystemSettings<"kirana-inventory">,
    { monitoring, database, live }: Foundation,
    backend: SlotApp,
    addresses: ReturnType<typeof originsOf>,
    owner: OwnerSecrets,
  ): void {
    const notifications = new Notifications(
      `${this.prefix}-notify`,
      {
        ...this.placement,
        groupNames: this.names.actionGroups,
        shortName: "kirana",
        relayName: this.names.slackRelay,
        workspaceId: monitoring.workspaceId,
        pagerDutyIntegrationKey: owner.value("pagerDutyIntegrationKey"),
        slackWebhook: owner.value("slackWebhookProd"),
        mailAddresses: own.alertEmails,
      },
      { parent: this, dependsOn: [this.group, monitoring.workspace] },
    );
    const actionGroups = Object.values(notifications.groups);
    new Alerts(
      `${this.prefix}-alert`,
      {
        ...this.placement,
        alerts: contract.alerts,
        nameOf: this.names.alert,
        workspaceId: monitoring.workspaceId,
        componentId: monitoring.componentId,
        monitoring: [monitoring.workspace, monitoring.component],
        targets: {
          cosmosAccount: { id: live.id, resource: database.account },
          plan: { id: backend.planId, resource: backend.plan },
          functionApp: { id: backend.siteId, resource: backend.site },
        },
        probes: addresses,
        actionGroupIds: notifications.groupIds,
        actionGroups,
      },
      { parent: this },
    );
    declareBudget(
      `${this.prefix}-budget`,
      {
        ...this.placement,
        budgetName: this.names.budget,
        monthlyUsd: own.monthlyBudgetUsd,
        startDate: own.budgetStartDate,
        mailAddresses: own.alertEmails,
        actionGroupId: notifications.groupIds.mail,
      },
      this,
      [this.group, notifications.groups.mail],
    );
  }

  private declareEdge(frontend: WebFrontend): EdgeCache {
    return new EdgeCache(
      `${this.prefix}-edge`,
      {
        ...this.placement,
        profileName: this.names.edgeProfile,
        endpointName: this.names.edgeEndpoint,
        originHost: frontend.site.defaultHostname,
      },
      { parent: this, dependsOn: [this.group] },
    );
  }
}
