import { Command } from "commander";
import { UserError } from "../../local/user-error";
import { plural, verdictCounts } from "../../reports/headline";
import type { Report } from "../../reports/model";
import { changesDigest } from "../approved-changes";
import type { CommandContext } from "../context";
import { prepareLocalStack } from "../engine/local-stack";
import { offlineStackConfig } from "../engine/offline-stack";
import { runOperation } from "../engine/operation";
import { requireReadyCluster } from "../engine/own-cluster";
import { prepareEngine } from "../engine/session";
import { withEvidence } from "../evidence/evidence-of-stack";
import { Refused } from "../exit";
import { pathName } from "../options";
import { writeReport } from "../report-file";
import { putOutReport, type ReportOutput, reportOptions, requireReportOutput } from "../report-output";
import { isLocalStack, localStack } from "../stack-files";
import { readStackConfig } from "../stack-settings";

interface PreviewOptions extends ReportOutput {
  readonly stack: string;
  readonly offline: boolean;
  readonly expectNoChanges: boolean;
  readonly changesDigest?: string;
}

/** `switchyard preview`: what would change, with the policies' verdicts. */
export function previewCommand(context: CommandContext): Command {
  const command = new Command("preview")
    .description("what would change, with the policies' verdicts")
    .option("-s, --stack <stack>", "stack to look at", localStack)
    .option(
      "--offline",
      "staging and production: without credentials and recorded state; everything shows as new",
      false,
    )
    .option("--expect-no-changes", "fail when anything would change", false)
    .option(
      "--changes-digest <file>",
      "write the digest of what would change to it, for up --approved",
      pathName,
    )
    .action(async (options: PreviewOptions) => {
      readStackConfig(context.workspace, options.stack);
      if (options.offline) refuseOfflineOnDev(options.stack);
      const { changesDigest: digestFile } = options;
      await requireReportOutput(options, digestFile === undefined ? [] : [digestFile]);
      const report = await preview(context, options);
      await putOutReport(context, report, options);
      // A preview that failed has seen a part of what would change.
      if (digestFile !== undefined && report.succeeded)
        await writeReport(digestFile, `${changesDigest(report)}\n`);
      context.signal.throwIfAborted();
      if (!report.succeeded)
        throw new Refused(`error: the preview of ${options.stack} failed${reason(report)}`);
    });
  for (const option of reportOptions()) command.addOption(option);
  return command;
}

function refuseOfflineOnDev(stack: string): void {
  if (!isLocalStack(stack)) return;
  throw new UserError(
    `--offline is for stacks that need a login; received it for ${stack}, which needs none.`,
    {
      mend: `Leave it out, or name the stack: npx switchyard preview --stack production --offline.`,
    },
  );
}

async function preview(context: CommandContext, options: PreviewOptions): Promise<Report> {
  const flags = options.expectNoChanges ? ["--expect-no-changes"] : [];
  const operation = {
    stack: options.stack,
    command: "preview",
    progress: context.progress,
    title: `pulumi preview of ${options.stack}`,
  } as const;
  if (options.offline) {
    const session = await prepareEngine({
      ...context,
      programOf: options.stack,
      changesNothing: true,
      mode: { kind: "offline", stack: options.stack },
    });
    const configFile = await offlineStackConfig(session, options.stack);
    return runOperation(session, {
      ...operation,
      offline: true,
      flags: [...flags, "--config-file", configFile],
    });
  }
  if (isLocalStack(options.stack)) {
    const { session, kubernetes } = await prepareLocalStack({
      ...context,
      programOf: localStack,
      changesNothing: true,
    });
    await requireReadyCluster(context.workspace, kubernetes);
    return runOperation(session, { ...operation, flags });
  }
  const user = await withEvidence({ ...context, stack: options.stack, user: process.env });
  const session = await prepareEngine({
    ...context,
    user,
    programOf: options.stack,
    mode: { kind: "remote" },
  });
  return runOperation(session, { ...operation, flags });
}

function reason(report: Report): string {
  const { refusing } = verdictCounts(report);
  if (refusing > 0) return `: ${plural(refusing, "violation")} of mandatory policies`;
  const [first] = report.errors[0]?.message.split("\n") ?? [];
  return first === undefined ? "" : `: ${first.replace(/:$/, "")}`;
}
