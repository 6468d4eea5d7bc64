import { randomUUID } from "node:crypto";
import { performance } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";
import { UserError } from "../../../local/user-error";
import type { Command } from "../../../release/journal/journal";
import { trainsName } from "../../../release/train/train";
import { UserError as StoreError } from "../../../release/user-error";
import type { CommandContext } from "../../context";
import { actorOf } from "../../records/actor";
import { isLocalStack } from "../../stack-files";
import { conclude } from "../conclude";
import type { RollbackOptions } from "../rollback";
import { isAway } from "../rollback-here";
import { requireSettingsToGoOn } from "../settings-to-go-on";
import type { RunningOptions } from "../start";
import type { TellOptions } from "../tell-release";
import { resumeTrain } from "./start-train";
import { openTrain } from "./train-journal";

const lookMilliseconds = 200;

/**
 * Puts a command where the train's process finds it.
 * @returns what was done, for people
 * @throws UserError for a train that has ended, and for what is asked by one of its releases
 */
export async function tellTrain(
  context: CommandContext,
  name: string,
  command: Command["command"],
  options: TellOptions,
): Promise<string> {
  const { store, id, state, runner } = await openTrain(context, name, options);
  const systems = state.train.members.map(({ system }) => system).join(", ");
  if (state.ended !== undefined) {
    throw new UserError(`Train ${id} has ended: ${state.ended.outcome}, ${state.ended.why}.`, {
      mend:
        command === "rollback"
          ? "Its releases go back one by one, the last first: npx switchyard release rollback SYSTEM --reason TEXT."
          : "A new one is started with release start.",
    });
  }
  if (command === "approve" || command === "answer" || command === "confirm" || options.restore === true) {
    const what = options.restore === true ? "restore" : command;
    throw new UserError(`A train takes no ${what}: each of its releases asks for its own.`, {
      mend: `Name the system: ${systems}; npx switchyard release status train says what they wait for.`,
    });
  }
  const by = actorOf(process.env).name;
  await store.send(trainsName, id, {
    id: randomUUID(),
    command,
    by,
    at: new Date().toISOString(),
    ...(options.reason !== undefined && { reason: options.reason }),
  });
  const on = isLocalStack(options.stack) ? "" : ` --stack ${options.stack}`;
  return runner === undefined
    ? `${command} of ${id} (${systems}) by ${by}: noted. No process runs the train: npx switchyard release resume train${on}\n`
    : `${command} of ${id} (${systems}) by ${by}: given to ${runner}. npx switchyard release status train${on}\n`;
}

/** Goes on with a train: its process is told, or this one takes it up; a hold of the train ends by it. */
export async function goOnWithTrain(
  context: CommandContext,
  name: string,
  options: RunningOptions & { readonly stack: string },
): Promise<void> {
  const { store, id, state, runner } = await openTrain(context, name, options);
  await requireSettingsToGoOn(context.workspace, options.stack, store, { system: trainsName, release: id });
  if (runner !== undefined || state.hold !== undefined)
    context.out(await tellTrain(context, name, "resume", { stack: options.stack }));
  if (runner === undefined) await resumeTrain(context, options);
}

/** Everything goes back, the last one first: by the process that runs the train, or by this one where there is none. */
export async function rollBackTrain(
  context: CommandContext,
  name: string,
  options: RollbackOptions,
): Promise<void> {
  const began = performance.now();
  try {
    context.out(await tellTrain(context, name, "rollback", options));
  } catch (error) {
    if (!isAway(error)) throw error;
    throw new StoreError(error.message, {
      mend: "meanwhile each of its releases goes back alone, those that need another before it: npx switchyard release rollback SYSTEM --reason TEXT on the machine that runs the train",
      cause: error,
      retriable: true,
    });
  }
  for (;;) {
    const { id, state, runner } = await openTrain(context, name, options);
    if (state.ended !== undefined) {
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      const { outcome: end, why } = state.ended;
      return conclude(context, {
        what: `train ${id}`,
        name: "train",
        stack: options.stack,
        systems: state.train.members.map(({ system }) => system),
        wanted: "back",
        result: { end, why: `${why} (after ${seconds} s)` },
      });
    }
    if (runner === undefined && (await takenUp(context, options))) return;
    context.signal.throwIfAborted();
    await pause(lookMilliseconds);
  }
}

async function takenUp(context: CommandContext, { stack, users = 0 }: RollbackOptions): Promise<boolean> {
  try {
    await resumeTrain(context, { stack, wait: false, users, urgent: true });
    return true;
  } catch (error) {
    // Somebody holds it, and is asked for it.
    if (error instanceof StoreError && error.retriable) return false;
    throw error;
  }
}
