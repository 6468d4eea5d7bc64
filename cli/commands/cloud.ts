import { Command, Option } from "commander";
import { type CloudStatus, cloudStatus, resetCloud, startCloud, stopCloud } from "../../local/cloud/daemon";
import type { CommandContext } from "../context";
import { portNumber } from "../options";
import { faultCommand, faultText } from "./cloud-fault";

/** `switchyard cloud`: the embedded local cloud. */
export function cloudCommand(context: CommandContext): Command {
  const { stateDir } = context.workspace;
  const command = new Command("cloud").description("the embedded local cloud of the dev stack");
  command
    .command("start")
    .description("start it, or say that it runs")
    .option("--port <port>", "port on the loopback address; a free one when not given", portNumber)
    .action(async (options: { port?: number }) => {
      const endpoint = await startCloud({ stateDir, port: options.port, progress: context.progress });
      context.out(`local cloud at ${endpoint.url} (process ${endpoint.pid})\n`);
    });
  command
    .command("stop")
    .description("stop it; its state stays")
    .action(async () => {
      const ran = await stopCloud({ stateDir });
      context.out(ran ? "local cloud stopped\n" : "local cloud was not running\n");
    });
  command
    .command("status")
    .description("whether it runs and what it holds")
    .addOption(
      new Option("-f, --format <format>", "how to print it").choices(["text", "json"]).default("text"),
    )
    .action(async (options: { format: string }) => {
      const status = await cloudStatus({ stateDir });
      context.out(
        options.format === "json" ? `${JSON.stringify(status, null, 2)}\n` : cloudStatusText(status),
      );
    });
  command
    .command("reset")
    .description("stop it and throw away everything in it")
    .option("--force", "do so although the dev stack still refers to it", false)
    .action(async (options: { force: boolean }) => {
      await resetCloud({ stateDir, force: options.force });
      context.out("local cloud is empty\n");
    });
  command.addCommand(faultCommand(context));
  return command;
}

function cloudStatusText(status: CloudStatus): string {
  if (!status.running) return "local cloud: not running (npx switchyard cloud start)\n";
  const lines = [`local cloud: ${status.url}, process ${status.pid}, since ${status.startedAt}`];
  if (status.residentBytes !== undefined)
    lines.push(`memory: ${Math.round(status.residentBytes / 2 ** 20)} MB`);
  const resources = Object.entries(status.resources ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  lines.push(`resources: ${resources.reduce((sum, [, count]) => sum + count, 0)}`);
  for (const [token, count] of resources) lines.push(`  ${String(count).padStart(4)}  ${token}`);
  for (const id of status.deleted ?? []) lines.push(`soft-deleted: ${id}`);
  for (const operation of status.operationsInProgress ?? []) {
    lines.push(`in progress${operation.stuck ? " (stuck)" : ""}: ${operation.kind} ${operation.resourceId}`);
  }
  for (const file of status.damaged ?? []) lines.push(`damaged: ${JSON.stringify(file)}`);
  for (const fault of status.faults ?? []) lines.push(`fault: ${faultText(fault)}`);
  return `${lines.join("\n")}\n`;
}
