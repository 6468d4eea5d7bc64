import { readFileSync } from "node:fs";
import { Command, Option } from "commander";
import { UserError } from "../../local/user-error";
import { plural, verdictCounts } from "../../reports/headline";
import { judgeState } from "../check/judge-state";
import { policyRunOf } from "../check/policy-run";
import { passphraseFor, recordedState } from "../check/recorded-state";
import { readState } from "../check/state-file";
import type { CommandContext } from "../context";
import { Refused } from "../exit";
import { readFault } from "../read-fault";
import { putOutReport, type ReportOutput, reportOptions, requireReportOutput } from "../report-output";
import { localStack } from "../stack-files";
import { projectName } from "../workspace";

interface CheckOptions extends ReportOutput {
  readonly stack?: string;
  readonly state?: string;
}

/** `switchyard check`: the policy pack against recorded state. */
export function checkCommand(context: CommandContext): Command {
  const command = new Command("check")
    .description("compliance: the policies against what was recorded of a stack, without program or cloud")
    .addOption(
      new Option("-s, --stack <stack>", `stack whose recorded state is read (default: ${localStack})`),
    )
    .addOption(
      new Option(
        "--state <file>",
        "state from a file: pulumi stack export, or a backend's checkpoint",
      ).conflicts("stack"),
    )
    .action(async (options: CheckOptions) => {
      await requireReportOutput(options);
      const state =
        options.state === undefined
          ? await recordedState(context, options.stack ?? localStack)
          : readState(textOf(options.state), options.state, projectName);
      const report = await judgeState(
        state,
        passphraseFor(state.stack, process.env),
        policyRunOf(context.workspace, state.stack, process.env),
      );
      await putOutReport(context, report, options);
      if (!report.succeeded) {
        const { refusing } = verdictCounts(report);
        throw new Refused(
          `error: ${state.stack}, recorded ${state.recordedAt}: ${plural(refusing, "violation")} of mandatory policies`,
        );
      }
    });
  for (const option of reportOptions()) command.addOption(option);
  return command;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new UserError(`The state file ${file} cannot be read: ${readFault(cause)}.`, {
      mend: "Name a file that pulumi stack export wrote.",
      cause,
    });
  }
}
