import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { StackChanges } from "../../release/plan/stack-changes";
import { UserError } from "../../release/user-error";
import type { Report } from "../../reports/model";
import { type SystemName, systemNames } from "../../runbooks/model";
import { changesDigest } from "../approved-changes";

const run = promisify(execFile);

/** A preview of production takes half a minute where everything is far away. */
const previewMilliseconds = 10 * 60_000;

/** The command line that this compiled file belongs to; the project it works on may be another folder's. */
export const commandLine = join(__dirname, "..", "main.js");

export interface Previewed {
  /** Folder of the project. */
  readonly root: string;
  readonly stack: string;
  readonly signal: AbortSignal;
}

/**
 * What a preview of the stack says now: the same command that people use.
 * @throws UserError when it fails
 */
export async function previewOf({ root, stack, signal }: Previewed): Promise<Report> {
  const argv = [commandLine, "preview", "--stack", stack, "--format", "json"];
  try {
    const { stdout } = await run(process.execPath, argv, {
      cwd: root,
      signal,
      timeout: previewMilliseconds,
      maxBuffer: 2 ** 28,
    });
    return JSON.parse(stdout) as Report;
  } catch (cause) {
    signal.throwIfAborted();
    throw new UserError(`a preview of ${stack} failed, so that nobody knows whether it would change`, {
      mend: `npx switchyard preview --stack ${stack} says why.`,
      cause,
      retriable: true,
    });
  }
}

/** What would change by a preview, with what of it is the system's. */
export function stackChangesOf(
  report: Pick<Report, "subject" | "resources">,
  system: SystemName,
): StackChanges {
  const changes = report.resources
    .filter(({ op }) => op !== "same" && op !== "read")
    .map(({ urn, op }) => ({ urn, op, own: concerns(urn, system) }));
  return { digest: changesDigest(report), changes };
}

/**
 * Whether a resource is the system's, or one that all share: that the release of another system has its candidate declared is
 * no change of this one.
 */
export function concerns(urn: string, system: SystemName): boolean {
  const [, owner] = /switchyard:systems:(\w+)/.exec(urn) ?? [];
  return !systemNames.some((other) => other !== system && componentOf(other) === owner);
}

/** `kirana-store`: the component `KiranaStore`. */
function componentOf(system: SystemName): string {
  return system.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}
