import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { JournalStore } from "../../release/journal/journal";
import type { Manifest } from "../../release/plan/manifest";
import { previousManifest } from "./earlier-releases";

const run = promisify(execFile);
const mostCommits = 200;

/** What a release brings against the newest one that finished. */
export interface Brought {
  /** Absent before the first release. */
  readonly before?: Manifest;
  /** `1a2b3c4 Subject`, the newest first; undefined where nobody can tell. */
  readonly commits?: readonly string[];
  /** Why not. */
  readonly why?: string;
}

export interface BroughtArgs {
  readonly store: JournalStore;
  readonly system: string;
  readonly releaseId: string;
  readonly manifest: Manifest;
  /** Checkout that the release is run in. */
  readonly folder: string;
}

/** The commits from the version that is live to the candidate, as far as both manifests and the checkout name them. */
export async function broughtBy({
  store,
  system,
  releaseId,
  manifest,
  folder,
}: BroughtArgs): Promise<Brought> {
  if (Object.keys(manifest.components).length === 0)
    return { commits: [], why: "it deploys nothing: what it changes is the stack" };
  const before = await previousManifest(store, system, releaseId);
  if (before === undefined) return { why: "no release has finished before it" };
  const unnamed = [before, manifest].filter(({ commit }) => commit === undefined);
  if (unnamed.length > 0)
    return {
      before,
      why: `the manifest of ${unnamed.map(({ version }) => version).join(" and of ")} names no commit`,
    };
  const commits = await commitsBetween(folder, before.commit!, manifest.commit!);
  if (commits === undefined)
    return { before, why: `the checkout does not have ${before.commit} and ${manifest.commit}` };
  return { before, commits };
}

/** @returns undefined outside of git, or where the checkout does not have both */
async function commitsBetween(
  folder: string,
  from: string,
  to: string,
): Promise<readonly string[] | undefined> {
  const argv = ["log", `--max-count=${mostCommits}`, "--no-merges", "--format=%h %s", `${from}..${to}`, "--"];
  try {
    const { stdout } = await run("git", ["--no-optional-locks", ...argv], {
      cwd: folder,
      maxBuffer: 2 ** 24,
    });
    return stdout.split("\n").filter((line) => line !== "");
  } catch {
    return undefined;
  }
}

/** What changes, for people: what the release says of it, and the commits where they are known. */
export function withCommits(changes: string, { commits = [] }: Brought): string {
  return commits.length === 0 ? changes : `${changes}:\n${commits.map((each) => `- ${each}`).join("\n")}`;
}
