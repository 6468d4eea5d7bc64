import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { textDigest } from "./file-digest";
import { findGo, pulumiModuleFolder } from "./go";
import type { HeldLock } from "./process-lock";
import { platformName, pulumiVersion } from "./pulumi-release";
import { runTool } from "./run-tool";
import { SourceUnavailable } from "./source-unavailable";
import { diskFull, type Filling } from "./tool-cache";
import { toolEnvironment } from "./tool-environment";

const goPackage = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
const versionVariable = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";
const buildFlags: readonly string[] = [
  "-mod=readonly",
  "-trimpath",
  // The module lies in this repository, whose state is not part of what is built.
  "-buildvcs=false",
  "-tags=osusergo,grpcnotrace",
  `-ldflags=-s -w -X ${versionVariable}=v${pulumiVersion}`,
];
const shownErrorLines = 6;

/** Key of the build in the cache: everything that decides what comes out. */
export async function buildKey(): Promise<string> {
  const parts = await Promise.all(
    ["go.mod", "go.sum", "tools.go"].map((name) => readFile(join(pulumiModuleFolder(), name), "utf8")),
  );
  const digest = textDigest(...parts, ...buildFlags, pulumiVersion, platformName());
  return `pulumi-${pulumiVersion}-${platformName()}-build-${digest.slice(0, 16)}`;
}

interface BuildOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
  readonly held: HeldLock;
  readonly report: (detail: string) => void;
  /** Why nothing was downloaded. */
  readonly because: string;
}

/**
 * Builds the CLI into the folder, from the module's pinned and checksummed sources.
 *
 * @throws SourceUnavailable without a suitable Go, or when the build fails
 */
export async function buildCli(folder: string, options: BuildOptions): Promise<Filling> {
  const go = await findGo(options.env, options.signal);
  if (!go.suitable || go.path === undefined) throw new SourceUnavailable(go.reason);
  const bin = join(folder, "bin");
  await mkdir(bin);
  let downloaded = 0;
  let compiled = 0;
  const argv = ["build", "-v", ...buildFlags, "-o", join(bin, "pulumi"), goPackage];
  const { code, stderr } = await runTool(go.path, argv, {
    cwd: pulumiModuleFolder(),
    env: toolEnvironment(options.env, { CGO_ENABLED: "0", GOTOOLCHAIN: "local", GOWORK: "off" }),
    signal: options.signal,
    onStart: (pid) => options.held.covers(pid),
    onStderrLine: (line) => {
      if (line.startsWith("go: downloading ")) downloaded++;
      else if (!line.startsWith("go: ")) compiled++;
      options.report(compiled === 0 ? `${downloaded} modules fetched` : `${compiled} packages compiled`);
    },
  });
  if (/no space left on device|disk quota exceeded/i.test(stderr)) throw diskFull(folder);
  if (code !== 0) {
    const lines = stderr.trim().split("\n").slice(-shownErrorLines).join("\n    ");
    throw new SourceUnavailable(`go build ended with exit code ${code}:\n    ${lines}`);
  }
  return {
    key: await buildKey(),
    facts: {
      version: pulumiVersion,
      origin: "build",
      because: `built with ${go.path} ${go.version}; ${options.because}`,
    },
  };
}
