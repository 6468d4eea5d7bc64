import { Command, InvalidArgumentError, Option } from "commander";
import { severities } from "../../runbooks/vocabulary";
import type { CommandContext } from "../context";
import type { CloseOptions } from "../incident/close";
import type { StatusOptions } from "../incident/show-status";
import type { TellOptions } from "../incident/tell-incident";
import type { WalkOptions } from "../incident/walk";
import { reasonText } from "../options";
import { localStack } from "../stack-files";

/** `switchyard incident`: what a runbook says about a symptom, asked, offered and written down. */
export function incidentCommand(context: CommandContext): Command {
  const command = new Command("incident")
    .description("incidents of a system: diagnostics, then actions that are offered and confirmed one by one")
    .argument("<system>", "such as retail-agentic")
    .option("-s, --stack <stack>", "where it is", localStack)
    .option("--list", "the symptoms that the runbook knows, what it offers, and who is told when", false)
    .option("--symptom <symptom>", "walks its playbook")
    .addOption(new Option("--severity <severity>", "as the runbook's conditions say").choices(severities))
    .option("--summary <text>", "what is wrong, in a line (default: the symptom's condition)")
    .option("--affected <whom>", "whom it concerns, for the messages")
    .option("--since <time>", "when it began (default: now)", pastTime)
    .addOption(
      new Option("--do <action>", "does an offered action, and asks nothing again (may be given again)")
        .argParser((action: string, before: readonly string[] = []) => [...before, action])
        .default([], "none"),
    )
    .option("--yes", "confirms what --do names, as the one whom the playbook wants to confirm it", false)
    .option("--reason <text>", "why; it is kept in the journal", reasonText)
    .option("--done <text>", "what was done by hand, for an action that people do")
    .option("--speed <times>", "on dev: the runbook's minutes pass so many times faster", speed)
    .addOption(format())
    .action(async (system: string, options: WalkOptions & { readonly list: boolean }) => {
      if (options.list) {
        const { listSymptoms } = await import("../incident/list-symptoms.js");
        return listSymptoms(context, system, options);
      }
      // Clients of clouds and clusters cost every other command half a second.
      const { walkIncident } = await import("../incident/walk.js");
      return walkIncident(context, system, options);
    });
  for (const one of [
    statusCommand(context),
    ackCommand(context),
    answerCommand(context),
    callCommand(context),
    watchCommand(context),
    closeCommand(context),
  ])
    command.addCommand(one);
  return command;
}

function statusCommand(context: CommandContext): Command {
  return of("status", "where an incident stands, what is asked, who was told, and its timeline", "[system]")
    .addOption(format())
    .action(async (system: string | undefined, options: StatusOptions) => {
      const { showIncidents } = await import("../incident/show-status.js");
      await showIncidents(context, system, options);
    });
}

function ackCommand(context: CommandContext): Command {
  return of("ack", "takes an incident: its ladders climb no further")
    .option("--role <role>", "in which you take it (default: one of those that were told)")
    .action(async (system: string, options: TellOptions) => {
      const { acknowledge } = await import("../incident/tell-incident.js");
      await acknowledge(context, system, options);
    });
}

function answerCommand(context: CommandContext): Command {
  return of("answer", "the answer to a question of an incident, or to a follow-up of one that is closed")
    .requiredOption("--entry <name>", "the question, as incident status names it")
    .requiredOption("--value <answer>", "yes, no, done, a number or a text")
    .action(async (system: string, options: TellOptions & { entry: string; value: string }) => {
      const { answerIncident } = await import("../incident/tell-incident.js");
      const value = /^-?\d+(\.\d+)?$/.test(options.value) ? Number(options.value) : options.value;
      await answerIncident(context, system, { ...options, value });
    });
}

function callCommand(context: CommandContext): Command {
  return of("call", "calls those whom nothing but a person's judgement calls, such as the security team")
    .requiredOption("--ladder <name>", "whom, as incident SYSTEM --list names them")
    .requiredOption("--reason <text>", "why its condition holds", reasonText)
    .action(async (system: string, options: TellOptions & { ladder: string; reason: string }) => {
      const { callLadder } = await import("../incident/tell-incident.js");
      await callLadder(context, system, options);
    });
}

function watchCommand(context: CommandContext): Command {
  return new Command("watch")
    .description(
      "tells the next role whenever nobody has taken an incident, or a release that waits, in time",
    )
    .argument("[system]", "only of this one")
    .option("-s, --stack <stack>", "where it is", localStack)
    .option("--once", "tells whoever is due by now and ends, as a scheduled run does", false)
    .action(async (system: string | undefined, options: { stack: string; once: boolean }) => {
      const { watchLadders } = await import("../incident/watch.js");
      await watchLadders(context, system, options);
    });
}

function closeCommand(context: CommandContext): Command {
  return of("close", "ends an incident, with its signed record and its post-mortem")
    .option("--root-cause <text>", "why it happened; asked for at a terminal")
    .option("--resolution <text>", "what ended it; asked for at a terminal")
    .option("--post-mortem-by <date>", "when the post-mortem is due (default: as the runbook says)")
    .action(async (system: string, options: CloseOptions) => {
      const { closeIncident } = await import("../incident/close.js");
      await closeIncident(context, system, options);
    });
}

function of(name: string, description: string, argument = "<system>"): Command {
  return new Command(name)
    .description(description)
    .argument(argument, "such as retail-agentic")
    .option("-s, --stack <stack>", "where it is", localStack)
    .option("--incident <id>", "which one (default: the newest that is open)");
}

function format(): Option {
  return new Option("-f, --format <format>", "how to print it").choices(["text", "json"]).default("text");
}

function pastTime(text: string): Date {
  const at = new Date(text);
  if (/^\d{4}-\d{2}-\d{2}/.test(text) && at <= new Date()) return at;
  throw new InvalidArgumentError("A time in the past is needed, such as 2026-11-21T12:00:00Z.");
}

function speed(text: string): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 1 && value <= 1000) return value;
  throw new InvalidArgumentError("A number from 1 to 1000 is needed, such as 60.");
}
