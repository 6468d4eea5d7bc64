import type { Command } from "../journal/journal";
import type { Diary } from "./diary";
import { type EngineParts, titleOf } from "./parts";
import { isHeldByWord, isOnTheWayBack } from "./people-words";
import { type GivenCommand, hasChanged, type ReleaseState } from "./state";
import { Refuse, RollBack, StayLive, type Turn } from "./turns";
import { answerHolds } from "./waiting";

/**
 * Writes down what a person said and does what follows from it.
 * @returns where the release turns off, if it does
 */
export async function obey(
  command: Command,
  diary: Diary,
  { progress }: Pick<EngineParts, "progress">,
): Promise<Turn | undefined> {
  const { id, by, reason, entry, role, answer, restore } = command;
  const { held: before } = diary.state;
  // Whoever wants all traffic back does not wait for a store that is away, nor for what was being written to it.
  if ((command.command === "rollback" || command.command === "abort") && hasChanged(diary.state))
    diary.rollBackNow();
  await diary.write({
    kind: "command",
    id,
    command: command.command,
    by,
    ...(reason !== undefined && { reason }),
    ...(entry !== undefined && { entry }),
    ...(role !== undefined && { role }),
    ...(answer !== undefined && { answer: JSON.parse(JSON.stringify(answer)) }),
    ...(restore !== undefined && { restore }),
  });
  progress(
    `${command.command}${restore ? " with the data" : ""} by ${by}${reason === undefined ? "" : `: ${reason}`}`,
  );
  const why = reason ?? `${command.command} by ${by}`;
  switch (command.command) {
    case "hold":
      if (isOnTheWayBack(diary.state)) progress("what goes back is not held: it goes on");
      else await holdByWord(diary, before);
      return undefined;
    case "promote":
    case "resume":
      if (before !== undefined) await diary.write({ kind: "goesOn", by, why });
      return undefined;
    case "rollback":
    case "abort":
      return turnWanted(diary.state);
    case "answer":
      await holdByWord(diary, before);
      return turnWanted(diary.state);
    case "approve":
    case "confirm":
      return undefined;
  }
}

/** The state says whether what was said holds the release; the journal says it to people. */
async function holdByWord(diary: Diary, before: ReleaseState["held"]): Promise<void> {
  const { held } = diary.state;
  if (held === undefined || held === before || !isHeldByWord(diary.state)) return;
  await diary.write({ kind: "held", why: held.why, needsPerson: true });
}

/**
 * Where people told the release to turn off, or a gate wanted all traffic back, as long as it did not; also what a process
 * before this one was told, or saw.
 */
export function turnWanted(state: ReleaseState): Turn | undefined {
  const { commands, rollback, stopped, reopened } = state;
  if (rollback !== undefined && reopened !== undefined) return stayWanted(state);
  if (rollback !== undefined || stopped !== undefined) return undefined;
  if (reopened !== undefined) {
    const { why, by, at, restore } = reopened;
    return new RollBack(why, by, new Date(at), undefined, restore);
  }
  const told = commands.find(
    (given) => given.command === "rollback" || given.command === "abort" || isTrigger(given, state),
  );
  if (told === undefined) return rollbackSeen(state);
  const why = told.reason ?? saidBy(told, state);
  // With traffic on the new side, or on a changed stack, to stop is to go back; before that, to go back is to stop.
  if (hasChanged(state)) return new RollBack(why, told.by, new Date(told.at), undefined, told.restore);
  return new Refuse(why, true);
}

/** Who says `abort` to a way back after the end, before any traffic is back, leaves live what is. */
export function stayWanted({ commands, reopened, servedPercent }: ReleaseState): StayLive | undefined {
  if (reopened === undefined || servedPercent === 0) return undefined;
  const told = commands.find(({ command }) => command === "abort");
  return told && new StayLive(told.reason ?? `abort by ${told.by}`);
}

/** Health that is back meanwhile does not undo it: the contract goes back on what was seen for so long. */
function rollbackSeen({ verdicts, phase, plan }: ReleaseState): RollBack | undefined {
  const seen = [...verdicts.values()].find((one) => one.verdict === "rollback" && one.phase === phase);
  const entry = seen && plan.entries[seen.gate];
  if (seen === undefined || entry === undefined) return undefined;
  return new RollBack(`${titleOf(entry)}: ${seen.why}`, "switchyard", new Date(seen.at), seen.gate);
}

/**
 * An answer on which the contract goes back, whenever it is given and by whom: nobody waits for such questions, and whoever
 * may say `rollback`, which is everybody who may write to the journal, may say it so.
 */
function isTrigger({ command, entry: name, answer }: GivenCommand, { plan }: ReleaseState): boolean {
  const entry = name === undefined ? undefined : plan.entries[name];
  if (command !== "answer" || entry?.word !== "manual" || entry.onBreach !== "rollback") return false;
  return !answerHolds(entry, answer).holds;
}

function saidBy({ command, by, entry: name, answer }: GivenCommand, { plan }: ReleaseState): string {
  const entry = name === undefined ? undefined : plan.entries[name];
  return entry?.word === "manual" ? answerHolds(entry, answer).why : `${command} by ${by}`;
}
