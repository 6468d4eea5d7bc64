import { Command, Option } from "commander";
import { type ReportFormat, renderReport, reportFormats } from "../../reports/formats";
import { plural, verdictCounts } from "../../reports/headline";
import type { Report } from "../../reports/model";
import type { CommandContext } from "../context";
import { localStack, prepareLocalStack } from "../engine/local-stack";
import { offlineStackConfig } from "../engine/offline-stack";
import { runOperation } from "../engine/operation";
import { prepareEngine } from "../engine/session";
import { Refused } from "../exit";
import { requireReportFile, writeReport } from "../report-file";
import { isLocalStack } from "../stack-files";
import { readStackConfig } from "../stack-settings";
import { projectVersion } from "../workspace";

interface PreviewOptions {
  readonly stack: string;
  readonly offline: boolean;
  readonly format: ReportFormat;
  readonly out?: string;
  readonly expectNoChanges: boolean;
}

/** `switchyard preview`: what would change, with the policies' verdicts. */
export function previewCommand(context: CommandContext): Command {
  return new Command("preview")
    .description("what would change, with the policies' verdicts")
    .option("-s, --stack <stack>", "stack to look at", localStack)
    .option("--offline", "without credentials and recorded state: everything shows as new", false)
    .addOption(new Option("-f, --format <format>", "how to print it").choices(reportFormats).default("text"))
    .option("-o, --out <file>", "write it to a file instead of stdout")
    .option("--expect-no-changes", "fail when anything would change", false)
    .action(async (options: PreviewOptions) => {
      readStackConfig(context.workspace, options.stack);
      if (options.out !== undefined) await requireReportFile(options.out);
      const report = await preview(context, options);
      const text = renderReport(report, options.format, projectVersion(context.workspace));
      if (options.out === undefined) context.out(text);
      else await writeReport(options.out, text);
      context.signal.throwIfAborted();
      if (!report.succeeded)
        throw new Refused(`error: the preview of ${options.stack} failed${reason(report)}`);
    });
}

async function preview(context: CommandContext, options: PreviewOptions): Promise<Report> {
  const flags = options.expectNoChanges ? ["--expect-no-changes"] : [];
  const operation = {
    stack: options.stack,
    command: "preview",
    progress: context.progress,
    title: `pulumi preview of ${options.stack}`,
  } as const;
  if (options.offline && !isLocalStack(options.stack)) {
    const session = await prepareEngine({ ...context, mode: { kind: "offline", stack: options.stack } });
    const configFile = await offlineStackConfig(session, options.stack);
    return runOperation(session, {
      ...operation,
      offline: true,
      flags: [...flags, "--config-file", configFile],
    });
  }
  if (isLocalStack(options.stack)) {
    const { session } = await prepareLocalStack(context);
    return runOperation(session, { ...operation, flags });
  }
  const session = await prepareEngine({ ...context, mode: { kind: "remote" } });
  return runOperation(session, { ...operation, flags });
}

function reason(report: Report): string {
  const { refusing } = verdictCounts(report);
  if (refusing > 0) return `: ${plural(refusing, "violation")} of mandatory policies`;
  const [first] = report.errors[0]?.message.split("\n") ?? [];
  return first === undefined ? "" : `: ${first.replace(/:$/, "")}`;
}
