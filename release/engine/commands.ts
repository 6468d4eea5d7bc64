import type { Command } from "../journal/journal";
import type { Diary } from "./diary";
import type { EngineParts } from "./parts";
import { trafficMoved } from "./state";
import { Refuse, RollBack, type Turn } from "./turns";

/**
 * Writes down what a person said and does what follows from it.
 * @returns where the release turns off, if it does
 */
export async function obey(
  command: Command,
  diary: Diary,
  { clock, progress }: Pick<EngineParts, "clock" | "progress">,
): Promise<Turn | undefined> {
  const { id, by, reason, entry, role, answer } = command;
  await diary.write({
    kind: "command",
    id,
    command: command.command,
    by,
    ...(reason !== undefined && { reason }),
    ...(entry !== undefined && { entry }),
    ...(role !== undefined && { role }),
    ...(answer !== undefined && { answer: JSON.parse(JSON.stringify(answer)) }),
  });
  progress(`${command.command} by ${by}${reason === undefined ? "" : `: ${reason}`}`);
  const why = reason ?? `${command.command} by ${by}`;
  switch (command.command) {
    case "hold":
      await diary.write({ kind: "held", why, needsPerson: true });
      return undefined;
    case "promote":
    case "resume":
      if (diary.state.held !== undefined) await diary.write({ kind: "goesOn", by, why });
      return undefined;
    case "rollback":
      return diary.state.rollback === undefined ? new RollBack(why, by, clock.now()) : undefined;
    case "abort":
      // With traffic on the new side, to stop is to go back.
      return trafficMoved(diary.state) ? new RollBack(why, by, clock.now()) : new Refuse(why, true);
    case "approve":
    case "answer":
    case "confirm":
      return undefined;
  }
}
