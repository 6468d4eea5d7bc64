import { Command, Option } from "commander";
import type { CommandContext } from "../context";
import type { ExplainOptions } from "../release/show-explain";
import type { FollowUpsOptions } from "../release/show-follow-ups";
import type { HistoryOptions } from "../release/show-history";
import type { StatusOptions } from "../release/show-status";
import { localStack } from "../stack-files";

/** Commands that read what releases wrote down. */
export function releaseLookCommands(context: CommandContext): readonly Command[] {
  return [
    followUpsCommand(context),
    base("status", "where a release stands, what it waits for, and how that is given")
      .option("--release <id>", "which one (default: the newest)")
      .option("--follow", "shows it again whenever it has changed, until it has ended", false)
      .action(async (system: string, options: StatusOptions) => {
        const { namesTrain } = await import("../release/train/train-journal.js");
        if (namesTrain(system)) {
          const { showTrainStatus } = await import("../release/train/show-train.js");
          return showTrainStatus(context, system, options);
        }
        const { showStatus } = await import("../release/show-status.js");
        await showStatus(context, system, options);
      }),
    base(
      "explain",
      "why: every verdict with its question, number, sample and zones, and what followed",
      "such as kirana-store; the releases of a train are explained one by one",
    )
      .option("--release <id>", "which one (default: the newest)")
      .option("--gate <name>", "only this gate")
      .action(async (system: string, options: ExplainOptions) => {
        const { requireNoTrain } = await import("../release/train/train-journal.js");
        requireNoTrain(system, "explain");
        const { showExplain } = await import("../release/show-explain.js");
        await showExplain(context, system, options);
      }),
    base(
      "history",
      "releases with their outcome, rollback rate, time to recovery, and the runbook's targets",
    ).action(async (system: string, options: HistoryOptions) => {
      const { namesTrain } = await import("../release/train/train-journal.js");
      if (namesTrain(system)) {
        const { showTrainHistory } = await import("../release/train/show-train.js");
        return showTrainHistory(context, options);
      }
      const { showHistory } = await import("../release/show-history.js");
      await showHistory(context, system, options);
    }),
  ];
}

function followUpsCommand(context: CommandContext): Command {
  return new Command("followups")
    .description("what finished releases and incidents still ask for and is due")
    .argument("[system]", "only of this one")
    .option("-s, --stack <stack>", "stack of the releases", localStack)
    .option("--look", "looks at the gates of those that are due and writes down what they say", false)
    .addOption(
      new Option("-f, --format <format>", "how to print it").choices(["text", "json"]).default("text"),
    )
    .action(async (system: string | undefined, options: FollowUpsOptions) => {
      const { showFollowUps } = await import("../release/show-follow-ups.js");
      await showFollowUps(context, system, options);
    });
}

function base(name: string, description: string, system = "such as kirana-store, or train"): Command {
  return new Command(name)
    .description(description)
    .argument("<system>", system)
    .option("-s, --stack <stack>", "stack of the releases", localStack)
    .addOption(
      new Option("-f, --format <format>", "how to print it").choices(["text", "json"]).default("text"),
    );
}
