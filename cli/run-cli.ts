import { Command, CommanderError } from "commander";
import { stderrProgress } from "../local/progress";
import { UserError } from "../local/user-error";
import { UserError as ReleaseError } from "../release/user-error";
import { checkCommand } from "./commands/check";
import { cloudCommand } from "./commands/cloud";
import { coverageCommand } from "./commands/coverage";
import { driftCommand } from "./commands/drift";
import { envCommand } from "./commands/env";
import { evidenceCommand } from "./commands/evidence";
import { exemptionCommand } from "./commands/exemption";
import { monitoringCommand } from "./commands/monitoring";
import { previewCommand } from "./commands/preview";
import { publishCommand } from "./commands/publish";
import { recordsCommand } from "./commands/records";
import { releaseCommand } from "./commands/release";
import { toolchainCommand } from "./commands/toolchain";
import { trustCommand } from "./commands/trust";
import { upCommand } from "./commands/up";
import type { CommandContext } from "./context";
import { exitCodes, OnHold, Refused } from "./exit";
import { openWorkspace, projectVersion } from "./workspace";

/**
 * Runs one command line and answers its exit code: 0 done, 1 refused or failed (the reason is the last line on
 * stderr), 2 wrong usage, 3 on hold and waiting for a person.
 */
export async function runCli(argv: readonly string[]): Promise<number> {
  const abort = new AbortController();
  let interrupts = 0;
  const interrupt = (signal: NodeJS.Signals) => {
    interrupts++;
    if (interrupts === 1) process.stderr.write(`\n${signal}: stopping; what is finished is kept.\n`);
    abort.abort(new UserError("Stopped by request.", { mend: "Run the same command again to go on." }));
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  try {
    const workspace = openWorkspace();
    const context: CommandContext = {
      workspace,
      progress: stderrProgress(),
      signal: abort.signal,
      out: (text) => process.stdout.write(text),
      say: (text) => process.stderr.write(`${text}\n`),
    };
    await program(context, projectVersion(workspace)).parseAsync([...argv], { from: "user" });
    return exitCodes.done;
  } catch (error) {
    return explain(error, abort.signal);
  } finally {
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
  }
}

/** The whole command line, ready to parse; making it does nothing. */
export function program(context: CommandContext, version: string): Command {
  const root = new Command("switchyard")
    .description(
      "Deployment runbooks that run: infrastructure, policies and releases for Azure and Kubernetes.",
    )
    .version(version);
  const commands = [
    upCommand,
    previewCommand,
    releaseCommand,
    checkCommand,
    coverageCommand,
    driftCommand,
    exemptionCommand,
    evidenceCommand,
    trustCommand,
    envCommand,
    cloudCommand,
    monitoringCommand,
    publishCommand,
    recordsCommand,
    toolchainCommand,
  ];
  for (const make of commands) {
    root.addCommand(make(context));
  }
  return withUsageErrors(root);
}

/** Commands that are added do not inherit these, and `cloud fault add` would end the process itself, with code 1. */
function withUsageErrors(command: Command): Command {
  command.exitOverride().showHelpAfterError("(--help lists the commands and options)");
  for (const child of command.commands) withUsageErrors(child);
  return command;
}

function explain(error: unknown, signal: AbortSignal): number {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  }
  if (error instanceof OnHold) {
    process.stderr.write(`${error.message}\n`);
    return exitCodes.onHold;
  }
  if (error instanceof Refused) {
    process.stderr.write(`${error.message}\n`);
    return exitCodes.refused;
  }
  const shown = signal.aborted && !isUserError(error) ? signal.reason : error;
  if (isUserError(shown)) {
    process.stderr.write(`error: ${shown.message}\n${shown.mend === undefined ? "" : `${shown.mend}\n`}`);
    return exitCodes.refused;
  }
  process.stderr.write(
    `${shown instanceof Error ? shown.stack : String(shown)}\nThis is a fault of switchyard itself.\n`,
  );
  return exitCodes.refused;
}

/** release/ is also loaded by the provider and imports nothing of local/: it has a class of its own. */
function isUserError(error: unknown): error is UserError | ReleaseError {
  return error instanceof UserError || error instanceof ReleaseError;
}
