import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { UserError } from "../../release/user-error";
import { readState } from "../check/state-file";
import type { CommandContext } from "../context";
import { backendFolder } from "../engine/environment";
import { checkpointFile } from "../engine/file-stack";
import { prepareEngine, runInSession } from "../engine/session";
import { isLocalStack } from "../stack-files";
import { projectName } from "../workspace";

/** The state of a stack as a release found it. */
export interface StackExport {
  /** Relative to the state folder. */
  readonly file: string;
  /** SHA-256 of the file. */
  readonly digest: string;
  /** When the stack was updated last, ISO 8601. */
  readonly updatedAt: string;
}

/**
 * Keeps the state of a stack beside the local state, with its secrets encrypted as the backend has them. Asked again for
 * the same release it answers the one that is there.
 *
 * @throws UserError when the backend does not give it
 */
export async function exportStack(
  context: CommandContext,
  stack: string,
  release: string,
): Promise<StackExport> {
  const { stateDir } = context.workspace;
  const file = join(stateDir, "exports", `${release.replace(/[^\w.-]/g, "-")}.json`);
  if (!existsSync(file)) {
    const text = await stateOf(context, stack);
    await mkdir(join(file, ".."), { recursive: true, mode: 0o700 });
    await writeFileAtomic(file, text, { mode: 0o600 });
  }
  const text = await readFile(file, "utf8");
  return {
    file: relative(stateDir, file),
    digest: `sha256:${createHash("sha256").update(text).digest("hex")}`,
    updatedAt: readState(text, `The export of ${stack}`, projectName).recordedAt,
  };
}

async function stateOf(context: CommandContext, stack: string): Promise<string> {
  if (isLocalStack(stack)) {
    const file = checkpointFile(backendFolder(context.workspace), stack);
    if (existsSync(file)) return readFileSync(file, "utf8");
    throw new UserError(`${stack} has no recorded state here`, { mend: "bring it up: npx switchyard up" });
  }
  const session = await prepareEngine({ ...context, mode: { kind: "remote" } });
  const argv = ["stack", "export", "--stack", stack, "--non-interactive"];
  const { exitCode, stdout, stderr } = await runInSession(session, argv, { logFile: undefined });
  if (exitCode === 0) return stdout;
  throw new UserError(`the state of ${stack} could not be exported: ${stderr.trim().slice(0, 500)}`, {
    mend: "log in to the backend (README, Staging and production)",
    retriable: true,
  });
}
