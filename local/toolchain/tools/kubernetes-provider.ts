import { chmod, copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { repoRoot } from "../../repo-root";
import { fetchChecked } from "../fetch-checked";
import { defaultFetchLimits, fetchText } from "../fetch-file";
import { moduleFolder } from "../go";
import { type GoProgram, goBuild, goBuildDigest, runGo } from "../go-build";
import { goPlatform, platformName } from "../platform";
import { SourceUnavailable } from "../source-unavailable";
import type { BuildOptions, DownloadOptions, Tool } from "../tool";
import type { Filling } from "../tool-cache";
import { checksumOf, unpack } from "../unpack";
import { untypedResource, withoutGoTypes } from "./untyped-kinds";

/** The newest version that can be built from its Go module: later ones do not resolve. */
const builtVersion = "4.18.1";
const goModule = "github.com/pulumi/pulumi-kubernetes/provider/v4";
const program: GoProgram = {
  module: "kubernetes-provider",
  package: ".",
  flags: [`-ldflags=-s -w -X ${goModule}/pkg/version.Version=${builtVersion}`],
};
const sdkModule = "github.com/pulumi/pulumi-kubernetes/sdk/v4";
/** What the provider embeds; it stands in its module, beside a main package that cannot be built from there. */
const embedded = ["schema.json", "terraform-mapping.json"];
const executable = "pulumi-resource-kubernetes";
const keyPrefix = "kubernetes-provider-";
const releasesUrl = "https://github.com/pulumi/pulumi-kubernetes/releases/download";

/** The version that the program's SDK was made for; the published provider of that version is taken. */
export function kubernetesSdkVersion(): string {
  const manifest = require(join(repoRoot(), "node_modules/@pulumi/kubernetes/package.json")) as {
    version: string;
  };
  return manifest.version.replace(/^v/, "");
}

/** The provider plugin for Kubernetes, as `pulumi-resource-kubernetes` in its entry. */
export const kubernetesProvider: Tool = {
  name: "the Kubernetes provider of Pulumi",
  get version() {
    return kubernetesSdkVersion();
  },
  builtVersion,
  missing: "Kubernetes provider of Pulumi",
  keyPrefix,
  get downloadKeyPrefix() {
    return `${keyPrefix}${kubernetesSdkVersion()}-${platformName()}-download-`;
  },
  buildKey: async () =>
    `${keyPrefix}${builtVersion}-${platformName()}-build-${await goBuildDigest(program, builtVersion, untypedResource)}`,
  downloadUrl: (env) => release(env)?.archiveUrl,
  download,
  build,
  mends: [
    "let this machine reach https://github.com, directly or by HTTPS_PROXY, or name a mirror with SWITCHYARD_KUBERNETES_PROVIDER_DOWNLOAD_URL",
  ],
};

function release(env: NodeJS.ProcessEnv) {
  const platform = goPlatform();
  if (platform === undefined) return undefined;
  const version = kubernetesSdkVersion();
  const base = (env.SWITCHYARD_KUBERNETES_PROVIDER_DOWNLOAD_URL || releasesUrl).replace(/\/+$/, "");
  const archiveName = `${executable}-v${version}-${platform.system}-${platform.architecture}.tar.gz`;
  return {
    archiveName,
    archiveUrl: `${base}/v${version}/${archiveName}`,
    checksumsUrl: `${base}/v${version}/pulumi-kubernetes_${version}_checksums.txt`,
  };
}

async function download(folder: string, options: DownloadOptions): Promise<Filling> {
  const { env, signal, report, limits = defaultFetchLimits } = options;
  const found = release(env);
  if (found === undefined) throw new SourceUnavailable(`there is no official release for ${platformName()}`);
  const { archiveName, archiveUrl, checksumsUrl } = found;
  const expected = checksumOf(await fetchText(checksumsUrl, { env, signal, limits }), archiveName);
  if (expected === undefined) throw new SourceUnavailable(`${checksumsUrl} does not list ${archiveName}`);
  const archive = join(folder, "archive.tar.gz");
  await fetchChecked(archiveUrl, archive, expected, options);
  report("unpacking");
  await unpack(archive, folder, options);
  await rm(archive);
  if (!(await readdir(folder)).includes(executable)) {
    throw new SourceUnavailable(`${archiveUrl} holds no ${executable}`);
  }
  await chmod(join(folder, executable), 0o755);
  return {
    key: `${kubernetesProvider.downloadKeyPrefix}${expected.slice(0, 16)}`,
    facts: {
      version: kubernetesSdkVersion(),
      origin: "download",
      because: `downloaded from ${archiveUrl}`,
    },
  };
}

/**
 * In a copy of the module, since what is embedded must lie beside its main.go and is not part of this repository, with the
 * part of the SDK that the provider needs.
 */
async function build(folder: string, options: BuildOptions): Promise<Filling> {
  const source = moduleFolder(program.module);
  const sources = join(folder, "sources");
  await mkdir(sources);
  for (const name of ["go.mod", "go.sum", "main.go"]) {
    await copyFile(join(source, name), join(sources, name));
  }
  options.report("fetching its module");
  const { provider, sdk } = await moduleFolders(sources, options);
  for (const name of embedded) {
    const target = join(sources, name);
    await copyFile(join(provider, "cmd", executable, name), target);
    // Files of the module cache are read-only, and this one is removed in a moment.
    await chmod(target, 0o644);
  }
  await copyUntypedSdk(sdk, join(sources, "sdk"));
  await runGo(["mod", "edit", `-replace=${sdkModule}=./sdk`], options, { cwd: sources });
  const because = await goBuild(program, join(folder, executable), options, sources);
  await rm(sources, { recursive: true });
  return {
    key: await kubernetesProvider.buildKey(),
    facts: { version: builtVersion, origin: "build", because },
  };
}

/** The SDK's packages that the provider uses, once kinds have no Go types of their own. */
async function copyUntypedSdk(sdk: string, target: string): Promise<void> {
  for (const name of [".", "utilities", "helm/v4", "yaml/v2"]) {
    const from = join(sdk, "go", "kubernetes", name);
    const to = join(target, "go", "kubernetes", name);
    await mkdir(to, { recursive: true });
    for (const file of (await readdir(from)).filter((entry) => entry.endsWith(".go"))) {
      const text = await readFile(join(from, file), "utf8");
      await writeFile(join(to, file), file === "kinds.go" ? withoutGoTypes(text) : text);
    }
  }
  await writeFile(join(target, "go.mod"), await readFile(join(sdk, "go.mod"), "utf8"));
}

/** Where the provider and its SDK lie in Go's cache of modules. */
async function moduleFolders(
  sources: string,
  options: BuildOptions,
): Promise<{ provider: string; sdk: string }> {
  const folderOf = async (module: string) => {
    const argv = ["mod", "download", "-json", module];
    const { stdout } = await runGo(argv, options, { cwd: sources, module: program.module });
    return (JSON.parse(stdout) as { Dir: string }).Dir;
  };
  return { provider: await folderOf(goModule), sdk: await folderOf(sdkModule) };
}
