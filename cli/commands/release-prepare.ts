import { Command } from "commander";
import type { CommandContext } from "../context";
import { localStack } from "../engine/local-stack";
import type { PrepareOptions } from "../release/prepare";

/** `switchyard release prepare`: the idle side declares the candidate. */
export function releasePrepareCommand(context: CommandContext): Command {
  return new Command("prepare")
    .description("writes what the idle side is to hold into the stack's file; moves nothing")
    .argument("<system>", "such as kirana-store")
    .requiredOption("--to <manifest>", "file of the release's manifest, or on dev: example")
    .option("-s, --stack <stack>", "stack to release on", localStack)
    .action(async (system: string, options: PrepareOptions) => {
      // Clients of clouds and clusters cost every other command half a second.
      const { prepare } = await import("../release/prepare.js");
      context.out(await prepare(context, system, options));
    });
}
