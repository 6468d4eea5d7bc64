import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { OtherActions } from "../../release/actions/other-actions";
import { UserError } from "../../release/user-error";
import { changesDigest } from "../approved-changes";
import { commandLine, type Previewed, previewOf } from "./stack-preview";

const run = promisify(execFile);

/** What of this machine an update of dev needs. */
export interface LocalUpdateParts {
  readonly preview: typeof previewOf;
  /** @throws when the stack was not brought up */
  up(update: Previewed & { readonly timeoutSeconds: number }): Promise<void>;
}

/**
 * Dev in place of the workflow that updates a stack: `switchyard up` of the checkout, held to the changes that were approved
 * where the release names them. There is no GitHub on dev.
 */
export function localUpdater(
  of: Previewed,
  { preview, up }: LocalUpdateParts = { preview: previewOf, up: bringUp },
): OtherActions["workflow"] {
  return async ({ file }, { timeoutSeconds }, { stackChanges: approved = "" }) => {
    const report = await preview(of);
    const pending = report.resources.filter(({ op }) => op !== "same" && op !== "read");
    // What was carried out before the process ended is not there any more to be done.
    if (pending.length === 0) return `${of.stack} is as it is declared: ${file} had nothing left to do`;
    const found = changesDigest(report);
    if (approved !== "" && found !== approved)
      throw new UserError(
        `what would change in ${of.stack} now (${found}) is not what was approved (${approved}); nothing was changed`,
        { mend: "plan the release anew, and have that approved" },
      );
    await up({ ...of, timeoutSeconds });
    return `${of.stack} was brought up in place of ${file}, which runs on GitHub`;
  };
}

async function bringUp({
  root,
  stack,
  signal,
  timeoutSeconds,
}: Parameters<LocalUpdateParts["up"]>[0]): Promise<void> {
  const argv = [commandLine, "up", "--stack", stack];
  try {
    await run(process.execPath, argv, {
      cwd: root,
      signal,
      timeout: timeoutSeconds * 1000,
      maxBuffer: 2 ** 28,
    });
  } catch (cause) {
    signal.throwIfAborted();
    throw new UserError(`${stack} was not brought up`, {
      mend: `npx switchyard up --stack ${stack} says why.`,
      cause,
    });
  }
}
