import { performance } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";
import type { ReleaseState } from "../../release/engine/state";
import { UserError } from "../../release/user-error";
import type { CommandContext } from "../context";
import { isLocalStack } from "../stack-files";
import { conclude } from "./conclude";
import { isAway, rollBackHere } from "./rollback-here";
import { confirmingRoles, type OpenedRelease, openRelease, type TellOptions, tell } from "./tell-release";

export interface RollbackOptions extends TellOptions {
  /** On dev, should this process walk the way back: requests a second that are sent as users'. @default none */
  readonly users?: number;
}

const lookMilliseconds = 50;

/**
 * All traffic goes back: by the process that runs the release, or by this one where there is none, or none any more; of a
 * release that has finished by this one, too. Returns when the traffic is back, or when it is people who have to bring
 * back what was changed.
 */
export async function rollback(
  context: CommandContext,
  system: string,
  options: RollbackOptions,
): Promise<void> {
  const began = performance.now();
  const open = () => openRelease(context, system, options);
  let opened: OpenedRelease | undefined;
  try {
    opened = await open();
    if (opened.state.ended?.outcome !== "finished")
      context.out(await tell(opened, system, "rollback", options));
  } catch (error) {
    if (!isAway(error)) throw error;
    opened = await rollBackHere(context, system, options, error, open);
    if (opened === undefined) return;
  }
  if (opened.state.ended?.outcome === "finished") {
    const { takeBack } = await import("./take-back.js");
    return takeBack(context, system, opened, options);
  }
  for (;;) {
    try {
      opened = await opened.again();
    } catch (error) {
      if (!isAway(error)) throw error;
      opened = await rollBackHere(context, system, options, error, open);
      if (opened === undefined) return;
    }
    const { state, runner } = opened;
    if (state.ended !== undefined) {
      const { outcome: end, why } = state.ended;
      return conclude(context, {
        what: `release ${state.release}`,
        name: system,
        stack: options.stack,
        systems: [system],
        wanted: "back",
        result: { end, why },
      });
    }
    // A process that is there goes on with it; one that has left waits for a person, who is told what is waited for.
    const goesOn = runner !== undefined || state.held?.needsPerson === true;
    const back = goesOn ? backWords(state, (performance.now() - began) / 1000) : undefined;
    if (back !== undefined) {
      context.out(`${back}\n`);
      if (options.restore === true) context.out(restoreWords(state, system, options.stack));
      return;
    }
    if (runner === undefined && (await takenUp(context, system, opened, options))) return;
    context.signal.throwIfAborted();
    await pause(lookMilliseconds);
  }
}

/**
 * What has gone back, once it has: traffic. A stack does not by itself, so that of a release of infrastructure alone is said
 * who brings it back.
 *
 * @param seconds since it was asked for
 * @returns undefined while it is still under way
 */
export function backWords(
  { plan, stopped, rollback: back, servedPercent, movedAt }: ReleaseState,
  seconds: number,
): string | undefined {
  if (stopped !== undefined) {
    if (plan.stack === undefined) return "No traffic had been moved; what was begun is taken back.";
    return "The stack was not changed: nothing has to go back.";
  }
  if (back === undefined) return undefined;
  if (plan.stack !== undefined) {
    return "The stack stays as it was updated until people have brought it back, and traffic stays where it is; release status says who is asked.";
  }
  if (servedPercent !== 0 || movedAt === undefined) return undefined;
  return `All traffic is back on ${sidesOf(plan.from.sides)} after ${seconds.toFixed(1)} s.`;
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
