import { Command } from "commander";
import { ensureToolchain } from "../../local/toolchain/ensure";
import { toolchainStatus } from "../../local/toolchain/status";
import type { CommandContext } from "../context";

/** `switchyard toolchain`: which CLI, language host and plugins are used, from where, and why. */
export function toolchainCommand(context: CommandContext): Command {
  const command = new Command("toolchain").description("the Pulumi CLI, its language host and plugins");
  command
    .command("status")
    .description("what is used, its version, where it came from and why")
    .option("--format <format>", "text or json", "text")
    .action(async (options: { format: string }) => {
      const status = await toolchainStatus();
      context.out(
        options.format === "json" ? `${JSON.stringify(status, null, 2)}\n` : JSON.stringify(status, null, 2),
      );
    });
  command
    .command("install")
    .description("fetch or build what is missing")
    .action(async () => {
      const toolchain = await ensureToolchain({ progress: context.progress, signal: context.signal });
      context.out(`pulumi ${toolchain.version} (${toolchain.source}): ${toolchain.pulumi}\n`);
    });
  return command;
}
