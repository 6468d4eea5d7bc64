import { Command } from "commander";
import { driftText } from "../../reports/headline";
import type { Report } from "../../reports/model";
import { passphraseFor, recordedState } from "../check/recorded-state";
import type { CommandContext } from "../context";
import { localEnvironment, survey } from "../drift/survey";
import { Refused } from "../exit";
import { putOutReport, type ReportOutput, reportOptions, requireReportOutput } from "../report-output";
import { isLocalStack, localStack } from "../stack-files";
import { ownKubeconfig } from "../stack-settings";

interface DriftOptions extends ReportOutput {
  readonly stack: string;
}

/** `switchyard drift`: the live world against the recorded state. */
export function driftCommand(context: CommandContext): Command {
  const command = new Command("drift")
    .description("what differs between the live world and what was recorded of a stack; only reads")
    .option("-s, --stack <stack>", "stack to look at", localStack)
    .action(async (options: DriftOptions) => {
      await requireReportOutput(options);
      const report = await drift(context, options.stack);
      await putOutReport(context, report, options);
      if (!report.succeeded) throw new Refused(`error: ${options.stack}: ${driftText(report)}`);
    });
  for (const option of reportOptions()) command.addOption(option);
  return command;
}

async function drift(context: CommandContext, stack: string): Promise<Report> {
  const { workspace, progress, signal } = context;
  const state = await recordedState(context, stack);
  const environment = isLocalStack(stack)
    ? localEnvironment(process.env, workspace.stateDir, ownKubeconfig(workspace, stack))
    : process.env;
  return progress.step(`looking at the live world of ${stack}`, (report) =>
    survey({ state, passphrase: passphraseFor(stack, process.env), environment, signal, report }),
  );
}
