import { access, constants, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { Command, Option } from "commander";
import { UserError } from "../../local/user-error";
import { renderJson } from "../../reports/json";
import type { Report } from "../../reports/model";
import { renderText } from "../../reports/text";
import type { CommandContext } from "../context";
import { localStack, prepareLocalStack } from "../engine/local-stack";
import { offlineStackConfig } from "../engine/offline-stack";
import { runOperation } from "../engine/operation";
import { prepareEngine } from "../engine/session";
import { Refused } from "../exit";
import { isLocalStack } from "../stack-files";
import { readStackConfig } from "../stack-settings";

const renderers: Readonly<Record<string, (report: Report) => string>> = {
  text: renderText,
  json: renderJson,
};

const writableFile = "Name a file in a folder that exists and can be written.";

interface PreviewOptions {
  readonly stack: string;
  readonly offline: boolean;
  readonly format: string;
  readonly out?: string;
  readonly expectNoChanges: boolean;
}

/** `switchyard preview`: what would change, with the policies' verdicts. */
export function previewCommand(context: CommandContext): Command {
  return new Command("preview")
    .description("what would change, with the policies' verdicts")
    .option("-s, --stack <stack>", "stack to look at", localStack)
    .option("--offline", "without credentials and recorded state: everything shows as new", false)
    .addOption(
      new Option("-f, --format <format>", "how to print it").choices(Object.keys(renderers)).default("text"),
    )
    .option("-o, --out <file>", "write it to a file instead of stdout")
    .option("--expect-no-changes", "fail when anything would change", false)
    .action(async (options: PreviewOptions) => {
      readStackConfig(context.workspace, options.stack);
      if (options.out !== undefined) await requireFolderOf(options.out);
      const report = await preview(context, options);
      const text = (renderers[options.format] as (report: Report) => string)(report);
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
  const failed = report.policies.filter(
    (policy) => policy.verdict !== "pass" && policy.level === "mandatory",
  );
  if (failed.length > 0) return `: ${failed.length} violations of mandatory policies`;
  const [first] = report.errors[0]?.message.split("\n") ?? [];
  return first === undefined ? "" : `: ${first.replace(/:$/, "")}`;
}

/** Looked at first, so that nobody waits for a report that then cannot be kept. */
async function requireFolderOf(file: string): Promise<void> {
  const folder = dirname(resolve(file));
  try {
    await access(folder, constants.W_OK);
  } catch (cause) {
    throw new UserError(`The report cannot be written to ${file}: ${(cause as Error).message}`, {
      mend: writableFile,
      cause,
    });
  }
}

async function writeReport(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (cause) {
    throw new UserError(`The report cannot be written to ${file}: ${(cause as Error).message}`, {
      mend: writableFile,
      cause,
    });
  }
}
