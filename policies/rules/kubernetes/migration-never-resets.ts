import { workLabel } from "../../../runbooks/task-purpose";
import { containersOf, podMakers } from "../../kubernetes/pods";
import { listAt, mapAt, optional } from "../../read";
import type { DeclaredResource } from "../../resource";
import { resourceRule } from "../../rule";
import { judged, violation } from "../../verdict";

/** Commands that empty or remove a database as a whole. */
const resets: readonly { readonly pattern: RegExp; readonly what: string }[] = [
  { pattern: /\bmigrate\s+reset\b/i, what: "migrate reset" },
  { pattern: /--force-reset\b/i, what: "--force-reset" },
  { pattern: /\bflyway\b.*\bclean\b/i, what: "flyway clean" },
  { pattern: /\bdropdb\b/i, what: "dropdb" },
  { pattern: /\bdrop\s+(?:database|schema)\b/i, what: "DROP DATABASE" },
];

/** A copy that a proof or a restore of a backup made under its Job's own name, or that one of them left. */
const ownCopy = /\bdropdb(?: --[^\s;]+)* "\$(?:target|left)"/g;

/** What a container runs, without what a task of a backup drops of its own. */
function wordsOf(maker: DeclaredResource, path: string): string {
  const words = listAt(maker, path).map(String).join(" ");
  const work = optional(maker, "metadata.labels") && mapAt(maker, "metadata.labels")[workLabel];
  return work === "prove" || work === "restore" ? words.replace(ownCopy, "") : words;
}

export const migrationNeverResets = resourceRule({
  name: "migration-never-resets",
  topic: "kubernetes",
  displayName: "No task empties a database to undo a migration",
  description:
    "No container's command drops or resets a database: what must be undone is restored from a backup. A task that proves or restores a backup may drop the copy that it made itself.",
  severity: "critical",
  ids: ["CAS-093"],
  conflicts: [74],
  remediationSteps: "Write migrations that only add; undo by moving traffic back, or restore the backup.",
  types: podMakers,
  evaluate: (maker) =>
    judged(
      containersOf(maker).flatMap((container) =>
        ["command", "args"].flatMap((part) => {
          const words = wordsOf(maker, `${container}.${part}`);
          return resets
            .filter(({ pattern }) => pattern.test(words))
            .map(({ what }) => violation(maker.urn, `${container}.${part} must not hold ${what}`));
        }),
      ),
    ),
});
