import { postgresServersWithData } from "../../azure/postgres";
import { azure } from "../../azure/types";
import { judgeEach } from "../../decide";
import { benchmark } from "../../frameworks";
import { describe, required, requiredNumber } from "../../read";
import { contractOf, type DeclaredResource } from "../../resource";
import { stackRule } from "../../rule";
import type { StackView } from "../../stack-view";
import { type Finding, judged, violation } from "../../verdict";

export const postgresBackup = stackRule({
  name: "postgres-backup",
  topic: "data",
  displayName: "PostgreSQL can be restored for as long as the contract says",
  description:
    "Outside dev a PostgreSQL server with data keeps backups for the contract's days; in production in the paired region too.",
  severity: "critical",
  ids: ["RET-117", "CAS-011", "CAS-033"],
  conflicts: [18],
  framework: benchmark("BR-1"),
  remediationSteps:
    "Declare backup.backupRetentionDays and backup.geoRedundantBackup: Enabled; the latter cannot be changed later.",
  presence: azure.postgresServer,
  evaluate(stack) {
    return judged(
      judgeEach(
        postgresServersWithData(stack),
        (server) => server.urn,
        (server) => judgeBackup(stack, server),
      ),
    );
  },
});

function judgeBackup(stack: StackView, server: DeclaredResource): readonly Finding[] {
  if (stack.environment === "dev") return [];
  const findings: Finding[] = [];
  const days = requiredNumber(server, "backup.backupRetentionDays");
  const fewest = contractOf(server).retentionDays;
  if (days < fewest)
    findings.push(
      violation(server.urn, `backup.backupRetentionDays must be at least ${fewest}, found ${days}`),
    );
  const elsewhere = required(server, "backup.geoRedundantBackup");
  if (stack.environment === "production" && elsewhere !== "Enabled")
    findings.push(
      violation(server.urn, `backup.geoRedundantBackup must be "Enabled", found ${describe(elsewhere)}`),
    );
  return findings;
}
