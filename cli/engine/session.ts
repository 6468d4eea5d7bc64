import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Progress } from "../../local/progress";
import { installStandIns } from "../../local/providers/install";
import { ensureToolchain, type Toolchain } from "../../local/toolchain/ensure";
import type { Workspace } from "../workspace";
import type { AheadProcess } from "./ahead/ahead-process";
import { pluginsAhead } from "./ahead/plugins";
import { programAhead } from "./ahead/program";
import { requireBackend } from "./backend-login";
import {
  backendFolder,
  engineEnvironment,
  offlineBackendFolder,
  passphraseFile,
  pulumiHome,
} from "./environment";
import { prepareProvider, usesKubernetes } from "./kubernetes";
import { type PulumiOptions, type PulumiResult, runPulumi } from "./pulumi";

/**
 * Passphrase of the dev stack. It is no secret: dev holds only values of the local cloud, made on this machine and
 * worthless elsewhere, and the settings refuse a secret in Pulumi.dev.yaml. One known value lets the salt stand in
 * that file, so that plain `pulumi` works and a checkout stays clean (docs/adr/0002).
 */
export const localPassphrase = "switchyard-local-dev";

/** What is needed to run the engine on a stack: the CLI, its environment, and a place for its log. */
export interface EngineSession {
  readonly workspace: Workspace;
  readonly toolchain: Toolchain;
  readonly environment: Readonly<Record<string, string>>;
  readonly logFile: string;
  readonly signal: AbortSignal;
  /** What gets ready while the engine starts, for one operation. */
  readonly ahead: readonly AheadProcess[];
}

export interface PrepareOptions {
  readonly workspace: Workspace;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly user?: NodeJS.ProcessEnv;
  /** The stack whose program is to be run. */
  readonly programOf?: string;
  /** Whether the operation that this is for changes nothing. @default false */
  readonly changesNothing?: boolean;
}

/** Toolchain, stand-ins, passphrase and backend: everything the engine needs on this machine, made when missing. */
export async function prepareEngine(
  options: PrepareOptions & { mode: Parameters<typeof engineEnvironment>[0]["mode"] },
): Promise<EngineSession> {
  const { workspace, progress, signal, mode } = options;
  const user = options.user ?? process.env;
  if (mode.kind === "remote") requireBackend(workspace, user);
  const toolchain = await ensureToolchain({ progress, signal, env: user });
  const environment = engineEnvironment({ workspace, binDir: toolchain.binDir, mode, user });
  const ahead = processesAhead(options, toolchain, environment);
  const logs = join(workspace.stateDir, "logs");
  await mkdir(logs, { recursive: true, mode: 0o700 });
  if (mode.kind !== "remote") {
    await installStandIns({
      pulumiHome: pulumiHome(workspace),
      stateDir: workspace.stateDir,
      entryDir: workspace.dist,
    });
    ensurePassphrase(workspace);
    const backend = mode.kind === "local" ? backendFolder(workspace) : offlineBackendFolder(workspace);
    await mkdir(backend, { recursive: true, mode: 0o700 });
  }
  const offlineProvider = mode.kind === "offline" && usesKubernetes(workspace, mode.stack);
  return {
    workspace,
    toolchain,
    environment: offlineProvider ? { ...environment, ...(await prepareProvider(options)) } : environment,
    logFile: join(logs, "pulumi.log"),
    signal,
    ahead,
  };
}

/**
 * A CLI with a language host of its own runs programs by that one. Plugins are the engine's own as soon as something may
 * be changed: what it has started ends what it does when a command is killed, and these would not.
 */
function processesAhead(
  { workspace, programOf, mode, changesNothing = false, signal }: Parameters<typeof prepareEngine>[0],
  { languageHost }: Toolchain,
  environment: Readonly<Record<string, string>>,
): readonly AheadProcess[] {
  if (programOf === undefined) return [];
  const ahead = [
    ...(languageHost.source === "switchyard" ? [programAhead(workspace, programOf, environment)] : []),
    ...(changesNothing && mode.kind !== "remote" ? [pluginsAhead(workspace, environment)] : []),
  ];
  for (const { endUnused } of ahead) signal.addEventListener("abort", endUnused, { once: true });
  return ahead;
}

/** Runs the CLI with the session's environment in the project's folder. */
export function runInSession(
  session: EngineSession,
  argv: readonly string[],
  extra: Partial<PulumiOptions> = {},
): Promise<PulumiResult> {
  return runPulumi(argv, {
    command: session.toolchain.pulumi,
    cwd: session.workspace.root,
    environment: session.environment,
    logFile: session.logFile,
    signal: session.signal,
    ...extra,
  });
}

function ensurePassphrase(workspace: Workspace): void {
  const file = passphraseFile(workspace);
  if (existsSync(file) && readFileSync(file, "utf8") === localPassphrase) return;
  writeFileSync(file, localPassphrase, { mode: 0o600 });
}
