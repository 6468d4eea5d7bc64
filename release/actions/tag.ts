import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { UserError } from "../user-error";
import type { OtherActions } from "./other-actions";

const run = promisify(execFile);
const usualRemote = "origin";

export interface TaggingArgs {
  /** Folder of the checkout. */
  readonly repository: string;
  readonly environment: string;
  /** Commit of the manifest; @default the one that is checked out */
  readonly commit: string | undefined;
  /**
   * Whether the release deploys the version. Otherwise `commit` is what is known of the version that was live before it, and a
   * tag that is missing is made only for that. @default true
   */
  readonly deploys?: boolean;
  readonly system: string;
  readonly signal: AbortSignal;
  fill(template: string, fields: Readonly<Record<string, string>>): string;
}

/**
 * Makes the tag of a version, and pushes it where the runbook says so and there is a remote; never from dev. A tag that
 * is there already is left as it is, and is refused when it names another commit.
 */
export function tagger(args: TaggingArgs): OtherActions["tag"] {
  return async ({ format, message, pushed }, { timeoutSeconds }, fields) => {
    const git = gitIn(args, timeoutSeconds);
    const name = args.fill(format, fields);
    await git("check-ref-format", `refs/tags/${name}`);
    const before = await commitOf(git, `refs/tags/${name}`);
    if (args.deploys === false && before === undefined && args.commit === undefined)
      return `no tag ${name}: this release deploys nothing, and nobody knows of which commit that version was made`;
    // A tag made before names the commit that was checked out then.
    const wanted = args.commit ?? before ?? (await git("rev-parse", "--verify", "HEAD^{commit}"));
    if (before === undefined) {
      await requireCommit(git, wanted, args);
      const text = message === undefined ? undefined : args.fill(message, fields);
      await git(...(await identity(git, fields.starter)), "tag", ...annotation(text), name, wanted);
    }
    const made = await commitOf(git, `refs/tags/${name}`);
    if (made !== wanted)
      throw new UserError(`the tag ${name} names the commit ${made}, and this release is of ${wanted}`, {
        mend: `release another version than ${name}, or remove the tag if it was made by mistake`,
      });
    const seen = `${name} at ${wanted.slice(0, 12)}${before === undefined ? "" : ", as before"}`;
    if (!pushed || args.environment === "dev") return `${seen}, not pushed`;
    return `${seen}, ${await push(git, name)}`;
  };
}

type Git = (...argv: string[]) => Promise<string>;

function gitIn({ repository, signal }: TaggingArgs, timeoutSeconds: number): Git {
  return async (...argv) => {
    try {
      const options = {
        cwd: repository,
        signal,
        timeout: timeoutSeconds * 1000,
        // A remote that wants a password is refused instead of waited for.
        env: { ...process.env, GIT_TERMINAL_PROMPT: "0" },
      };
      return (await run("git", argv, options)).stdout.trim();
    } catch (error) {
      signal.throwIfAborted();
      const { stderr = "", code } = error as { stderr?: string; code?: unknown };
      const [line = ""] = stderr.trim().split("\n");
      const what = argv.find((word) => !word.startsWith("-") && !word.includes("=")) ?? "";
      throw new UserError(
        `git ${what} failed in ${repository}: ${withoutLogin(line) || String(code ?? "no answer")}`,
        { cause: error, mend: "a tag is made in a checkout of git" },
      );
    }
  };
}

/** An address may carry a password. */
function withoutLogin(text: string): string {
  return text.replace(/\/\/[^/@\s]+@/g, "//").slice(0, 300);
}

async function commitOf(git: Git, reference: string): Promise<string | undefined> {
  const found = await git("for-each-ref", "--format=%(objectname) %(*objectname)", reference);
  // Of an annotated tag the second one is its commit.
  return found.split(/\s+/).filter(Boolean).at(-1);
}

async function requireCommit(git: Git, commit: string, { system, repository }: TaggingArgs): Promise<void> {
  try {
    await git("cat-file", "-e", `${commit}^{commit}`);
  } catch (cause) {
    if (!(cause instanceof UserError)) throw cause;
    throw new UserError(`the commit ${commit} of ${system} is not in ${repository}`, {
      mend: "git fetch it into this checkout, or run the release from a checkout of its source",
      cause,
    });
  }
}

/** Somebody has to be the tagger; a runner often has no name of its own. */
async function identity(git: Git, starter = "switchyard"): Promise<string[]> {
  const named = await git("config", "--default", "", "user.email");
  return named === "" ? ["-c", `user.name=${starter}`, "-c", "user.email=release@switchyard.invalid"] : [];
}

function annotation(text: string | undefined): string[] {
  return text === undefined ? [] : ["-a", "-m", text];
}

async function push(git: Git, name: string): Promise<string> {
  const remotes = (await git("remote")).split("\n").filter(Boolean);
  const remote = remotes.find((each) => each === usualRemote) ?? remotes[0];
  if (remote === undefined) return "not pushed: the checkout has no remote";
  await git("push", "--quiet", remote, `refs/tags/${name}`);
  const there = await git("ls-remote", "--tags", remote, `refs/tags/${name}`);
  if (there === "") throw new UserError(`${remote} took the tag ${name} and does not have it`);
  return `pushed to ${remote}`;
}
