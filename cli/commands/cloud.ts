import { Command } from "commander";
import { cloudStatus, resetCloud, startCloud, stopCloud } from "../../local/cloud/daemon";
import type { CommandContext } from "../context";

/** `switchyard cloud`: the embedded local cloud. */
export function cloudCommand(context: CommandContext): Command {
  const { stateDir } = context.workspace;
  const command = new Command("cloud").description("the embedded local cloud of the dev stack");
  command
    .command("start")
    .description("start it, or say that it runs")
    .option("--port <port>", "port on the loopback address; free choice when not given", Number)
    .action(async (options: { port?: number }) => {
      const endpoint = await startCloud({ stateDir, port: options.port, progress: context.progress });
      context.out(`local cloud at ${endpoint.url} (process ${endpoint.pid})\n`);
    });
  command
    .command("stop")
    .description("stop it; its state stays")
    .action(async () => {
      await stopCloud({ stateDir });
      context.out("local cloud stopped\n");
    });
  command
    .command("status")
    .description("whether it runs and what it holds")
    .option("--format <format>", "text or json", "text")
    .action(async () => {
      context.out(`${JSON.stringify(await cloudStatus({ stateDir }), null, 2)}\n`);
    });
  command
    .command("reset")
    .description("stop it and throw away everything in it")
    .option("--force", "do so although the dev stack still refers to it", false)
    .action(async (options: { force: boolean }) => {
      await resetCloud({ stateDir, force: options.force });
      context.out("local cloud is empty\n");
    });
  return command;
}
