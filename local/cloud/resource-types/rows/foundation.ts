import type { RowSpec } from "../model";
import { identityOf, nameRule, succeeded } from "./helpers";
import { GROUP, IDENTITY } from "./paths";

/** Resource group, identity, roles, locks, budget, Defender plans. */
export const foundation: RowSpec[] = [
  {
    token: "resources:ResourceGroup",
    id: GROUP,
    validate: nameRule(
      "resourceGroupName",
      /^[\w.()-]{0,89}[\w()-]$/,
      "1 to 90 letters, digits, . _ - ( ), no period at the end",
    ),
    longRunning: { delete: true },
    compute: () => succeeded(),
  },
  {
    token: "managedidentity:UserAssignedIdentity",
    id: IDENTITY,
    compute: (context) => ({
      properties: {
        clientId: context.guidFor("client"),
        principalId: context.guidFor("principal"),
        tenantId: context.tenantId,
      },
    }),
  },
  {
    token: "authorization:RoleAssignment",
    id: "{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}",
    autoname: "uuid",
    // Azure answers RoleAssignmentUpdateNotPermitted to a change of any of these.
    immutable: ["principalId", "principalType", "roleDefinitionId", "delegatedManagedIdentityResourceId"],
    validate: nameRule("roleAssignmentName", /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, "a GUID"),
    admit: ({ id, inputs, below }) => {
      const scope = id.slice(0, id.toLowerCase().lastIndexOf("/providers/"));
      const twin = below(`${scope}/providers/Microsoft.Authorization/roleAssignments`).find(
        ({ id: other, body }) => {
          const held = body.properties as Record<string, unknown>;
          return (
            other.toLowerCase() !== id.toLowerCase() &&
            held.principalId === inputs.principalId &&
            String(held.roleDefinitionId).toLowerCase() === String(inputs.roleDefinitionId).toLowerCase()
          );
        },
      );
      if (twin === undefined) return undefined;
      const name = twin.id.split("/").at(-1);
      return {
        status: 409,
        code: "RoleAssignmentExists",
        message: `The role assignment already exists. The ID of the existing role assignment is ${name}.`,
      };
    },
    compute: (context) => ({
      properties: {
        scope: `/${context.params.scope!.replace(/^\/+/, "")}`,
        createdBy: context.guidFor("creator"),
        createdOn: context.now(),
        updatedBy: context.guidFor("creator"),
        updatedOn: context.now(),
      },
    }),
  },
  {
    token: "authorization:PolicyAssignment",
    id: "{scope}/providers/Microsoft.Authorization/policyAssignments/{policyAssignmentName}",
    immutable: ["policyDefinitionId"],
    defaults: { enforcementMode: "Default" },
    validate: (inputs) => [
      ...(inputs.policyDefinitionId === undefined
        ? [{ path: "policyDefinitionId", reason: "is required and missing" }]
        : []),
      ...(inputs.identity !== undefined && inputs.location === undefined
        ? [{ path: "location", reason: "is required with identity" }]
        : []),
    ],
    compute: identityOf,
  },
  {
    token: "authorization:ManagementLockByScope",
    id: "{scope}/providers/Microsoft.Authorization/locks/{lockName}",
    compute: () => ({}),
  },
  {
    token: "consumption:Budget",
    id: "{scope}/providers/Microsoft.Consumption/budgets/{budgetName}",
    validate: (inputs) => {
      const amount = inputs.amount;
      const start = (inputs.timePeriod as Record<string, unknown> | undefined)?.startDate;
      return [
        ...(typeof amount === "number" && amount <= 0
          ? [{ path: "amount", reason: `must be above 0, is ${amount}` }]
          : []),
        ...(typeof start === "string" && /^\d{4}-\d{2}-(?!01)/.test(start)
          ? [{ path: "timePeriod.startDate", reason: `must be the first day of a month, is ${start}` }]
          : []),
      ];
    },
    references: [{ path: "notifications.*.contactGroups[*]", code: "InvalidContactGroup" }],
    compute: () => ({ properties: { currentSpend: { amount: 0, unit: "USD" } } }),
  },
  {
    token: "security:Pricing",
    id: "/{scopeId}/providers/Microsoft.Security/pricings/{pricingName}",
    autoname: "none",
    existsByDefault: { pricingTier: "Free" },
    compute: () => ({
      properties: { deprecated: false, inherited: "False", freeTrialRemainingTime: "PT0S" },
    }),
  },
  {
    token: "logic:Workflow",
    id: `${GROUP}/providers/Microsoft.Logic/workflows/{workflowName}`,
    secretInputs: ["parameters.*.value"],
    defaults: { state: "Enabled" },
    compute: (context) => ({
      ...identityOf(context),
      properties: {
        provisioningState: "Succeeded",
        accessEndpoint: `https://local.logic.azure.com:443/workflows/${context.guidFor("workflow").replaceAll("-", "")}`,
        version: context.guidFor("version").replaceAll("-", ""),
        createdTime: context.previous === undefined ? context.now() : undefined,
        changedTime: context.now(),
      },
    }),
  },
];
