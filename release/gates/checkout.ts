import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../user-error";

/** The repository in which a release is run: what git and its files say. */
export class Checkout {
  /**
   * @param folder of the checkout
   * @param path `PATH` on which git is looked for
   */
  constructor(
    private readonly folder: string,
    private readonly path: string | undefined,
    private readonly signal: AbortSignal,
  ) {}

  /** Undefined when no branch is checked out. */
  async branch(): Promise<string | undefined> {
    const name = (await this.git("branch", "--show-current")).trim();
    return name === "" ? undefined : name;
  }

  async commit(): Promise<string> {
    return (await this.git("rev-parse", "HEAD")).trim();
  }

  /** Whether nothing differs from the commit, files that git does not know included. */
  async clean(): Promise<boolean> {
    return (await this.git("status", "--porcelain")) === "";
  }

  /** Tags of the commit. */
  tags(): Promise<readonly string[]> {
    return this.lines("tag", "--points-at", "HEAD");
  }

  /** Branches of the remote that contain the commit, as `origin/main`. */
  mergedInto(): Promise<readonly string[]> {
    return this.lines("branch", "--remotes", "--contains", "HEAD", "--format=%(refname:short)");
  }

  /** Paths of all files of the commit. */
  files(): Promise<readonly string[]> {
    return this.lines("-c", "core.quotePath=false", "ls-tree", "-r", "--name-only", "--full-tree", "HEAD");
  }

  /** Names that `make` knows; none where there is no Makefile. */
  async makeTargets(): Promise<readonly string[]> {
    const root = (await this.git("rev-parse", "--show-toplevel")).trim();
    for (const name of ["GNUmakefile", "makefile", "Makefile"]) {
      const text = await textOf(join(root, name));
      if (text !== undefined) return targetsOf(text);
    }
    return [];
  }

  /** `OWNER/NAME` at GitHub, where the remote is there. */
  async gitHubName(): Promise<string | undefined> {
    const [url] = await this.lines("config", "--get-all", "remote.origin.url");
    return url === undefined ? undefined : gitHubNameOf(url);
  }

  private async lines(...args: readonly string[]): Promise<readonly string[]> {
    return (await this.git(...args)).split("\n").filter((line) => line !== "");
  }

  /** @throws UserError when this is no repository, or git is missing */
  private git(...args: readonly string[]): Promise<string> {
    const { folder, signal } = this;
    return new Promise((resolve, reject) => {
      execFile(
        "git",
        [...args],
        { cwd: folder, signal, maxBuffer: 64 * 1024 * 1024, env: { PATH: this.path, LC_ALL: "C" } },
        (error, stdout, stderr) => {
          if (error === null) return resolve(stdout);
          if (signal.aborted) return reject(signal.reason);
          const { code } = error as { code?: unknown };
          if (code === "ENOENT") return reject(new UserError("git is not on PATH"));
          // `git config --get-all` of what is not set, which is no failure.
          if (code === 1 && args[0] === "config") return resolve("");
          reject(
            new UserError(`git ${args[0]} failed in the checkout: ${stderr.trim().split("\n")[0] ?? ""}`, {
              mend: "run the release in a checkout of the system's repository",
            }),
          );
        },
      );
    });
  }
}

/** Names before a colon at the beginning of a line: no variables, no patterns, no special targets. */
export function targetsOf(makefile: string): readonly string[] {
  const found = makefile.split("\n").flatMap((line) => {
    const names = /^([^\s#:=.%$][^#:=%$]*):(?!=|:=)/.exec(line)?.[1];
    return names === undefined ? [] : names.trim().split(/\s+/);
  });
  return [...new Set(found)];
}

/** @param url of a remote, by HTTPS or SSH */
export function gitHubNameOf(url: string): string | undefined {
  return /(?:^|@|\/\/)(?:www\.)?github\.com[:/]([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/i.exec(url)?.[1];
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
