import { chmod, mkdir, rename, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { fetchChecked } from "../fetch-checked";
import { defaultFetchLimits, fetchText } from "../fetch-file";
import { textDigest } from "../file-digest";
import { type GoProgram, goBuild, goBuildDigest } from "../go-build";
import { goPlatform, platformName } from "../platform";
import { SourceUnavailable } from "../source-unavailable";
import type { BuildOptions, DownloadOptions, Tool } from "../tool";
import type { Filling } from "../tool-cache";
import { checksumOf, unpack } from "../unpack";

/** As modules/kubernetes-control-plane/go.mod has them. */
export const kubernetesVersion = "1.35.4";
const etcdVersion = "3.6.5";

const [major, minor] = kubernetesVersion.split(".");
const versionPackage = "k8s.io/component-base/version";
const clientVersionPackage = "k8s.io/client-go/pkg/version";
const program: GoProgram = {
  module: "kubernetes-control-plane",
  package: ".",
  flags: [
    `-ldflags=-s -w ${[versionPackage, clientVersionPackage]
      .map(
        (name) =>
          `-X ${name}.gitVersion=v${kubernetesVersion} -X ${name}.gitMajor=${major} -X ${name}.gitMinor=${minor}`,
      )
      .join(" ")}`,
  ],
};
const keyPrefix = "control-plane-";
const releasePrefix = `${keyPrefix}${kubernetesVersion}-${platformName()}`;
const programs = ["etcd", "kube-apiserver", "kube-controller-manager", "kubectl"] as const;
const published = ["kube-apiserver", "kube-controller-manager", "kubectl"] as const;

/** The control plane and kubectl, in `bin` of its entry; built, all four are one file by several names. */
export const controlPlane: Tool = {
  name: "the Kubernetes control plane",
  version: kubernetesVersion,
  missing: `Kubernetes control plane ${kubernetesVersion}`,
  keyPrefix,
  downloadKeyPrefix: `${releasePrefix}-download-`,
  buildKey: async () => `${releasePrefix}-build-${await goBuildDigest(program, kubernetesVersion)}`,
  downloadUrl: (env) => release(env)?.kubernetes,
  download,
  build,
  mends: [
    "let this machine reach https://dl.k8s.io and https://github.com, directly or by HTTPS_PROXY, or name mirrors with SWITCHYARD_KUBERNETES_DOWNLOAD_URL and SWITCHYARD_ETCD_DOWNLOAD_URL",
  ],
};

/** Servers are published for Linux alone. */
function release(env: NodeJS.ProcessEnv) {
  const platform = goPlatform();
  if (platform === undefined || platform.system !== "linux") return undefined;
  const { system, architecture } = platform;
  const kubernetes = (env.SWITCHYARD_KUBERNETES_DOWNLOAD_URL || "https://dl.k8s.io").replace(/\/+$/, "");
  const etcd = (
    env.SWITCHYARD_ETCD_DOWNLOAD_URL || "https://github.com/etcd-io/etcd/releases/download"
  ).replace(/\/+$/, "");
  return {
    kubernetes: `${kubernetes}/v${kubernetesVersion}/bin/${system}/${architecture}`,
    etcd: `${etcd}/v${etcdVersion}`,
    etcdName: `etcd-v${etcdVersion}-${system}-${architecture}`,
  };
}

async function download(folder: string, options: DownloadOptions): Promise<Filling> {
  const { env, signal, limits = defaultFetchLimits } = options;
  const found = release(env);
  if (found === undefined) {
    throw new SourceUnavailable(`no etcd and kube-apiserver are published for ${platformName()}`);
  }
  const bin = join(folder, "bin");
  await mkdir(bin);
  const digests: string[] = [];
  for (const name of published) {
    const url = `${found.kubernetes}/${name}`;
    const expected = (await fetchText(`${url}.sha256`, { env, signal, limits })).trim().toLowerCase();
    if (!/^[0-9a-f]{64}$/.test(expected)) throw new SourceUnavailable(`${url}.sha256 is no SHA-256 digest`);
    await fetchChecked(url, join(bin, name), expected, {
      ...options,
      report: (detail) => options.report(`${name}: ${detail}`),
    });
    await chmod(join(bin, name), 0o755);
    digests.push(expected);
  }
  digests.push(await downloadEtcd(found, folder, options));
  return {
    key: `${controlPlane.downloadKeyPrefix}${textDigest(...digests).slice(0, 16)}`,
    facts: {
      version: kubernetesVersion,
      origin: "download",
      because: `downloaded from ${found.kubernetes} and ${found.etcd}`,
    },
  };
}

/** @returns the archive's digest */
async function downloadEtcd(
  { etcd, etcdName }: { etcd: string; etcdName: string },
  folder: string,
  options: DownloadOptions,
): Promise<string> {
  const { env, signal, limits = defaultFetchLimits } = options;
  const list = await fetchText(`${etcd}/SHA256SUMS`, { env, signal, limits });
  const expected = checksumOf(list, `${etcdName}.tar.gz`);
  if (expected === undefined)
    throw new SourceUnavailable(`${etcd}/SHA256SUMS does not list ${etcdName}.tar.gz`);
  const archive = join(folder, "etcd.tar.gz");
  await fetchChecked(`${etcd}/${etcdName}.tar.gz`, archive, expected, options);
  const unpacked = join(folder, "unpacked");
  await mkdir(unpacked);
  await unpack(archive, unpacked, options);
  await rename(join(unpacked, etcdName, "etcd"), join(folder, "bin", "etcd")).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
      throw new SourceUnavailable(`${etcdName}.tar.gz holds no etcd`);
    },
  );
  await chmod(join(folder, "bin", "etcd"), 0o755);
  await rm(unpacked, { recursive: true });
  await rm(archive);
  return expected;
}

async function build(folder: string, options: BuildOptions): Promise<Filling> {
  const bin = join(folder, "bin");
  const because = await goBuild(program, join(bin, "kubernetes-control-plane"), options);
  for (const name of programs) await symlink("kubernetes-control-plane", join(bin, name));
  return {
    key: await controlPlane.buildKey(),
    facts: { version: kubernetesVersion, origin: "build", because },
  };
}
