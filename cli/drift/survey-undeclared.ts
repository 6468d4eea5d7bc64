import { idKey } from "../../local/cloud/resource-types";
import type { ArmReader } from "../../release/clients/arm";
import { type Json, mapAt } from "../../release/targets/json";
import { bounded } from "./bounded";
import type { Finding, RecordedResource } from "./finding";
import { Patience } from "./unreachable";

const atOnce = 4;

/** What is looked for in each resource group: one list each, so this costs little. */
const kinds = [
  {
    type: "azure-native:authorization:RoleAssignment",
    path: "Microsoft.Authorization/roleAssignments",
    apiVersion: "2022-04-01",
    what: "role assignment",
  },
  {
    type: "azure-native:authorization:ManagementLockByScope",
    path: "Microsoft.Authorization/locks",
    apiVersion: "2020-05-01",
    what: "lock",
  },
] as const;

/** Role assignments and locks at or below the stack's resource groups that are in nobody's program. */
export async function surveyUndeclared(
  stack: string,
  resources: readonly RecordedResource[],
  arm: ArmReader,
): Promise<Finding[]> {
  const declared = new Set(resources.map(({ id }) => idKey(id)));
  const groups = resources.filter(({ type }) => type === "azure-native:resources:ResourceGroup");
  const patience = new Patience();
  const questions = groups.flatMap((group) => kinds.map((kind) => ({ group, kind })));
  const found = await bounded(questions, atOnce, async ({ group, kind }): Promise<Finding[]> => {
    const asked = await patience.ask(() =>
      arm.collection(`${group.id}/providers/${kind.path}`, kind.apiVersion),
    );
    if ("reason" in asked) {
      const remarks = [`${kind.what}s of ${group.id} could not be listed: ${asked.reason}`];
      return [
        { urn: group.urn, type: kind.type, check: "undeclared", state: "undecided", changes: [], remarks },
      ];
    }
    return (asked.value ?? [])
      .filter((item) => isBelow(item, group.id) && !declared.has(idKey(String(item.id))))
      .map((item) => ({
        urn: `urn:pulumi:${stack}::switchyard::${kind.type}::${String(item.id)}`,
        type: kind.type,
        check: "undeclared",
        state: "undeclared",
        changes: [],
        remarks: [descriptionOf(item, kind.what)],
      }));
  });
  return [
    ...new Map(found.flat().map((finding) => [`${finding.urn}\n${finding.remarks[0]}`, finding])).values(),
  ];
}

/** Azure also lists what a group inherits from its subscription, which is not this stack's. */
function isBelow({ id }: Json, group: string): boolean {
  return typeof id === "string" && idKey(id).startsWith(`${idKey(group)}/`);
}

function descriptionOf(item: Json, what: string): string {
  const { principalId, principalType, roleDefinitionId, level } = mapAt(item, "properties");
  const role = typeof roleDefinitionId === "string" ? roleDefinitionId.split("/").at(-1) : undefined;
  const words =
    role === undefined
      ? [`level ${String(level)}`]
      : [`role ${role}`, `to ${String(principalType ?? "principal")} ${String(principalId)}`];
  return `a ${what} that nobody declared: ${words.join(" ")}`;
}
