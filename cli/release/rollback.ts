import { performance } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";
import type { ReleaseState } from "../../release/engine/state";
import { UserError } from "../../release/user-error";
import type { CommandContext } from "../context";
import { isLocalStack } from "../stack-files";
import { confirmingRoles, type OpenedRelease, openRelease, type TellOptions, tell } from "./tell-release";

export interface RollbackOptions extends TellOptions {
  /** On dev, should this process walk the way back: requests a second that are sent as users'. @default none */
  readonly users?: number;
}

const lookMilliseconds = 50;

/**
 * All traffic goes back: by the process that runs the release, or by this one where there is none, or none any more; of a
 * release that has finished by this one, too. Returns when the traffic is back.
 */
export async function rollback(
  context: CommandContext,
  system: string,
  options: RollbackOptions,
): Promise<void> {
  const began = performance.now();
  let opened = await openRelease(context, system, options);
  if (opened.state.ended?.outcome === "finished") {
    const { takeBack } = await import("./take-back.js");
    return takeBack(context, system, opened, options);
  }
  context.out(await tell(opened, system, "rollback", options));
  for (;;) {
    opened = await opened.again();
    const { state, runner } = opened;
    if (state.ended !== undefined) {
      context.out(`${state.ended.outcome}: ${state.ended.why}\n`);
      return;
    }
    // A process that is there goes on with it; one that has left waits for a person, who is told what is waited for.
    const goesOn = runner !== undefined || state.held?.needsPerson === true;
    if (state.stopped !== undefined && goesOn) {
      context.out("No traffic had been moved; what was begun is taken back.\n");
      if (options.restore === true) context.out(restoreWords(state, system, options.stack));
      return;
    }
    if (state.rollback !== undefined && goesOn && state.servedPercent === 0 && state.movedAt) {
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      context.out(`All traffic is back on ${sidesOf(state.plan.from.sides)} after ${seconds} s.\n`);
      if (options.restore === true) context.out(restoreWords(state, system, options.stack));
      return;
    }
    if (runner === undefined && (await takenUp(context, system, opened, options))) return;
    context.signal.throwIfAborted();
    await pause(lookMilliseconds);
  }
}

/** Whether this process could take the release up, and walked it back. */
async function takenUp(
  context: CommandContext,
  system: string,
  opened: OpenedRelease,
  { stack, users = 0 }: RollbackOptions,
): Promise<boolean> {
  const { takeUpRelease } = await import("./start.js");
  try {
    await takeUpRelease(context, system, { stack, wait: false, users, urgent: true });
    return true;
  } catch (error) {
    // Somebody holds it, and is asked for it.
    if (error instanceof UserError && error.retriable) return false;
    // Or has ended it meanwhile.
    const { state } = await opened.again();
    if (state.ended !== undefined && error instanceof UserError) return false;
    throw error;
  }
}

function restoreWords(state: ReleaseState, system: string, stack: string): string {
  const on = isLocalStack(stack) ? "" : ` --stack ${stack}`;
  const commands = confirmingRoles(state).map(
    (role) => `  npx switchyard release confirm ${system} --role ${role} --reason TEXT${on}\n`,
  );
  return `The data are restored once it is confirmed:\n${commands.join("")}`;
}

function sidesOf(sides: Readonly<Record<string, string>>): string {
  return [...new Set(Object.values(sides))].join(" and ");
}
