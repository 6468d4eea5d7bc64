import { Command } from "commander";
import type { CommandContext } from "../context";
import type { PrepareOptions } from "../release/prepare";
import { localStack } from "../stack-files";
import { requireUsableSettings } from "../stack-settings";

/** `switchyard release prepare`: the idle side declares the candidate. */
export function releasePrepareCommand(context: CommandContext): Command {
  return new Command("prepare")
    .description("writes what the idle side is to hold into the stack's file; moves nothing")
    .argument("<systems...>", "such as kirana-store; several are a train")
    .requiredOption("--to <manifest>", "file of the release's manifest, or on dev: example")
    .option("-s, --stack <stack>", "stack to release on", localStack)
    .action(async (systems: readonly string[], options: PrepareOptions) => {
      requireUsableSettings(context.workspace, options.stack);
      // Clients of clouds and clusters cost every other command half a second.
      const { asksForTrain } = await import("../release/train/load-train.js");
      if (await asksForTrain(systems, options.to)) {
        const { prepareTrain } = await import("../release/train/prepare-train.js");
        context.out(await prepareTrain(context, systems, options));
        return;
      }
      const { prepare } = await import("../release/prepare.js");
      context.out(await prepare(context, systems[0]!, options));
    });
}
