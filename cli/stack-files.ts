import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { secondLocalStackMend } from "../infra/config/local-cloud";
import { UserError } from "../local/user-error";
import type { Workspace } from "./workspace";

/** The stack of the embedded local cloud. */
export const localStack = "dev";

/** Whether a stack lives on the embedded local cloud. */
export function isLocalStack(stack: string): boolean {
  return stack === localStack;
}

export function stackFile(workspace: Workspace, stack: string): string {
  return join(workspace.root, `Pulumi.${stack}.yaml`);
}

/** @throws UserError when the stack has no file, naming those that have one, or would be a second one of dev. */
export function requireStackFile(workspace: Workspace, stack: string): string {
  if (stack.startsWith(`${localStack}-`)) {
    throw new UserError(
      `The embedded cloud serves one stack, ${localStack}; received "${stack}". Staging and production may have a suffix.`,
      { mend: `${secondLocalStackMend}.` },
    );
  }
  const file = stackFile(workspace, stack);
  if (/^[\w.-]+$/.test(stack) && existsSync(file)) return file;
  const known = stacksWithFile(workspace);
  throw new UserError(`There is no stack "${stack}": Pulumi.${stack}.yaml does not exist.`, {
    mend: `Stacks with a file: ${known.join(", ")}.`,
  });
}

/** Names of the stacks that have a file, in order. */
export function stacksWithFile(workspace: Workspace): readonly string[] {
  return readdirSync(workspace.root)
    .map((name) => /^Pulumi\.([\w.-]+)\.yaml$/.exec(name)?.[1])
    .filter((name) => name !== undefined)
    .sort();
}
