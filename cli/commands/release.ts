import { Command } from "commander";
import type { CommandContext } from "../context";
import { releasePlanCommand } from "./release-plan";
import { releasePrepareCommand } from "./release-prepare";

/** `switchyard release`: releases by their runbooks. */
export function releaseCommand(context: CommandContext): Command {
  const command = new Command("release").description("releases of a system by its runbook");
  const commands = [releasePrepareCommand, releasePlanCommand];
  for (const make of commands) command.addCommand(make(context));
  return command;
}
