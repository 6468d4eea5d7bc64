import { chmod, mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fetchChecked } from "../fetch-checked";
import { defaultFetchLimits, fetchText } from "../fetch-file";
import { type GoProgram, goBuild, goBuildDigest } from "../go-build";
import { goPlatform, platformName } from "../platform";
import { SourceUnavailable } from "../source-unavailable";
import type { BuildOptions, DownloadOptions, Tool } from "../tool";
import type { Filling } from "../tool-cache";
import { checksumOf, unpack } from "../unpack";

/** As modules/prometheus/go.mod has it, whose versions are 0.313 for 3.13. */
export const prometheusVersion = "3.13.4";

const program: GoProgram = {
  module: "prometheus",
  package: "github.com/prometheus/prometheus/cmd/prometheus",
  // Without discovery of clouds, which is most of its sources, and without the pages of its own.
  flags: [
    "-tags=netgo,remove_all_sd",
    `-ldflags=-s -w -X github.com/prometheus/common/version.Version=${prometheusVersion}`,
  ],
};
const keyPrefix = "prometheus-";
const releasePrefix = `${keyPrefix}${prometheusVersion}-${platformName()}`;

/** The server, as `bin/prometheus` of its entry. */
export const prometheus: Tool = {
  name: "Prometheus",
  version: prometheusVersion,
  missing: "Prometheus 2.40 or later",
  onPath: "prometheus",
  keyPrefix,
  downloadKeyPrefix: `${releasePrefix}-download-`,
  buildKey: async () => `${releasePrefix}-build-${await goBuildDigest(program, prometheusVersion)}`,
  downloadUrl: (env) => release(env)?.archiveUrl,
  download,
  build,
  mends: [
    "install Prometheus 2.40 or later, so that `prometheus` is on PATH (on Debian: apt-get install prometheus)",
    "let this machine reach https://github.com, directly or by HTTPS_PROXY, or name a mirror with SWITCHYARD_PROMETHEUS_DOWNLOAD_URL",
  ],
};

function release(env: NodeJS.ProcessEnv) {
  const platform = goPlatform();
  if (platform === undefined) return undefined;
  const { system, architecture } = platform;
  const base = (
    env.SWITCHYARD_PROMETHEUS_DOWNLOAD_URL || "https://github.com/prometheus/prometheus/releases/download"
  ).replace(/\/+$/, "");
  const name = `prometheus-${prometheusVersion}.${system}-${architecture}`;
  const folder = `${base}/v${prometheusVersion}`;
  return { name, archiveUrl: `${folder}/${name}.tar.gz`, checksumsUrl: `${folder}/sha256sums.txt` };
}

/** The official release; its digest must be the one that is published beside it. */
async function download(folder: string, options: DownloadOptions): Promise<Filling> {
  const { env, signal, report, limits = defaultFetchLimits } = options;
  const found = release(env);
  if (found === undefined) throw new SourceUnavailable(`there is no official release for ${platformName()}`);
  const { name, archiveUrl, checksumsUrl } = found;
  const expected = checksumOf(await fetchText(checksumsUrl, { env, signal, limits }), `${name}.tar.gz`);
  if (expected === undefined) throw new SourceUnavailable(`${checksumsUrl} does not list ${name}.tar.gz`);
  const archive = join(folder, "archive.tar.gz");
  await fetchChecked(archiveUrl, archive, expected, options);
  report("unpacking");
  const unpacked = join(folder, "unpacked");
  const bin = join(folder, "bin");
  await mkdir(unpacked);
  await mkdir(bin);
  await unpack(archive, unpacked, options);
  await rename(join(unpacked, name, "prometheus"), join(bin, "prometheus")).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
      throw new SourceUnavailable(`${name}.tar.gz holds no prometheus`);
    },
  );
  await chmod(join(bin, "prometheus"), 0o755);
  await rm(unpacked, { recursive: true });
  await rm(archive);
  return {
    key: `${prometheus.downloadKeyPrefix}${expected.slice(0, 16)}`,
    facts: { version: prometheusVersion, origin: "download", because: `downloaded from ${archiveUrl}` },
  };
}

async function build(folder: string, options: BuildOptions): Promise<Filling> {
  const because = await goBuild(program, join(folder, "bin", "prometheus"), options);
  return {
    key: await prometheus.buildKey(),
    facts: { version: prometheusVersion, origin: "build", because },
  };
}
