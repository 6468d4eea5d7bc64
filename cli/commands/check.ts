import { readFileSync } from "node:fs";
import { Command, Option } from "commander";
import { UserError } from "../../local/user-error";
import { type ReportFormat, renderReport, reportFormats } from "../../reports/formats";
import { plural, verdictCounts } from "../../reports/headline";
import { judgeState } from "../check/judge-state";
import { passphraseFor, recordedState } from "../check/recorded-state";
import { readState } from "../check/state-file";
import type { CommandContext } from "../context";
import { localStack } from "../engine/local-stack";
import { Refused } from "../exit";
import { requireReportFile, writeReport } from "../report-file";
import { projectName, projectVersion } from "../workspace";

interface CheckOptions {
  readonly stack?: string;
  readonly state?: string;
  readonly format: ReportFormat;
  readonly out?: string;
}

/** `switchyard check`: the policy pack against recorded state. */
export function checkCommand(context: CommandContext): Command {
  return new Command("check")
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
    .addOption(new Option("-f, --format <format>", "how to print it").choices(reportFormats).default("text"))
    .option("-o, --out <file>", "write it to a file instead of stdout")
    .action(async (options: CheckOptions) => {
      const { workspace } = context;
      if (options.out !== undefined) await requireReportFile(options.out);
      const state =
        options.state === undefined
          ? await recordedState(context, options.stack ?? localStack)
          : readState(textOf(options.state), options.state, projectName);
      const report = await judgeState(state, passphraseFor(state.stack, process.env));
      const text = renderReport(report, options.format, projectVersion(workspace));
      if (options.out === undefined) context.out(text);
      else await writeReport(options.out, text);
      if (!report.succeeded) {
        const { refusing } = verdictCounts(report);
        throw new Refused(
          `error: ${state.stack}, recorded ${state.recordedAt}: ${plural(refusing, "violation")} of mandatory policies`,
        );
      }
    });
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new UserError(`The state file ${file} cannot be read: ${(cause as Error).message}`, {
      mend: "Name a file that pulumi stack export wrote.",
      cause,
    });
  }
}
