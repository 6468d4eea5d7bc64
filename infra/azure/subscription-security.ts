import { PolicyAssignment } from "@pulumi/azure-native/authorization/policyAssignment";
import { Pricing } from "@pulumi/azure-native/security/pricing";
import * as pulumi from "@pulumi/pulumi";
import { resourceGroupId, subscriptionScope } from "../arm-id";
import type { Placement } from "../placement";
import { childOf } from "./component";
import { sendDiagnostics } from "./diagnostics";

export interface SubscriptionSecurityArgs extends Placement {
  readonly workspaceId: string;
}

/** Plans of Defender for Cloud that watch what the systems stand on (STO-061, STO-064). */
const defenderPlans = [
  "Containers",
  "KeyVaults",
  "StorageAccounts",
  "OpenSourceRelationalDatabases",
  "CosmosDbs",
  "Arm",
];

/** "Kubernetes cluster pod security restricted standards for Linux-based workloads", an initiative of Azure's own. */
const restrictedPods =
  "/providers/Microsoft.Authorization/policySetDefinitions/42b8ef37-b724-4e24-bbc8-7a7708edfe00";

/** Namespaces of Azure's add-ons, which keep no restricted standard. */
const excludedNamespaces = [
  "kube-system",
  "gatekeeper-system",
  "azure-arc",
  "aks-istio-system",
  "cert-manager",
];

/** Of the activity log: who did what to the subscription, and what Azure found (STO-061, STO-062). */
const activityCategories = ["Administrative", "Security", "Policy", "Alert", "ServiceHealth"];

/** What is watched in the whole subscription: Defender, the activity log, pods that break the standard. */
export class SubscriptionSecurity extends pulumi.ComponentResource {
  constructor(name: string, args: SubscriptionSecurityArgs, options?: pulumi.ComponentResourceOptions) {
    super("switchyard:azure:SubscriptionSecurity", name, {}, options);
    const scope = subscriptionScope(args.subscriptionId);
    // One after the other: plans of one subscription are one document to Azure.
    let before: readonly pulumi.Resource[] = [];
    for (const pricingName of defenderPlans) {
      const plan = new Pricing(
        `${name}-defender-${pricingName}`,
        { scopeId: scope.slice(1), pricingName, pricingTier: "Standard" },
        childOf(this, before),
      );
      before = [plan];
    }
    sendDiagnostics(
      `${name}-activity`,
      {
        resourceUri: scope,
        workspaceId: args.workspaceId,
        logs: activityCategories.map((category) => ({ category })),
      },
      this,
      [],
    );
    new PolicyAssignment(
      `${name}-pods`,
      {
        policyAssignmentName: "switchyard-pods",
        displayName: "Pods keep the restricted security standard",
        scope: resourceGroupId(args),
        policyDefinitionId: restrictedPods,
        enforcementMode: "Default",
        parameters: { effect: { value: "Audit" }, excludedNamespaces: { value: excludedNamespaces } },
      },
      childOf(this),
    );
    this.registerOutputs();
  }
}
