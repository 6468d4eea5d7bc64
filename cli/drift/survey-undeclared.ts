import { byArmId, idKey, nameOf } from "../../local/cloud/resource-types";
import type { ArmReader } from "../../release/clients/arm";
import { type Json, mapAt } from "../../release/targets/json";
import { bounded } from "./bounded";
import type { Finding, RecordedResource } from "./finding";
import type { Recorded } from "./recorded-resources";
import { Patience } from "./unreachable";

const atOnce = 4;

/** One list of what there is, and how a thing in it that nobody declared is told. */
interface Question {
  /** Below which what is listed is the stack's. */
  readonly within: RecordedResource;
  readonly path: string;
  readonly apiVersion: string;
  readonly what: string;
  readonly typeOf: (item: Json) => string;
  readonly words: (item: Json) => string;
}

/** What is listed for each resource group: few lists, so this costs little. */
function questionsOfGroup(group: RecordedResource): readonly Question[] {
  return [
    {
      within: group,
      path: `${group.id}/providers/Microsoft.Authorization/roleAssignments`,
      apiVersion: "2022-04-01",
      what: "role assignment",
      typeOf: () => "azure-native:authorization:RoleAssignment",
      words: roleWords,
    },
    {
      within: group,
      path: `${group.id}/providers/Microsoft.Authorization/locks`,
      apiVersion: "2020-05-01",
      what: "lock",
      typeOf: () => "azure-native:authorization:ManagementLockByScope",
      words: (item) => `a lock that nobody declared: level ${String(mapAt(item, "properties").level)}`,
    },
    {
      within: group,
      path: `${group.id}/resources`,
      apiVersion: "2021-04-01",
      what: "resource",
      typeOf: typeOfResource,
      words: (item) => `a resource that nobody declared: ${String(item.type)} in ${String(item.location)}`,
    },
  ];
}

/** No list of a group's resources holds the firewall rules of its SQL servers: a hole into one would show nowhere. */
function firewallRulesOf(server: RecordedResource): Question {
  return {
    within: server,
    path: `${server.id}/firewallRules`,
    apiVersion: "2021-11-01",
    what: "firewall rule",
    typeOf: () => "azure-native:sql:FirewallRule",
    words: (item) => {
      const { startIpAddress, endIpAddress } = mapAt(item, "properties");
      return `a firewall rule that nobody declared: ${String(startIpAddress)} to ${String(endIpAddress)}`;
    },
  };
}

/**
 * Role assignments, locks and resources at or below the stack's resource groups, and firewall rules of its SQL servers,
 * that are in nobody's program. A database that the stack's file names, as a restore has made it, is.
 */
export async function surveyUndeclared(
  stack: string,
  { azure: resources, stores }: Pick<Recorded, "azure" | "stores">,
  arm: ArmReader,
): Promise<Finding[]> {
  const declared = new Set([...resources.map(({ id }) => id), ...stores].map(idKey));
  const patience = new Patience();
  const ofType = (type: string) => resources.filter((resource) => resource.type === type);
  const questions = [
    ...ofType("azure-native:resources:ResourceGroup").flatMap(questionsOfGroup),
    ...ofType("azure-native:sql:Server").map(firewallRulesOf),
  ];
  const found = await bounded(questions, atOnce, async (question): Promise<Finding[]> => {
    const { within, path, apiVersion, what, typeOf, words } = question;
    const asked = await patience.ask(() => arm.collection(path, apiVersion));
    if ("reason" in asked) {
      const remarks = [`${what}s of ${within.id} could not be listed: ${asked.reason}`];
      const type = typeOf({});
      return [{ urn: within.urn, type, check: "undeclared", state: "undecided", changes: [], remarks }];
    }
    return (asked.value ?? [])
      .filter((item) => isBelow(item, within.id) && !declared.has(idKey(String(item.id))))
      .filter((item) => what !== "resource" || !isAzuresOwn(item))
      .map((item) => ({
        urn: `urn:pulumi:${stack}::switchyard::${typeOf(item)}::${String(item.id)}`,
        type: typeOf(item),
        check: "undeclared",
        state: "undeclared",
        changes: [],
        remarks: [words(item)],
      }));
  });
  return [
    ...new Map(found.flat().map((finding) => [`${finding.urn}\n${finding.remarks[0]}`, finding])).values(),
  ];
}

/** What Azure makes by itself beside what was declared, by type in lower case and name (docs/drift.md). */
const azuresOwn: readonly (readonly [type: string, name: RegExp])[] = [
  // Application Insights looks for anomalies, and tells of them.
  ["microsoft.alertsmanagement/smartdetectoralertrules", /^Failure Anomalies/i],
  ["microsoft.insights/actiongroups", /^Application Insights Smart Detection$/i],
  ["microsoft.network/networkwatchers", /^NetworkWatcher_/i],
  // Network interfaces of private endpoints.
  ["microsoft.network/networkinterfaces", /\.nic\.[0-9a-f-]{36}$/i],
  ["microsoft.operationsmanagement/solutions", /^(?:ContainerInsights|SecurityInsights)\(/i],
  ["microsoft.sql/servers/databases", /^master$/i],
];

/** A part of something that has no region of its own is compared with it; what is managed by a resource is that one's. */
function isAzuresOwn(item: Json): boolean {
  const { id, type, managedBy, location } = item;
  if (typeof location !== "string" || (typeof managedBy === "string" && managedBy !== "")) return true;
  const own = String(type).toLowerCase();
  return azuresOwn.some(([known, name]) => known === own && name.test(nameOf(String(id))));
}

function typeOfResource({ id }: Json): string {
  const known = typeof id === "string" ? byArmId(id)?.token : undefined;
  return known ?? "azure-native:resources:Resource";
}

/** Azure also lists what a group inherits from its subscription, which is not this stack's. */
function isBelow({ id }: Json, group: string): boolean {
  return typeof id === "string" && idKey(id).startsWith(`${idKey(group)}/`);
}

function roleWords(item: Json): string {
  const { principalId, principalType, roleDefinitionId } = mapAt(item, "properties");
  const role = typeof roleDefinitionId === "string" ? roleDefinitionId.split("/").at(-1) : "unknown";
  const whom = `${String(principalType ?? "principal")} ${String(principalId)}`;
  return `a role assignment that nobody declared: role ${role} to ${whom}`;
}
