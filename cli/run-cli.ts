import { Command, CommanderError } from "commander";
import { stderrProgress } from "../local/progress";
import { UserError } from "../local/user-error";
import { UserError as ReleaseError } from "../release/user-error";
import type { CommandContext } from "./context";
import { exitCodes, OnHold, Refused, UsageError } from "./exit";
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
    await program(context, projectVersion(workspace), argv).parseAsync([...argv], { from: "user" });
    return exitCodes.done;
  } catch (error) {
    return explain(error, abort.signal);
  } finally {
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
  }
}

const helpHint = "(--help lists the commands and options)";

const exitCodesHelp = `
Exit codes: ${exitCodes.done} done; ${exitCodes.refused} refused or failed, the reason is the last on stderr; ${exitCodes.usage} wrong usage;
${exitCodes.onHold} a release waits for a person or a window.`;

/** In the order of the help. Each brings its part of the project with it, so that only those asked for are loaded. */
const commands: Readonly<Record<string, () => (context: CommandContext) => Command>> = {
  up: () => (require("./commands/up") as typeof import("./commands/up")).upCommand,
  preview: () => (require("./commands/preview") as typeof import("./commands/preview")).previewCommand,
  release: () => (require("./commands/release") as typeof import("./commands/release")).releaseCommand,
  incident: () => (require("./commands/incident") as typeof import("./commands/incident")).incidentCommand,
  check: () => (require("./commands/check") as typeof import("./commands/check")).checkCommand,
  coverage: () => (require("./commands/coverage") as typeof import("./commands/coverage")).coverageCommand,
  drift: () => (require("./commands/drift") as typeof import("./commands/drift")).driftCommand,
  exemption: () =>
    (require("./commands/exemption") as typeof import("./commands/exemption")).exemptionCommand,
  evidence: () => (require("./commands/evidence") as typeof import("./commands/evidence")).evidenceCommand,
  trust: () => (require("./commands/trust") as typeof import("./commands/trust")).trustCommand,
  env: () => (require("./commands/env") as typeof import("./commands/env")).envCommand,
  cloud: () => (require("./commands/cloud") as typeof import("./commands/cloud")).cloudCommand,
  monitoring: () =>
    (require("./commands/monitoring") as typeof import("./commands/monitoring")).monitoringCommand,
  publish: () => (require("./commands/publish") as typeof import("./commands/publish")).publishCommand,
  records: () => (require("./commands/records") as typeof import("./commands/records")).recordsCommand,
  toolchain: () =>
    (require("./commands/toolchain") as typeof import("./commands/toolchain")).toolchainCommand,
};

/**
 * The command line, ready to parse; making it does nothing.
 *
 * @param argv What is to be parsed, for which one command may be enough. @default - every command
 */
export function program(context: CommandContext, version: string, argv: readonly string[] = []): Command {
  const root = new Command("switchyard")
    .description(
      "Deployment runbooks that run: infrastructure, policies and releases for Azure and Kubernetes.",
    )
    .version(version)
    .addHelpText("after", exitCodesHelp);
  for (const name of commandsFor(argv)) root.addCommand(commands[name]!()(context));
  return withManners(root);
}

function commandsFor([first, ...more]: readonly string[]): readonly string[] {
  if (first !== undefined && Object.hasOwn(commands, first)) return [first];
  if (first === "--version" && more.length === 0) return [];
  return Object.keys(commands);
}

/**
 * Commands that are added do not inherit these: `cloud fault add` would end the process itself, with code 1, and `incident`
 * would take the `--stack` of `incident status`.
 */
function withManners(command: Command): Command {
  command
    .exitOverride()
    .showHelpAfterError(helpHint)
    .enablePositionalOptions()
    .hook("preSubcommand", refuseOptionsBefore);
  for (const child of command.commands) withManners(child);
  return command;
}

/** A command does not see options that stand before its name, such as the stack on which it is to act. */
function refuseOptionsBefore(parent: Command, child: Command): void {
  const early = parent.options.find(
    (option) => parent.getOptionValueSource(option.attributeName()) === "cli",
  );
  if (early !== undefined) parent.error(`error: ${early.long} stands after ${child.name()}, not before it`);
}

function explain(error: unknown, signal: AbortSignal): number {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  }
  if (error instanceof UsageError) {
    const mend = error.mend === undefined ? "" : `${error.mend}\n`;
    process.stderr.write(`error: ${error.message}\n${mend}${helpHint}\n`);
    return exitCodes.usage;
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
