import { mkdir, readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { textDigest } from "./file-digest";
import { findGo, moduleFolder } from "./go";
import { platformName } from "./platform";
import { runTool } from "./run-tool";
import { SourceUnavailable } from "./source-unavailable";
import type { BuildOptions } from "./tool";
import { diskFull } from "./tool-cache";
import { toolEnvironment } from "./tool-environment";

/** One executable that is built from a Go module whose sources are pinned in this repository. */
export interface GoProgram {
  /** Folder below `local/toolchain/modules`. */
  readonly module: string;
  /** Package to build, such as `.`. */
  readonly package: string;
  readonly flags: readonly string[];
}

const commonFlags: readonly string[] = [
  "-mod=readonly",
  "-trimpath",
  // The module lies in this repository, whose state is not part of what is built.
  "-buildvcs=false",
];
/**
 * What makes building quicker and the program no other, so that it is not in the digest: the linker strips debug
 * information anyway, so that the compiler need not make it, and a compiler that collects its garbage less often takes
 * a third less processor time for some hundred megabytes more.
 */
const quickFlags: readonly string[] = ["-gcflags=all=-dwarf=false"];
const quickEnvironment = { GOGC: "400" } as const;

const shownErrorLines = 6;

/**
 * Short digest of everything that decides what comes out.
 *
 * @param changed What of a module's sources is replaced
 */
export async function goBuildDigest(
  { module, flags }: GoProgram,
  version: string,
  ...changed: readonly string[]
): Promise<string> {
  const folder = moduleFolder(module);
  const names = (await readdir(folder)).filter((name) => /\.go$|^go\.(mod|sum)$/.test(name)).sort();
  const parts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  return textDigest(...parts, ...commonFlags, ...flags, version, ...changed, platformName()).slice(0, 16);
}

/**
 * Builds a program from its module's pinned and checksummed sources.
 *
 * @param output file that is written
 * @param sources folder with the module; default where it lies in this repository
 * @returns how it was built, for the entry's record
 * @throws SourceUnavailable without a suitable Go, or when the build fails
 */
export async function goBuild(
  program: GoProgram,
  output: string,
  options: BuildOptions,
  sources = moduleFolder(program.module),
): Promise<string> {
  await mkdir(dirname(output), { recursive: true });
  let downloaded = 0;
  let compiled = 0;
  const argv = [
    "build",
    "-v",
    ...commonFlags,
    ...quickFlags,
    ...program.flags,
    "-o",
    output,
    program.package,
  ];
  const by = await runGo(argv, options, {
    cwd: sources,
    module: program.module,
    onStderrLine: (line) => {
      if (line.startsWith("go: downloading ")) downloaded++;
      else if (!line.startsWith("go: ")) compiled++;
      options.report(compiled === 0 ? `${downloaded} modules fetched` : `${compiled} packages compiled`);
    },
  });
  return `built with ${by.go}; ${options.because}`;
}

interface GoRun {
  readonly cwd: string;
  /** Module whose go.mod says which Go is needed. */
  readonly module?: string;
  readonly onStderrLine?: (line: string) => void;
}

/**
 * Runs the `go` of this machine.
 *
 * @throws SourceUnavailable without a suitable one, or when it fails; UserError when the disk is full
 */
export async function runGo(
  argv: readonly string[],
  { env, signal, held }: Pick<BuildOptions, "env" | "signal" | "held">,
  { cwd, module, onStderrLine }: GoRun,
): Promise<{ go: string; stdout: string }> {
  const go = await findGo(env, signal, module);
  if (!go.suitable || go.path === undefined) throw new SourceUnavailable(go.reason);
  const { code, stdout, stderr } = await runTool(go.path, argv, {
    cwd,
    env: toolEnvironment(env, { CGO_ENABLED: "0", GOTOOLCHAIN: "local", GOWORK: "off", ...quickEnvironment }),
    signal,
    onStart: (pid) => held.covers(pid),
    ...(onStderrLine ? { onStderrLine } : {}),
  });
  if (/no space left on device|disk quota exceeded/i.test(stderr)) throw diskFull(cwd);
  if (code !== 0) {
    const lines = stderr.trim().split("\n").slice(-shownErrorLines).join("\n    ");
    throw new SourceUnavailable(`go ${argv[0]} ended with exit code ${code}:\n    ${lines}`);
  }
  return { go: `${go.path} ${go.version}`, stdout };
}
