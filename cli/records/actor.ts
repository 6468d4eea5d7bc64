import { execFile } from "node:child_process";
import { hostname, userInfo } from "node:os";
import { promisify } from "node:util";
import type { ChangePredicate } from "./change-record";

const run = promisify(execFile);

/** Who changes a stack: a pipeline says for whom it runs, else it is whoever is logged in to this machine. */
export function actorOf(environment: NodeJS.ProcessEnv): ChangePredicate["actor"] {
  const { GITHUB_ACTIONS, GITHUB_ACTOR, GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID } = environment;
  if (GITHUB_ACTIONS === "true" && GITHUB_ACTOR) {
    const where = `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`;
    return { kind: "ci", name: GITHUB_ACTOR, where };
  }
  const { TF_BUILD, BUILD_REQUESTEDFOR, SYSTEM_COLLECTIONURI, SYSTEM_TEAMPROJECT, BUILD_BUILDID } =
    environment;
  if (TF_BUILD && BUILD_REQUESTEDFOR) {
    const where = `${SYSTEM_COLLECTIONURI}${SYSTEM_TEAMPROJECT}/_build/results?buildId=${BUILD_BUILDID}`;
    return { kind: "ci", name: BUILD_REQUESTEDFOR, where };
  }
  return { kind: "user", name: userName(), where: hostname() };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under an id that has no name.
    return `uid ${process.getuid?.() ?? "unknown"}`;
  }
}

/** The commit of a checkout and whether the tree was as committed; null outside of git, or without it. */
export async function commitOf(folder: string): Promise<ChangePredicate["commit"]> {
  // Takes no lock, so that it never gets in the way of somebody's commit.
  const git = async (...argv: string[]) =>
    (await run("git", ["--no-optional-locks", ...argv], { cwd: folder, maxBuffer: 2 ** 26 })).stdout.trim();
  try {
    const [id, changed] = await Promise.all([git("rev-parse", "HEAD"), git("status", "--porcelain")]);
    return { id, clean: changed === "" };
  } catch {
    return null;
  }
}
