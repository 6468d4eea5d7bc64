import { existsSync, readFileSync } from "node:fs";
import { UserError } from "../../local/user-error";
import type { CommandContext } from "../context";
import { backendFolder } from "../engine/environment";
import { checkpointFile } from "../engine/file-stack";
import { localPassphrase, prepareEngine, runInSession } from "../engine/session";
import { isLocalStack, requireStackFile } from "../stack-files";
import { projectName } from "../workspace";
import { type RecordedState, readState } from "./state-file";

/**
 * What the stack's backend recorded last. Of dev it is read where it lies; of the others the CLI exports it, with the
 * user's login and with secrets in clear, which stay in memory.
 *
 * @throws UserError when there is none, or the backend does not give it.
 */
export async function recordedState(context: CommandContext, stack: string): Promise<RecordedState> {
  const { workspace } = context;
  requireStackFile(workspace, stack);
  if (isLocalStack(stack)) {
    const file = checkpointFile(backendFolder(workspace), stack);
    if (existsSync(file)) return readState(readFileSync(file, "utf8"), `The state of ${stack}`, projectName);
    throw new UserError(`${stack} has no recorded state here.`, {
      mend: "Bring it up first: npx switchyard up. Or look at what would be: npx switchyard preview.",
    });
  }
  const session = await prepareEngine({ ...context, mode: { kind: "remote" } });
  const argv = ["stack", "export", "--stack", stack, "--show-secrets", "--non-interactive"];
  const { exitCode, stdout, stderr } = await context.progress.step(`reading the state of ${stack}`, () =>
    // Its output holds secrets in clear: it goes into no log.
    runInSession(session, argv, { logFile: undefined }),
  );
  if (exitCode !== 0) {
    throw new UserError(`The state of ${stack} could not be read:\n${stderr.trim()}`, {
      mend: "Log in to the backend (README, Staging and production), or check an exported file with --state.",
    });
  }
  return readState(stdout, `The state of ${stack}`, projectName);
}

/** Passphrase of a stack's secrets: dev's is known, others are given as the engine wants them given. */
export function passphraseFor(stack: string, user: NodeJS.ProcessEnv): string | undefined {
  if (user.PULUMI_CONFIG_PASSPHRASE !== undefined) return user.PULUMI_CONFIG_PASSPHRASE;
  const file = user.PULUMI_CONFIG_PASSPHRASE_FILE;
  if (file) {
    try {
      return readFileSync(file, "utf8").trim();
    } catch (cause) {
      throw new UserError(
        `PULUMI_CONFIG_PASSPHRASE_FILE names ${file}, which cannot be read: ${(cause as Error).message}`,
        {
          cause,
        },
      );
    }
  }
  return isLocalStack(stack) ? localPassphrase : undefined;
}
