import { Command, InvalidArgumentError, Option } from "commander";
import { UserError } from "../../local/user-error";
import type { CommandContext } from "../context";
import { UsageError } from "../exit";
import { azureDevOps } from "../publish/azure-devops";
import type { Forge, Published, PullRequest } from "../publish/forge";
import { gitHub } from "../publish/github";
import { type ReportText, readReportText, withCommit } from "../publish/report-text";
import { requireStackFile } from "../stack-files";

const commitForm = /^[0-9a-f]{40}$/;

/** `switchyard publish`: a Markdown report to where people read it. The token comes by the environment only. */
export function publishCommand(context: CommandContext): Command {
  const command = new Command("publish").description(
    "in CI: a Markdown report to a pull request or an issue",
  );
  command
    .command("comment")
    .description("put reports on a pull request, each as one comment that later runs update")
    .requiredOption("--file <files...>", "reports in Markdown")
    .option("--pull-request <number>", "the pull request's number", pullRequestNumber)
    .addOption(
      new Option("--commit <sha>", "the open pull request whose newest commit this is (GitHub)")
        .argParser(commitDigest)
        .conflicts("pullRequest"),
    )
    .action(async (options: { file: string[]; pullRequest?: number; commit?: string }) => {
      const where = pullRequestOf(options);
      const reports = options.file.map((file) => readable(context, file));
      const forge = forgeOf(context);
      const commit = options.commit ?? builtCommit(process.env);
      for (const report of reports)
        say(context, await forge.comment(where, report.marker, withCommit(report, commit)));
    });
  command
    .command("issue")
    .description("open an issue with a report, or update the open one (GitHub)")
    .requiredOption("--file <file>", "report in Markdown")
    .addOption(
      new Option("--close", "close the open issue of this report instead: it is settled").default(false),
    )
    .action(async (options: { file: string; close: boolean }) => {
      const { marker, text, kind, stack } = readable(context, options.file);
      const forge = forgeOf(context);
      say(
        context,
        options.close
          ? await forge.closeIssue(marker, text)
          : await forge.openIssue(`${kind}: ${stack}`, marker, text),
      );
    });
  return command;
}

/** A report of a stack that this checkout knows: what else a fork's run wrote makes no comment. */
function readable(context: CommandContext, file: string): ReportText {
  const report = readReportText(file);
  requireStackFile(context.workspace, report.stack);
  return report;
}

/** The newest commit of the pull request that a job of Azure Pipelines builds; what it has checked out is a merge of it. */
function builtCommit({ SYSTEM_PULLREQUEST_SOURCECOMMITID: id = "" }: NodeJS.ProcessEnv): string | undefined {
  return commitForm.test(id) ? id : undefined;
}

function forgeOf({ signal }: CommandContext): Forge {
  const { env } = process;
  if (env.GITHUB_ACTIONS === "true") return gitHub(env, signal);
  if (env.TF_BUILD === "True") return azureDevOps(env, signal);
  throw new UserError("This is neither a job of GitHub Actions nor of Azure Pipelines.", {
    mend: "Outside CI look at the report itself: --format html --out report.html.",
  });
}

function say(context: CommandContext, { done, what }: Published): void {
  context.out(done === "nothing" ? `nothing to do: ${what}\n` : `${done}: ${what}\n`);
}

function pullRequestOf({ pullRequest, commit }: { pullRequest?: number; commit?: string }): PullRequest {
  if (pullRequest !== undefined) return { number: pullRequest };
  if (commit !== undefined) return { commit };
  throw new UsageError("Which pull request is meant was not said.", {
    mend: "Give --pull-request NUMBER or --commit SHA.",
  });
}

function pullRequestNumber(text: string): number {
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new InvalidArgumentError("A number is needed, such as 17.");
  return Number(text);
}

function commitDigest(text: string): string {
  if (!commitForm.test(text)) throw new InvalidArgumentError("40 hexadecimal digits are needed.");
  return text;
}
