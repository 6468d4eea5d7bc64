import { Command } from "commander";
import type { CommandContext } from "../context";
import { releaseLookCommands } from "./release-look";
import { releasePlanCommand } from "./release-plan";
import { releasePrepareCommand } from "./release-prepare";
import { releaseScheduleCommand } from "./release-schedule";
import { releaseResumeCommand, releaseStartCommand } from "./release-start";
import { releaseTellCommands } from "./release-tell";
import { addReleaseVerify } from "./release-verify";

/** `switchyard release`: releases by their runbooks. */
export function releaseCommand(context: CommandContext): Command {
  const command = new Command("release").description("releases of a system by its runbook");
  const commands = [
    releasePrepareCommand(context),
    releasePlanCommand(context),
    releaseScheduleCommand(context),
    releaseStartCommand(context),
    releaseResumeCommand(context),
    ...releaseLookCommands(context),
    ...releaseTellCommands(context),
  ];
  for (const one of commands) command.addCommand(one);
  addReleaseVerify(command, context);
  return command;
}
