import { containersOf, podMakers } from "../../kubernetes/pods";
import { listAt } from "../../read";
import { resourceRule } from "../../rule";
import { judged, violation } from "../../verdict";

/** Commands that empty or remove a database as a whole. A drill drops its own copy from within the database. */
const resets: readonly { readonly pattern: RegExp; readonly what: string }[] = [
  { pattern: /\bmigrate\s+reset\b/i, what: "migrate reset" },
  { pattern: /--force-reset\b/i, what: "--force-reset" },
  { pattern: /\bflyway\b.*\bclean\b/i, what: "flyway clean" },
  { pattern: /\bdropdb\b/i, what: "dropdb" },
  { pattern: /\bdrop\s+(?:database|schema)\b/i, what: "DROP DATABASE" },
];

export const migrationNeverResets = resourceRule({
  name: "migration-never-resets",
  topic: "kubernetes",
  displayName: "No task empties a database to undo a migration",
  description:
    "No container's command drops or resets a database: what must be undone is restored from a backup.",
  severity: "critical",
  ids: ["CAS-093"],
  conflicts: [74],
  remediationSteps: "Write migrations that only add; undo by moving traffic back, or restore the backup.",
  types: podMakers,
  evaluate: (maker) =>
    judged(
      containersOf(maker).flatMap((container) =>
        ["command", "args"].flatMap((part) => {
          const words = listAt(maker, `${container}.${part}`).map(String).join(" ");
          return resets
            .filter(({ pattern }) => pattern.test(words))
            .map(({ what }) => violation(maker.urn, `${container}.${part} must not hold ${what}`));
        }),
      ),
    ),
});
