import { chmod, mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fetchChecked } from "../fetch-checked";
import { defaultFetchLimits, fetchText } from "../fetch-file";
import { type GoProgram, goBuild, goBuildDigest } from "../go-build";
import { askVersion } from "../path-cli";
import { platformName } from "../platform";
import { officialRelease, pulumiVersion } from "../pulumi-release";
import { SourceUnavailable } from "../source-unavailable";
import type { BuildOptions, DownloadOptions, Tool } from "../tool";
import type { Filling } from "../tool-cache";
import { checksumOf, unpack } from "../unpack";

const versionVariable = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";
const program: GoProgram = {
  module: "pulumi",
  package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
  flags: ["-tags=osusergo,grpcnotrace", `-ldflags=-s -w -X ${versionVariable}=v${pulumiVersion}`],
};
const keyPrefix = "pulumi-3";
const releasePrefix = `pulumi-${pulumiVersion}-${platformName()}`;

/** The CLI, as `bin/pulumi` of its entry. */
export const pulumiCli: Tool = {
  name: "the Pulumi CLI",
  version: pulumiVersion,
  missing: `Pulumi CLI ${pulumiVersion} or later`,
  onPath: "pulumi",
  keyPrefix,
  downloadKeyPrefix: `${releasePrefix}-download-`,
  buildKey: async () => `${releasePrefix}-build-${await goBuildDigest(program, pulumiVersion)}`,
  downloadUrl: (env) => officialRelease(env)?.archiveUrl,
  download,
  build,
  mends: [
    `install the Pulumi CLI ${pulumiVersion} or later, so that \`pulumi\` is on PATH (https://www.pulumi.com/docs/install/)`,
    "let this machine reach https://get.pulumi.com, directly or by HTTPS_PROXY, or name a mirror with SWITCHYARD_PULUMI_DOWNLOAD_URL",
  ],
};

/** The official release: its digest must be the one that is published beside it, and it must run. */
async function download(folder: string, options: DownloadOptions): Promise<Filling> {
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
  await fetchChecked(release.archiveUrl, archive, expected, options);
  report("unpacking");
  await unpackCli(archive, folder, options);
  const answer = await askVersion(join(folder, "bin", "pulumi"), env, signal);
  if ("fault" in answer) throw new SourceUnavailable(`${release.archiveUrl} is of no use: ${answer.fault}`);
  return {
    key: `${pulumiCli.downloadKeyPrefix}${expected.slice(0, 16)}`,
    facts: { version: answer.version, origin: "download", because: `downloaded from ${release.archiveUrl}` },
  };
}

async function build(folder: string, options: BuildOptions): Promise<Filling> {
  const because = await goBuild(program, join(folder, "bin", "pulumi"), options);
  return { key: await pulumiCli.buildKey(), facts: { version: pulumiVersion, origin: "build", because } };
}

/** The archive holds one folder, `pulumi`, with the executables in it; they become `bin`. */
async function unpackCli(archive: string, folder: string, options: DownloadOptions): Promise<void> {
  const unpacked = join(folder, "unpacked");
  await mkdir(unpacked);
  await unpack(archive, unpacked, options);
  const names = await readdir(join(unpacked, "pulumi")).catch(() => [] as string[]);
  if (!names.includes("pulumi")) throw new SourceUnavailable("the archive holds no pulumi/pulumi");
  await chmod(join(unpacked, "pulumi", "pulumi"), 0o755);
  await rename(join(unpacked, "pulumi"), join(folder, "bin"));
  await rm(unpacked, { recursive: true });
  await rm(archive);
}
