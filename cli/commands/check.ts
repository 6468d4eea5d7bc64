import { readFileSync } from "node:fs";
import { Command, Option } from "commander";
import { UserError } from "../../local/user-error";
import { plural, verdictCounts } from "../../reports/headline";
import { judgeState } from "../check/judge-state";
import { policyRunOf } from "../check/policy-run";
import { passphraseFor, recordedState } from "../check/recorded-state";
import { readState } from "../check/state-file";
import type { CommandContext } from "../context";
import { withEvidence } from "../evidence/evidence-of-stack";
import { Refused } from "../exit";
import { pathName } from "../options";
import { readFault } from "../read-fault";
import { putOutReport, type ReportOutput, reportOptions, requireReportOutput } from "../report-output";
import { isLocalStack, localStack } from "../stack-files";
import { projectName } from "../workspace";

interface CheckOptions extends ReportOutput {
  readonly stack?: string;
  readonly state?: string;
}

/** What a check asks of a backend. */
const far = { recordedState, withEvidence };

/**
 * `switchyard check`: the policy pack against recorded state.
 *
 * @param from where the state of a stack and its evidence come from
 */
export function checkCommand(context: CommandContext, from: typeof far = far): Command {
  const command = new Command("check")
    .description("compliance: the policies against what was recorded of a stack, without program or cloud")
    .addOption(
      new Option("-s, --stack <stack>", `stack whose recorded state is read (default: ${localStack})`),
    )
    .addOption(
      new Option("--state <file>", "state from a file: pulumi stack export, or a backend's checkpoint")
        .argParser(pathName)
        .conflicts("stack"),
    )
    .action(async (options: CheckOptions) => {
      await requireReportOutput(options);
      const stack = options.stack ?? localStack;
      const state =
        options.state === undefined
          ? await from.recordedState(context, stack)
          : readState(textOf(options.state), options.state, projectName);
      // As a preview: with a login where the state is read with one. Dev and a file contact nothing.
      const user =
        options.state === undefined && !isLocalStack(stack)
          ? await from.withEvidence({ ...context, stack, user: process.env })
          : process.env;
      const report = await judgeState(
        state,
        passphraseFor(state.stack, process.env),
        policyRunOf(context.workspace, state.stack, user),
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
