import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { CommandsHere, type RunningHere, runningHere } from "../../release/journal/commands-here";
import { readIfThere } from "../../release/journal/files";
import type { Command } from "../../release/journal/journal";
import { pendingFile } from "../../release/journal/local-journal";
import { UserError } from "../../release/user-error";
import type { CommandContext } from "../context";
import { actorOf } from "../records/actor";
import { isLocalStack } from "../stack-files";
import { pendingFolder } from "./pending-folder";
import type { OpenedRelease, TellOptions } from "./tell-release";

const lookMilliseconds = 200;
const storeMilliseconds = 3000;

/** What does not come from the store of the journals because it does not answer. */
export function isAway(error: unknown): error is UserError {
  return error instanceof UserError && error.retriable;
}

/**
 * A rollback while the store of the journals does not answer: the process that runs the release is told beside it, where it
 * runs on this machine. Returns when the traffic is back.
 *
 * @param open looks whether the store answers again
 * @returns the release, once the store answers before that: it has the command, too
 * @throws UserError with the way by hand, where no process of this machine runs it, or none any more
 */
export async function rollBackHere(
  context: CommandContext,
  system: string,
  options: TellOptions,
  away: UserError,
  open: () => Promise<OpenedRelease>,
): Promise<OpenedRelease | undefined> {
  const folder = pendingFolder(context.workspace);
  const running = await runningHere(folder, { system, ...options });
  if (running === undefined) throw byHand(system, options.stack, away, "runs the release");
  const { release, holder } = running;
  const by = actorOf(process.env).name;
  const command: Command = {
    id: randomUUID(),
    command: "rollback",
    by,
    at: new Date().toISOString(),
    ...(options.reason !== undefined && { reason: options.reason }),
    ...(options.restore === true && { restore: true }),
  };
  const here = new CommandsHere(folder, system, release);
  await here.send(command);
  context.say(away.message);
  context.out(`rollback of ${release} by ${by}: given to ${holder} on this machine, past the store.\n`);
  let [heard, askedAt] = [false, performance.now()];
  for (;;) {
    if (!heard && !(await here.isWaiting(command))) {
      heard = true;
      context.out(
        "It was heard; what that process writes is kept on this machine until the store answers.\n",
      );
    }
    if (await isBack(folder, running)) {
      context.out("All traffic is back, as that process says.\n");
      return undefined;
    }
    if ((await runningHere(folder, { system, stack: options.stack, release })) === undefined) {
      const opened = await openOrAway(open);
      if (opened !== undefined)
        return opened.state.heard.has(command.id) ? opened : given(opened, system, command);
      // It may have gone back in its last moment.
      if (await isBack(folder, running)) continue;
      await here.takeBack(command);
      throw byHand(system, options.stack, away, "runs the release any more");
    }
    if (performance.now() - askedAt > storeMilliseconds) {
      const opened = await openOrAway(open);
      if (opened !== undefined) return given(opened, system, command);
      askedAt = performance.now();
    }
    await pause(lookMilliseconds, undefined, { signal: context.signal });
  }
}

/** Under the same id: whichever way it comes first, it is heard once. */
async function given(opened: OpenedRelease, system: string, command: Command): Promise<OpenedRelease> {
  if (opened.state.ended === undefined && !opened.state.heard.has(command.id))
    await opened.store.send(system, opened.release, command);
  return opened;
}

async function openOrAway(open: () => Promise<OpenedRelease>): Promise<OpenedRelease | undefined> {
  try {
    return await open();
  } catch (error) {
    if (!isAway(error)) throw error;
    return undefined;
  }
}

/** Whether the steps that bring all traffic back are done, by what the process keeps here while its store is away. */
async function isBack(folder: string, { system, release, back }: RunningHere): Promise<boolean> {
  if (back.length === 0) return false;
  const text = (await readIfThere(join(folder, pendingFile(system, release))))?.toString("utf8") ?? "";
  const done = new Set<unknown>();
  for (const line of text.split("\n").slice(0, -1)) {
    const { entry } = JSON.parse(line) as {
      readonly entry?: { readonly kind?: string; readonly step?: string };
    };
    if (entry?.kind === "done") done.add(entry.step);
  }
  return back.every((step) => done.has(step));
}

/** Nothing of what it says reads or writes a journal. */
export function byHand(system: string, stack: string, away: UserError, runs: string): UserError {
  const on = isLocalStack(stack) ? "" : ` --stack ${stack}`;
  return new UserError(`${away.message}; and no process of this machine ${runs}`, {
    mend:
      `on the machine that runs it, in the same checkout, the same command reaches its process; otherwise go back by the rollback of the runbook of ${system} by hand, ` +
      `with the commands of docs/release.md, "Back without the journals"; what is live shows npx switchyard drift${on}`,
    cause: away,
    retriable: true,
  });
}
