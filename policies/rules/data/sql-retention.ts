import { besideDatabase } from "../../azure/sql";
import { azure } from "../../azure/types";
import { judgeEach } from "../../decide";
import { benchmark } from "../../frameworks";
import { describe, required, requiredNumber, requiredText } from "../../read";
import type { DeclaredResource } from "../../resource";
import { stackRule } from "../../rule";
import type { StackView } from "../../stack-view";
import { tesoro } from "../../systems";
import { type Finding, judged, violation } from "../../verdict";

const { pointInTimeDays, longTerm } = tesoro.contract.database;
/** Copies of backups that survive the loss of the region. */
const inTwoRegions: readonly unknown[] = ["Geo", "GeoZone"];

export const sqlRetention = stackRule({
  name: "sql-retention",
  topic: "data",
  displayName: "An SQL database can be restored for as long as the contract says",
  description:
    "Every SQL database keeps the contract's days for a restore to any moment and its long-term backups; outside dev in the paired region too.",
  severity: "critical",
  ids: ["TES-051", "TES-076", "TES-095"],
  conflicts: [18, 41],
  framework: benchmark("BR-1"),
  remediationSteps:
    "Declare BackupShortTermRetentionPolicy and LongTermRetentionPolicy for the database, and requestedBackupStorageRedundancy Geo or GeoZone on it.",
  presence: azure.sqlDatabase,
  evaluate(stack) {
    return judged(
      judgeEach(
        stack.ofType(azure.sqlDatabase),
        (database) => database.urn,
        (database) => [
          ...judgePointInTime(stack, database),
          ...judgeLongTerm(stack, database),
          ...judgeRegions(stack, database),
        ],
      ),
    );
  },
});

function judgePointInTime(stack: StackView, database: DeclaredResource): readonly Finding[] {
  const [policy] = besideDatabase(stack, database, azure.sqlPointInTime);
  if (!policy)
    return [
      violation(database.urn, "how long any moment can be restored is not declared: Azure keeps 7 days"),
    ];
  return judgeEach(
    [policy],
    () => policy.urn,
    () => {
      const days = requiredNumber(policy, "retentionDays");
      if (days >= pointInTimeDays) return [];
      return [violation(policy.urn, `retentionDays must be at least ${pointInTimeDays}, found ${days}`)];
    },
  );
}

function judgeLongTerm(stack: StackView, database: DeclaredResource): readonly Finding[] {
  const [policy] = besideDatabase(stack, database, azure.sqlLongTerm);
  if (!policy) return [violation(database.urn, "no long-term backups are declared: Azure keeps none")];
  return judgeEach(
    ["weekly", "monthly", "yearly"] as const,
    () => policy.urn,
    (period) => {
      const path = `${period}Retention`;
      const found = requiredText(policy, path);
      if (found === longTerm[period]) return [];
      return [violation(policy.urn, `${path} must be "${longTerm[period]}", found ${describe(found)}`)];
    },
  );
}

function judgeRegions(stack: StackView, database: DeclaredResource): readonly Finding[] {
  if (stack.environment === "dev") return [];
  return judgeEach(
    [database],
    () => database.urn,
    () => {
      const found = required(database, "requestedBackupStorageRedundancy");
      if (inTwoRegions.includes(found)) return [];
      return [
        violation(
          database.urn,
          `requestedBackupStorageRedundancy must be ${inTwoRegions.map((value) => JSON.stringify(value)).join(" or ")}, found ${describe(found)}`,
        ),
      ];
    },
  );
}
