import type { RunResult } from "../../release/engine/run";
import type { CommandContext } from "../context";
import { OnHold, Refused } from "../exit";
import { isLocalStack } from "../stack-files";

type Ended = Exclude<RunResult["end"], "waiting">;

export interface Conclusion {
  /** `release ID`, `train ID`. */
  readonly what: string;
  /** By which the commands know it: a system, or `train`. */
  readonly name: string;
  readonly stack: string;
  /** Systems whose journals say why it ended as it did. */
  readonly systems: readonly string[];
  /** What the command was given for: that the new version is live, or that it is not any more. */
  readonly wanted: "live" | "back";
  readonly result: Pick<RunResult, "end" | "why">;
}

/**
 * Says how a release or a train has ended, or what it waits for.
 *
 * @throws Refused when that is not what was wanted; OnHold while it waits
 */
export function conclude(
  context: Pick<CommandContext, "out" | "say">,
  { what, name, stack, systems, wanted, result: { end, why } }: Conclusion,
): void {
  const on = isLocalStack(stack) ? "" : ` --stack ${stack}`;
  if (end === "waiting") {
    context.out(`waiting: ${why}\n`);
    context.say(`npx switchyard release status ${name}${on}    what is waited for, and how it is given`);
    context.say(`npx switchyard release resume ${name}${on}    goes on once it is there`);
    throw new OnHold(`${what} waits: nothing moves until somebody goes on with it`);
  }
  context.out(`${endWords[end]}: ${why}\n`);
  if ((end === "finished") === (wanted === "live")) return;
  const became = end === "finished" ? "is live, and did not go back" : `was ${endWords[end]}`;
  const explain = `npx switchyard release explain ${systems.length === 1 ? systems[0] : "SYSTEM"}${on} says why`;
  throw new Refused(
    `error: ${what} ${became}; ${explain}${systems.length === 1 ? "" : `, for ${systems.join(", ")}`}`,
  );
}

const endWords: Readonly<Record<Ended, string>> = {
  finished: "finished",
  rolledBack: "rolled back",
  refused: "refused",
  aborted: "aborted",
};
