import { appSystems } from "../../app-systems";
import { armIdOf, armTypeOf, comparableId } from "../../azure/arm-id";
import { azure } from "../../azure/types";
import { judgeEach } from "../../decide";
import { benchmark } from "../../frameworks";
import { objectsAt, optional, optionalText, requiredText } from "../../read";
import type { DeclaredResource } from "../../resource";
import { stackRule } from "../../rule";
import type { StackView } from "../../stack-view";
import { platform, type SystemContract } from "../../systems";
import { type Finding, judged, notApplicable, violation } from "../../verdict";

/** What must be recorded of a resource (Microsoft Learn, "Supported log categories"). */
interface Watched {
  readonly type: string;
  readonly categories: readonly string[] | ((resource: DeclaredResource) => readonly string[]);
  /** Part of the resource that the setting sits on. */
  readonly child?: string;
}

const watched: readonly Watched[] = [
  { type: azure.cosmosAccount, categories: ["DataPlaneRequests", "ControlPlaneRequests"] },
  { type: azure.vault, categories: ["AuditEvent"] },
  { type: azure.site, categories: siteCategories },
  { type: azure.slot, categories: siteCategories },
  { type: azure.sqlDatabase, categories: ["Errors", "Timeouts", "Deadlocks"] },
  { type: azure.postgresServer, categories: ["PostgreSQLLogs"] },
  { type: azure.mongoCluster, categories: ["vCoreMongoRequests"] },
  { type: azure.cluster, categories: ["kube-audit-admin", "guard", "kube-apiserver"] },
  {
    type: azure.containerRegistry,
    categories: ["ContainerRegistryLoginEvents", "ContainerRegistryRepositoryEvents"],
  },
  { type: azure.taskEnvironment, categories: ["ContainerAppConsoleLogs", "ContainerAppSystemLogs"] },
  { type: azure.edgeProfile, categories: ["FrontDoorWebApplicationFirewallLog"] },
  {
    type: azure.storageAccount,
    child: "/blobservices/default",
    categories: ["StorageRead", "StorageWrite", "StorageDelete"],
  },
];

/** A function app writes other logs than a web app; Azure takes what has no kind for a web app. */
function siteCategories(site: DeclaredResource): readonly string[] {
  const isFunctions = String(optional(site, "kind") ?? "").startsWith("functionapp");
  return isFunctions ? ["FunctionAppLogs"] : ["AppServiceHTTPLogs", "AppServiceConsoleLogs"];
}

const workspaceType = "microsoft.operationalinsights/workspaces";

export const diagnosticsToWorkspace = stackRule({
  name: "diagnostics-to-workspace",
  topic: "monitoring",
  displayName: "What happens at data, vault and sites is recorded",
  description:
    "Database, vault, sites, slots and storage send their logs to the stack's Log Analytics workspace.",
  severity: "high",
  ids: ["KIR-016", "KIR-036", "KIR-076", "KIR-131", "TES-059", "TES-102", "STO-061", "STO-062"],
  framework: benchmark("LT-3"),
  remediationSteps:
    "Declare a DiagnosticSetting on the resource with workspaceId and the categories (or the group allLogs) enabled.",
  evaluate(stack) {
    const resources = watched.flatMap((kind) =>
      stack.ofType(kind.type).map((resource) => ({ resource, kind })),
    );
    if (resources.length === 0) return notApplicable("the stack has nothing to record");
    return judged(
      judgeEach(
        resources,
        ({ resource }) => resource.urn,
        ({ resource, kind }) => judgeLogs(stack, resource, kind),
      ),
    );
  },
});

function judgeLogs(stack: StackView, resource: DeclaredResource, kind: Watched): readonly Finding[] {
  const id = armIdOf(resource) + (kind.child ?? "");
  const workspaces = new Set(stack.ofType(azure.workspace).map(armIdOf));
  // A system whose platform another stack carries sends its logs to the workspace there.
  const logging: readonly SystemContract[] = [platform, ...appSystems.map(({ system }) => system)];
  const elsewhere = !logging.some((system) => stack.system(system));
  const isOurs = (workspace: string) =>
    workspaces.has(workspace) || (elsewhere && armTypeOf(workspace) === workspaceType);
  const settings = stack
    .ofType(azure.diagnosticSetting)
    .filter((setting) => comparableId(requiredText(setting, "resourceUri")) === id)
    .filter((setting) => isOurs(comparableId(optionalText(setting, "workspaceId") ?? "")));
  if (settings.length === 0)
    return [violation(resource.urn, "no diagnostic setting sends its logs to the stack's workspace")];
  const categories = typeof kind.categories === "function" ? kind.categories(resource) : kind.categories;
  const missing = categories.filter((category) => !settings.some((setting) => records(setting, category)));
  if (missing.length === 0) return [];
  return [violation(settings[0]!.urn, `logs must hold the categories ${missing.join(", ")}, enabled`)];
}

function records(setting: DeclaredResource, category: string): boolean {
  return objectsAt(setting, "logs").some(
    (log) => log.enabled === true && (log.category === category || log.categoryGroup === "allLogs"),
  );
}
