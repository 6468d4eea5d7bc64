import { Command, InvalidArgumentError, Option } from "commander";
import type { CommandContext } from "../context";
import { addPlanningOptions, chosenOptions, type GivenPlanningOptions } from "../release/planning-options";
import type { RunningOptions, StartOptions } from "../release/start";
import { localStack } from "../stack-files";
import { requireUsableSettings } from "../stack-settings";
import { usersOption } from "./users-option";

/** `switchyard release start`: plans a release and walks it. */
export function releaseStartCommand(context: CommandContext): Command {
  const command = new Command("start")
    .description("plans a release and walks it, step by step, to its end or back")
    .argument(
      "<systems...>",
      "such as kirana-store; several are a train, of which --to says what comes first",
    )
    .option("--plan <digest>", "starts only the plan with this digest, the one that was read")
    .addOption(new Option("--at <time>", "of plan and schedule").argParser(beginsNow).hideHelp())
    .action(async (systems: readonly string[], given: StartOptions & GivenPlanningOptions) => {
      const options = chosenOptions(given, systems);
      const { to } = options;
      requireUsableSettings(context.workspace, options.stack);
      // Clients of clouds and clusters cost every other command half a second.
      const { asksForTrain } = await import("../release/train/load-train.js");
      if (to !== undefined && !options.alone && (await asksForTrain(systems, to))) {
        const { startTrain } = await import("../release/train/start-train.js");
        return startTrain(context, systems, { ...options, to });
      }
      const { start } = await import("../release/start.js");
      await start(context, systems[0]!, options);
    });
  return addRunningOptions(addPlanningOptions(command));
}

/** `switchyard release resume`: takes up a release that no process runs any more. */
export function releaseResumeCommand(context: CommandContext): Command {
  const command = new Command("resume")
    .description(
      "takes up a release that waited, or whose process is gone, from where its journal says it is",
    )
    .argument("[system]", "such as kirana-store, or train; whatever no process runs when it is left out")
    .option("-s, --stack <stack>", "stack of the release", localStack)
    .action(async (system: string | undefined, options: RunningOptions & { stack: string }) => {
      const { namesTrain } = await import("../release/train/train-journal.js");
      if (system !== undefined && namesTrain(system)) {
        const { goOnWithTrain } = await import("../release/train/tell-train.js");
        return goOnWithTrain(context, system, options);
      }
      const { resume, resumeAll } = await import("../release/start.js");
      await (system === undefined ? resumeAll(context, options) : resume(context, system, options));
    });
  return addRunningOptions(command);
}

function addRunningOptions(command: Command): Command {
  return command
    .addOption(usersOption())
    .option(
      "--speed <times>",
      "on dev: so many seconds of the runbook pass in one second (default: 1, or that of the release's start)",
      speed,
    )
    .option("--wait", "stays while it waits for people, rather than ending with exit code 3", false);
}

function speed(text: string): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 1 && value <= 1000) return value;
  throw new InvalidArgumentError("A number from 1 to 1000 is needed, such as 60.");
}

/** Whoever names a time would be surprised by a release that begins at once. */
function beginsNow(time: string): never {
  throw new InvalidArgumentError(
    `release start begins now. release schedule SYSTEM --to MANIFEST --at ${time} announces it for then, and release plan --at ${time} plans it.`,
  );
}
