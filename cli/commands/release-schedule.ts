import { Command, Option } from "commander";
import type { CommandContext } from "../context";
import {
  addPathOptions,
  chosenOptions,
  type GivenPlanningOptions,
  moment,
  typeOption,
} from "../release/planning-options";
import type { ScheduleOptions } from "../release/schedule";
import { localStack } from "../stack-files";

/** What is asked for instead of a release that is scheduled anew. */
const otherForms = ["list", "move", "cancel", "sendDue"];

/** `switchyard release schedule`: a release that is yet to begin, and who is told of it before. */
export function releaseScheduleCommand(context: CommandContext): Command {
  const command = new Command("schedule")
    .description(
      "announces a release for a time to come, by the runbook; a person starts it then: release start. Without more, --list",
    )
    .argument("[system]", "such as kirana-store; --list and --send-due without it are of all")
    .addOption(
      new Option("--to <manifest>", "file of the release's manifest, or on dev: example")
        .implies({ asks: "plan" })
        .conflicts(otherForms),
    )
    .addOption(typeOption().implies({ asks: "plan" }).conflicts(otherForms))
    .option("--at <time>", "when it is to begin, ISO 8601; planned and refused as of that time", moment)
    .option("-s, --stack <stack>", "stack to release on", localStack)
    .addOption(
      new Option("--list", "what is scheduled, and who was told")
        .implies({ asks: "list" })
        .conflicts(["move", "cancel", "sendDue"]),
    )
    .addOption(
      new Option("--move <time>", "to another time; tells whoever was told")
        .argParser(moment)
        .implies({ asks: "move" })
        .conflicts(["cancel", "sendDue"]),
    )
    .addOption(
      new Option("--cancel", "it does not take place; tells whoever was told")
        .implies({ asks: "cancel" })
        .conflicts("sendDue"),
    )
    .addOption(
      new Option("--send-due", "tells whoever is to be told by now, once; a schedule runs it").implies({
        asks: "send-due",
      }),
    );
  return addPathOptions(command, "why it is moved or cancelled, which is told, or takes the emergency path")
    .addOption(
      new Option("-f, --format <format>", "how to print a list").choices(["text", "json"]).default("text"),
    )
    .action(async (system: string | undefined, given: GivenPlanningOptions & ScheduleOptions) => {
      const options =
        given.asks === "plan" ? chosenOptions(given, system === undefined ? [] : [system]) : given;
      // Clients of clouds and clusters cost every other command half a second.
      const { schedule } = await import("../release/schedule.js");
      await schedule(context, system, options);
    });
}
