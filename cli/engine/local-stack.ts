import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type CloudEndpoint, cloudStatus, resetCloud, startCloud } from "../../local/cloud/daemon";
import type { Progress } from "../../local/progress";
import { installStandIns } from "../../local/providers/install";
import { ensureToolchain, type Toolchain } from "../../local/toolchain/ensure";
import { UserError } from "../../local/user-error";
import type { Workspace } from "../workspace";
import { requireBackend } from "./backend-login";
import {
  backendFolder,
  engineEnvironment,
  offlineBackendFolder,
  passphraseFile,
  pulumiHome,
} from "./environment";
import { type PulumiOptions, type PulumiResult, runPulumi } from "./pulumi";

/** The stack of the embedded local cloud. */
export const localStack = "dev";

/**
 * Passphrase of the dev stack. It is no secret: dev holds only values of the local cloud, made on this machine and
 * worthless elsewhere, and the settings refuse a secret in Pulumi.dev.yaml. One known value lets the salt stand in
 * that file, so that plain `pulumi` works and a checkout stays clean (docs/adr/0002).
 */
const localPassphrase = "switchyard-local-dev";

/** What is needed to run the engine on a stack: the CLI, its environment, and a place for its log. */
export interface EngineSession {
  readonly workspace: Workspace;
  readonly toolchain: Toolchain;
  readonly environment: Readonly<Record<string, string>>;
  readonly logFile: string;
  readonly signal: AbortSignal;
}

export interface PrepareOptions {
  readonly workspace: Workspace;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly user?: NodeJS.ProcessEnv;
}

/** Toolchain, stand-ins, passphrase and backend: everything the engine needs on this machine, made when missing. */
export async function prepareEngine(
  options: PrepareOptions & { mode: Parameters<typeof engineEnvironment>[0]["mode"] },
): Promise<EngineSession> {
  const { workspace, progress, signal, mode } = options;
  const user = options.user ?? process.env;
  if (mode.kind === "remote") requireBackend(workspace, user);
  const toolchain = await ensureToolchain({ progress, signal, env: user });
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
  return {
    workspace,
    toolchain,
    environment: engineEnvironment({ workspace, binDir: toolchain.binDir, mode, user }),
    logFile: join(logs, "pulumi.log"),
    signal,
  };
}

/** Makes the dev stack runnable: the engine, the local cloud, and the stack itself in the file backend. */
export async function prepareLocalStack(
  options: PrepareOptions,
): Promise<{ session: EngineSession; cloud: CloudEndpoint }> {
  const session = await prepareEngine({ ...options, mode: { kind: "local" } });
  const { stateDir } = options.workspace;
  await ensureStack(session, localStack, backendFolder(options.workspace));
  const cloud = await startCloud({ stateDir, progress: options.progress });
  return { session, cloud: await withoutLeftovers(options.workspace, cloud) };
}

/**
 * After `pulumi destroy` the cloud keeps what Azure keeps (a purge-protected vault and its name), so that the next `up`
 * would be refused. While the stack is empty nothing refers to it: the cloud is emptied.
 */
async function withoutLeftovers(workspace: Workspace, cloud: CloudEndpoint): Promise<CloudEndpoint> {
  const { stateDir } = workspace;
  const checkpoint = checkpointFile(backendFolder(workspace), localStack);
  if (!existsSync(checkpoint) || readFileSync(checkpoint, "utf8").includes('"urn:pulumi:')) return cloud;
  const { deleted = [], resources = {} } = await cloudStatus({ stateDir });
  if (deleted.length === 0 || Object.keys(resources).length > 0) return cloud;
  await resetCloud({ stateDir });
  return startCloud({ stateDir });
}

/**
 * Creates the stack in a file backend unless its checkpoint is there.
 *
 * @param projectFolder Folder whose Pulumi.yaml names the project; `stack init` writes the salt to the stack's file
 *   there, unless one stands in it.
 */
export async function ensureStack(
  session: EngineSession,
  stack: string,
  backend: string,
  projectFolder: string = session.workspace.root,
): Promise<void> {
  if (existsSync(checkpointFile(backend, stack))) return;
  const argv = [
    "stack",
    "init",
    stack,
    "--no-select",
    "--secrets-provider",
    "passphrase",
    "--non-interactive",
  ];
  const result = await runInSession(session, argv, { cwd: projectFolder });
  if (result.exitCode !== 0 && !existsSync(checkpointFile(backend, stack))) {
    throw new UserError(`Stack ${stack} could not be created in ${backend}:\n${result.stderr.trim()}`);
  }
}

/** Where a file backend keeps the state of a stack of this project. */
export function checkpointFile(backend: string, stack: string): string {
  return join(backend, ".pulumi", "stacks", "switchyard", `${stack}.json`);
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
