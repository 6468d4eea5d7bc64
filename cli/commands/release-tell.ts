import { Command } from "commander";
import type { Command as Given } from "../../release/journal/journal";
import type { CommandContext } from "../context";
import { reasonText } from "../options";
import type { RollbackOptions } from "../release/rollback";
import type { TellOptions } from "../release/tell-release";
import { localStack } from "../stack-files";
import { usersOption } from "./users-option";

/** Commands that people give to a release that runs. */
export function releaseTellCommands(context: CommandContext): readonly Command[] {
  return [
    tell(context, "hold", "traffic stays where it is until promote, resume or rollback").requiredOption(
      ...reason,
    ),
    tell(context, "promote", "lets pass what holds the release, with a reason that is kept").requiredOption(
      ...reason,
    ),
    tell(
      context,
      "abort",
      "ends it: what was begun is taken back, and traffic if any was moved; to a way back after the end: it stays live",
    ).requiredOption(...reason),
    tell(context, "approve", "an approval that the contract asks for")
      .requiredOption("--entry <name>", "the approval, as release status names it")
      .option("--role <role>", "in which you approve; needed where several are asked")
      .option(...reason),
    answerCommand(context),
    tell(context, "confirm", "that data are restored, as one whom the contract names")
      .requiredOption("--role <role>", "in which you confirm")
      .requiredOption(...reason),
    rollbackCommand(context),
  ];
}

const reason = ["--reason <text>", "why; it is kept in the journal", reasonText] as const;

type Options = TellOptions & { readonly value?: string };

function tell(context: CommandContext, name: Given["command"], description: string): Command {
  return base(name, description).action(async (system: string, options: Options) => {
    context.out(await told(context, system, name, options));
  });
}

function answerCommand(context: CommandContext): Command {
  return base("answer", "the answer to a question that the release asks")
    .requiredOption("--entry <name>", "the question, as release status names it")
    .requiredOption("--value <answer>", "yes, no, done, a number or a text")
    .option(
      "--reason <text>",
      "of a follow-up: why an answer counts that is not what the runbook wants",
      reasonText,
    )
    .action(async (system: string, { value, ...options }: Options) => {
      context.out(await told(context, system, "answer", { ...options, answer: answerOf(value!) }));
    });
}

/** A system's release is told, or a train. */
async function told(
  context: CommandContext,
  name: string,
  command: Given["command"],
  options: TellOptions,
): Promise<string> {
  const { namesTrain } = await import("../release/train/train-journal.js");
  if (namesTrain(name)) {
    const { tellTrain } = await import("../release/train/tell-train.js");
    return tellTrain(context, name, command, options);
  }
  const { tellRelease } = await import("../release/tell-release.js");
  return tellRelease(context, name, command, options);
}

/** As the contract's questions take them: `yes` and `no` as they are, numbers as numbers. */
function answerOf(value: string): string | number {
  return /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
}

function rollbackCommand(context: CommandContext): Command {
  return base(
    "rollback",
    "all traffic goes back now, also of the last release once it has finished; runs it itself where no process does",
  )
    .requiredOption(...reason)
    .option(
      "--restore",
      "the data are restored as well, once those have confirmed whom the contract names",
      false,
    )
    .addOption(usersOption())
    .action(async (system: string, options: RollbackOptions) => {
      const { namesTrain } = await import("../release/train/train-journal.js");
      if (namesTrain(system)) {
        const { rollBackTrain } = await import("../release/train/tell-train.js");
        return rollBackTrain(context, system, options);
      }
      const { rollback } = await import("../release/rollback.js");
      await rollback(context, system, options);
    });
}

function base(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .argument("<system>", "such as kirana-store, or train")
    .option("-s, --stack <stack>", "stack of the release", localStack)
    .option("--release <id>", "which one (default: the newest)");
}
