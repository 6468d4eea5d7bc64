import { chmod, mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { defaultFetchLimits, type FetchLimits, fetchFile, fetchText } from "./fetch-file";
import { askVersion } from "./path-cli";
import type { HeldLock } from "./process-lock";
import { officialRelease, platformName, pulumiVersion } from "./pulumi-release";
import { runTool } from "./run-tool";
import { SourceUnavailable } from "./source-unavailable";
import { diskFull, type Filling } from "./tool-cache";
import { toolEnvironment } from "./tool-environment";

/** Start of the keys of downloaded CLIs in the cache; the digest of the archive follows. */
export const downloadKeyPrefix = `pulumi-${pulumiVersion}-${platformName()}-download-`;

interface DownloadOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
  readonly held: HeldLock;
  readonly report: (detail: string) => void;
  readonly limits?: FetchLimits | undefined;
}

/**
 * Gets the official release into the folder: its digest must be the one that is published beside it, and it must run.
 *
 * @throws SourceUnavailable when that is not to be had
 */
export async function downloadCli(folder: string, options: DownloadOptions): Promise<Filling> {
  const { env, signal, report, limits = defaultFetchLimits } = options;
  const release = officialRelease(env);
  if (release === undefined)
    throw new SourceUnavailable(`there is no official release for ${platformName()}`);
  const checksums = await fetchText(release.checksumsUrl, { env, signal, limits });
  const expected = checksumOf(checksums, release.archiveName);
  if (expected === undefined) {
    throw new SourceUnavailable(`${release.checksumsUrl} does not list ${release.archiveName}`);
  }
  const archive = join(folder, "archive.tar.gz");
  const digest = await fetchFile(release.archiveUrl, archive, { env, signal, limits }, (received, total) => {
    const ofTotal = total === undefined ? "" : ` of ${megabytes(total)}`;
    report(`${megabytes(received)}${ofTotal} MB`);
  });
  if (digest !== expected) {
    throw new SourceUnavailable(
      `${release.archiveUrl} has SHA-256 ${digest}, published is ${expected}: not used`,
    );
  }
  report("unpacking");
  await unpack(archive, folder, options);
  const answer = await askVersion(join(folder, "bin", "pulumi"), env, signal);
  if ("fault" in answer) throw new SourceUnavailable(`${release.archiveUrl} is of no use: ${answer.fault}`);
  return {
    key: `${downloadKeyPrefix}${digest.slice(0, 16)}`,
    facts: { version: answer.version, origin: "download", because: `downloaded from ${release.archiveUrl}` },
  };
}

/** The digest that a list as `sha256sum` writes it has for a file. */
function checksumOf(list: string, name: string): string | undefined {
  for (const line of list.split("\n")) {
    const match = /^([0-9a-f]{64})\s+\*?(\S+)\s*$/i.exec(line);
    if (match?.[2] === name) return match[1]?.toLowerCase();
  }
  return undefined;
}

/** The archive holds one folder, `pulumi`, with the executables in it; they become `bin`. */
async function unpack(archive: string, folder: string, options: DownloadOptions): Promise<void> {
  const unpacked = join(folder, "unpacked");
  await mkdir(unpacked);
  const argv = ["-xzf", archive, "-C", unpacked, "--no-same-owner"];
  const { code, stderr } = await runTool("tar", argv, {
    cwd: folder,
    env: toolEnvironment(options.env),
    signal: options.signal,
    onStart: (pid) => options.held.covers(pid),
  }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
    throw new SourceUnavailable("the archive cannot be unpacked: there is no tar on PATH");
  });
  if (/no space left on device|disk quota exceeded/i.test(stderr)) throw diskFull(folder);
  if (code !== 0) throw new SourceUnavailable(`the archive cannot be unpacked: ${stderr.trim()}`);
  const names = await readdir(join(unpacked, "pulumi")).catch(() => [] as string[]);
  if (!names.includes("pulumi")) throw new SourceUnavailable("the archive holds no pulumi/pulumi");
  await chmod(join(unpacked, "pulumi", "pulumi"), 0o755);
  await rename(join(unpacked, "pulumi"), join(folder, "bin"));
  await rm(unpacked, { recursive: true });
  await rm(archive);
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
