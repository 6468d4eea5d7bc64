import { resolve } from "node:path";
import { InvalidArgumentError, Option } from "commander";
import { type ReportFormat, renderReport, reportFormats } from "../reports/formats";
import type { Report } from "../reports/model";
import type { CommandContext } from "./context";
import { endingNotices } from "./exemption-notices";
import { UsageError } from "./exit";
import { pathName } from "./options";
import { requireReportFile, writeReport } from "./report-file";
import { projectVersion } from "./workspace";

/** What a command was told about where its report goes. */
export interface ReportOutput {
  /** Of what goes to `out`, or else to stdout. */
  readonly format: ReportFormat;
  readonly out?: string;
  /** Further files, each in a format of its own. */
  readonly report: readonly ReportFile[];
}

interface ReportFile {
  readonly format: ReportFormat;
  readonly file: string;
}

/** `--format`, `--out` and `--report`: CI needs a comment, annotations and an artefact of one and the same run. */
export function reportOptions(): Option[] {
  return [
    new Option("-f, --format <format>", "how to print it").choices(reportFormats).default("text"),
    new Option("-o, --out <file>", "write it to a file instead of stdout").argParser(pathName),
    new Option("--report <format=file>", "write it to this file too; may be given again")
      .argParser(addReportFile)
      .default([], "none"),
  ];
}

/**
 * Looked at before the work begins, so that nobody waits for a report that then cannot be kept.
 *
 * @param also Further files that the command writes.
 * @throws UsageError when two would be written to one file: the later one would take the earlier one's place
 */
export async function requireReportOutput(output: ReportOutput, also: readonly string[] = []): Promise<void> {
  const files = [...filesOf(output).map(({ file }) => file), ...also];
  const paths = files.map((file) => resolve(file));
  const twice = files.find((_, index) => paths.indexOf(paths[index]!) < index);
  if (twice !== undefined)
    throw new UsageError(`${twice} is named for two outputs, of which one would replace the other.`);
  for (const file of files) await requireReportFile(file);
}

/** Prints or writes the report in every format that was asked for. */
export async function putOutReport(
  context: CommandContext,
  report: Report,
  output: ReportOutput,
): Promise<void> {
  const version = projectVersion(context.workspace);
  for (const { format, file } of filesOf(output))
    await writeReport(file, renderReport(report, format, version));
  if (output.out === undefined) context.out(renderReport(report, output.format, version));
  for (const notice of endingNotices(report, process.env)) context.say(notice);
}

function filesOf({ format, out, report }: ReportOutput): readonly ReportFile[] {
  return out === undefined ? report : [...report, { format, file: out }];
}

function addReportFile(text: string, before: readonly ReportFile[]): ReportFile[] {
  const at = text.indexOf("=");
  const format = reportFormats.find((known) => known === text.slice(0, at));
  if (format === undefined || at === text.length - 1) {
    throw new InvalidArgumentError(
      `Give format=file, such as sarif=preview.sarif; formats: ${reportFormats.join(", ")}.`,
    );
  }
  return [...before, { format, file: text.slice(at + 1) }];
}
