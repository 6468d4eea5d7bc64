import { armIdOf, comparableId } from "../../azure/arm-id";
import { besideServer } from "../../azure/sql";
import { azure } from "../../azure/types";
import { judgeEach } from "../../decide";
import { benchmark } from "../../frameworks";
import { describe, objectsAt, optionalText, required, requiredText } from "../../read";
import type { DeclaredResource } from "../../resource";
import { stackRule } from "../../rule";
import type { StackView } from "../../stack-view";
import { type Finding, judged, violation } from "../../verdict";

/** Logs of a diagnostic setting that hold the audit. */
const auditLogs: readonly unknown[] = ["SQLSecurityAuditEvents", "allLogs", "audit"];

export const sqlAuditing = stackRule({
  name: "sql-auditing",
  topic: "data",
  displayName: "Who did what in an SQL database is recorded",
  description:
    "Every SQL server is audited, and its audit arrives in a workspace of the stack through its database master.",
  severity: "high",
  ids: ["TES-048"],
  framework: benchmark("LT-3"),
  remediationSteps:
    "Declare ExtendedServerBlobAuditingPolicy with state Enabled and isAzureMonitorTargetEnabled, and a DiagnosticSetting on the database master with SQLSecurityAuditEvents.",
  presence: azure.sqlServer,
  evaluate(stack) {
    return judged(
      judgeEach(
        stack.ofType(azure.sqlServer),
        (server) => server.urn,
        (server) => [...judgePolicy(stack, server), ...judgeDestination(stack, server)],
      ),
    );
  },
});

function judgePolicy(stack: StackView, server: DeclaredResource): readonly Finding[] {
  const policies = besideServer(stack, server, azure.sqlAudit);
  if (policies.length === 0) return [violation(server.urn, "no audit of the server is declared")];
  const wanted: readonly (readonly [string, unknown])[] = [
    ["state", "Enabled"],
    ["isAzureMonitorTargetEnabled", true],
  ];
  return policies.flatMap((policy) =>
    judgeEach(
      wanted,
      () => policy.urn,
      ([path, value]) => {
        const found = required(policy, path);
        if (found === value) return [];
        return [violation(policy.urn, `${path} must be ${JSON.stringify(value)}, found ${describe(found)}`)];
      },
    ),
  );
}

function judgeDestination(stack: StackView, server: DeclaredResource): readonly Finding[] {
  const master = `${armIdOf(server)}/databases/master`;
  const workspaces = new Set(stack.ofType(azure.workspace).map(armIdOf));
  const arrives = stack
    .ofType(azure.diagnosticSetting)
    .filter((setting) => comparableId(requiredText(setting, "resourceUri")) === master)
    .filter((setting) => workspaces.has(comparableId(optionalText(setting, "workspaceId") ?? "")))
    .some((setting) =>
      objectsAt(setting, "logs").some(
        (log) =>
          log.enabled === true && (auditLogs.includes(log.category) || auditLogs.includes(log.categoryGroup)),
      ),
    );
  return arrives
    ? []
    : [
        violation(
          server.urn,
          "no diagnostic setting of the database master sends the audit to the workspace",
        ),
      ];
}
