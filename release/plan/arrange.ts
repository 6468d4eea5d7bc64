import type { Entry, Phase } from "../../runbooks/vocabulary";
import { isWatched } from "./watched-gates";

/** Where in its phase an entry stands; within a place the contract's order holds. */
const places = {
  firstMessages: 0,
  safetyNet: 1,
  before: 2,
  body: 3,
  checksAfter: 4,
  lastMessages: 5,
} as const;

/** Words that a phase does nothing with: the stack's, or those that people or incidents call for. */
const unplanned: readonly Entry["word"][] = [
  "window",
  "declared",
  "policy",
  "alert",
  "target",
  "escalation",
  "followUp",
  "playbook",
  "superseded",
];

/**
 * Entries that a phase carries out one after the other, in their order: the contract's, but
 *
 * - messages of a phase's beginning first, those of its end last,
 * - outside the backup itself, what proves the way back to the data comes before anything else,
 * - in `prepare` and `finish` everything is checked before anything is done,
 * - in `rollback` numbers come last: nothing that takes people back waits for one,
 * - in `restore` what is asked of the system is asked when it was restored.
 *
 * Gates that are looked at all through the phase are not among them.
 */
export function arrange(phase: Phase, entries: readonly Entry[], watchesRollback: boolean): readonly Entry[] {
  const held = entries.filter((entry) => isPlanned(entry, phase, watchesRollback));
  const firstAction = held.findIndex(({ word }) => word === "step");
  const placed = held.map((entry, index) => ({
    entry,
    place: placeOf(entry, phase, index < firstAction),
    order: offsetOf(entry),
  }));
  // Stable: what stands at the same place keeps the contract's order.
  return placed
    .sort((left, right) => left.place - right.place || left.order - right.order)
    .map(({ entry }) => entry);
}

function isPlanned(entry: Entry, phase: Phase, watchesRollback: boolean): boolean {
  if (!entry.during.includes(phase) || unplanned.includes(entry.word)) return false;
  if (entry.word === "notify")
    return !["hold", "rollback", "failed", "breach", "incident"].includes(entry.at);
  if (entry.word !== "metricGate" && entry.word !== "checkGate") return true;
  return !isWatched(entry, phase, watchesRollback);
}

function placeOf(entry: Entry, phase: Phase, beforeFirstAction: boolean): number {
  if (entry.word === "notify") {
    const early = entry.at === "scheduled" || (entry.at === "phaseStart" && (entry.offsetMinutes ?? 0) <= 0);
    if (early) return places.firstMessages;
    return entry.at === "phaseStart" ? places.body : places.lastMessages;
  }
  if (phase !== "backup" && isSafetyNet(entry)) return places.safetyNet;
  if (phase === "rollback" && entry.word === "metricGate") return places.checksAfter;
  if (phase === "prepare" || phase === "finish") return isCheck(entry) ? places.before : places.body;
  if (phase === "restore" && entry.word === "checkGate" && beforeFirstAction) return places.checksAfter;
  return places.body;
}

function isSafetyNet(entry: Entry): boolean {
  if (entry.word !== "checkGate") return false;
  const { check } = entry;
  if (check.provider === "restorePoint") return true;
  return check.provider === "release" && ["backupRecorded", "backupVerified"].includes(check.expects);
}

function isCheck({ word }: Entry): boolean {
  return ["metricGate", "checkGate", "evidence", "approval", "manual"].includes(word);
}

/** What is asked or told some minutes into its phase stands in the order of these minutes. */
function offsetOf(entry: Entry): number {
  return entry.word === "manual" || entry.word === "notify" ? Math.max(0, entry.offsetMinutes ?? 0) : 0;
}
