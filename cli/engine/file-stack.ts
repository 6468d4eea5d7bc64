import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../local/user-error";
import { projectName } from "../workspace";
import { type EngineSession, runInSession } from "./session";

/**
 * Creates the stack in a file backend unless its checkpoint is there.
 *
 * @param projectFolder Folder whose Pulumi.yaml names the project; `stack init` writes the salt to the stack's file
 *   there, unless one stands in it.
 */
export async function ensureStack(
  session: EngineSession,
  stack: string,
  backend: string,
  projectFolder: string = session.workspace.root,
): Promise<void> {
  if (existsSync(checkpointFile(backend, stack))) return;
  const argv = [
    "stack",
    "init",
    stack,
    "--no-select",
    "--secrets-provider",
    "passphrase",
    "--non-interactive",
  ];
  const result = await runInSession(session, argv, { cwd: projectFolder });
  if (result.exitCode !== 0 && !existsSync(checkpointFile(backend, stack))) {
    throw new UserError(`Stack ${stack} could not be created in ${backend}:\n${result.stderr.trim()}`);
  }
}

/** Whether nothing is recorded of a stack. */
export function isEmptyStack(backend: string, stack: string): boolean {
  const checkpoint = checkpointFile(backend, stack);
  return !existsSync(checkpoint) || !readFileSync(checkpoint).includes('"urn:pulumi:');
}

/** Where a file backend keeps the state of a stack of this project. */
export function checkpointFile(backend: string, stack: string): string {
  return join(backend, ".pulumi", "stacks", projectName, `${stack}.json`);
}
