import { Command, Option } from "commander";
import { type ReportFormat, renderReport, reportFormats } from "../../reports/formats";
import { driftText } from "../../reports/headline";
import type { Report } from "../../reports/model";
import { passphraseFor, recordedState } from "../check/recorded-state";
import type { CommandContext } from "../context";
import { localEnvironment, survey } from "../drift/survey";
import { Refused } from "../exit";
import { pathName } from "../options";
import { requireReportFile, writeReport } from "../report-file";
import { isLocalStack, localStack } from "../stack-files";
import { ownKubeconfig } from "../stack-settings";
import { projectVersion } from "../workspace";

interface DriftOptions {
  readonly stack: string;
  readonly format: ReportFormat;
  readonly out?: string;
}

/** `switchyard drift`: the live world against the recorded state. */
export function driftCommand(context: CommandContext): Command {
  return new Command("drift")
    .description("what differs between the live world and what was recorded of a stack; only reads")
    .option("-s, --stack <stack>", "stack to look at", localStack)
    .addOption(new Option("-f, --format <format>", "how to print it").choices(reportFormats).default("text"))
    .option("-o, --out <file>", "write it to a file instead of stdout", pathName)
    .action(async (options: DriftOptions) => {
      if (options.out !== undefined) await requireReportFile(options.out);
      const report = await drift(context, options.stack);
      const text = renderReport(report, options.format, projectVersion(context.workspace));
      if (options.out === undefined) context.out(text);
      else await writeReport(options.out, text);
      if (!report.succeeded) throw new Refused(`error: ${options.stack}: ${driftText(report)}`);
    });
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
