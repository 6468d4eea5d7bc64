import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { withKubernetes } from "../../cli/engine/environment";
import { ensureStack } from "../../cli/engine/file-stack";
import { type LocalKubernetes, prepareKubernetes, usesKubernetes } from "../../cli/engine/kubernetes";
import { runPulumi } from "../../cli/engine/pulumi";
import { type EngineSession, prepareEngine } from "../../cli/engine/session";
import type { Workspace } from "../../cli/workspace";
import { type CloudEndpoint, startCloud, stopCloud } from "../../local/cloud/daemon";
import { stopCluster } from "../../local/cluster/daemon";
import { silentProgress } from "../../local/progress";
import { type EngineEvent, parseEventLog } from "../../reports/engine-event";

/** The checkout that these compiled tests belong to. */
export const repository = join(__dirname, "..", "..", "..");

export interface TestProjectOptions {
  /** Compiled program, relative to dist/; the project's own program when absent. */
  readonly program?: string;
  /**
   * Changes of Pulumi.dev.yaml's `config`; undefined removes a key. Without `switchyard:systems` among them the stack
   * carries kirana-inventory alone; a cluster is started when a system needs one.
   */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Start the local cloud; default true. */
  readonly cloud?: boolean;
  /**
   * Whether the engine saves the state after every step; default true. Of several hundred resources that is most of
   * an update's time, and a test that kills nothing does without: the state is saved at the end.
   */
  readonly savesEveryStep?: boolean;
}

export interface EngineRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly events: readonly EngineEvent[];
  /** Steps by operation, the stack itself left out: `{create: 3, same: 1}`. */
  readonly operations: Readonly<Record<string, number>>;
}

/**
 * A Pulumi project of its own, named `switchyard` with the stack `dev`, in a temporary folder of the checkout, with
 * its own local cloud, backend and plugin folder. Many may exist side by side.
 */
export class TestProject {
  private constructor(
    readonly folder: string,
    readonly session: EngineSession,
    readonly cloud: CloudEndpoint | undefined,
    readonly kubernetes: LocalKubernetes | undefined,
  ) {}

  static async create(options: TestProjectOptions = {}): Promise<TestProject> {
    const folder = makeProjectFolder(options);
    const stateDir = join(folder, "state");
    mkdirSync(stateDir, { mode: 0o700 });
    const workspace: Workspace = {
      root: folder,
      dist: join(repository, "dist"),
      policyPack: join(repository, "policies"),
      stateDir,
    };
    const signal = new AbortController().signal;
    const preparing = { workspace, progress: silentProgress, signal };
    const user = { ...process.env, TMPDIR: temporaryFolder(stateDir) };
    mkdirSync(user.TMPDIR);
    const prepared = await prepareEngine({ ...preparing, mode: { kind: "local" }, user });
    const session = options.savesEveryStep === false ? withoutCheckpoints(prepared) : prepared;
    const cloud = options.cloud === false ? undefined : await startCloud({ stateDir });
    await ensureStack(session, "dev", join(stateDir, "backend"));
    if (!usesKubernetes(workspace, "dev")) return new TestProject(folder, session, cloud, undefined);
    const kubernetes = await prepareKubernetes({ ...preparing, stack: "dev" });
    const environment = withKubernetes(session.environment, kubernetes);
    return new TestProject(folder, { ...session, environment }, cloud, kubernetes);
  }

  get stateDir(): string {
    return this.session.workspace.stateDir;
  }

  /** What engine, plugins and program have left in the folder for temporary files, by name. */
  get temporaryFiles(): readonly string[] {
    return readdirSync(temporaryFolder(this.stateDir));
  }

  get policyPack(): string {
    return this.session.workspace.policyPack;
  }

  /** Writes Pulumi.dev.yaml anew: the committed one with these changes of `config`. */
  configure(config: Readonly<Record<string, unknown>>): void {
    configureProject(this.folder, config);
  }

  /** Runs the CLI with an event log; flags beyond `--stack`, `--yes` and the like are the caller's. */
  async pulumi(
    argv: readonly string[],
    environment: Readonly<Record<string, string>> = {},
  ): Promise<EngineRun> {
    const folder = mkdtempSync(join(this.stateDir, "run-"));
    const log = join(folder, "events.jsonl");
    const operation = ["up", "preview", "destroy", "refresh", "import"].includes(argv[0] ?? "");
    const stack = argv.includes("--stack") ? [] : ["--stack", "dev"];
    const flags = operation ? [...stack, "--non-interactive", "--event-log", log] : [];
    const result = await runPulumi([...argv, ...flags], {
      command: this.session.toolchain.pulumi,
      cwd: this.folder,
      environment: { ...this.session.environment, ...environment },
      logFile: this.session.logFile,
    });
    const events = operation ? parseEventLog(readIfThere(log)) : [];
    rmSync(folder, { recursive: true, force: true });
    return { ...result, events, operations: countOperations(events) };
  }

  async up(...flags: string[]): Promise<EngineRun> {
    return this.pulumi(["up", "--yes", "--skip-preview", ...flags]);
  }

  async preview(...flags: string[]): Promise<EngineRun> {
    return this.pulumi(["preview", ...flags]);
  }

  /** Stops cloud and cluster and removes the folder. */
  async remove(): Promise<void> {
    if (this.kubernetes) await stopCluster({ stateDir: this.stateDir });
    if (this.cloud) await stopCloud({ stateDir: this.stateDir });
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function temporaryFolder(stateDir: string): string {
  return join(stateDir, "tmp");
}

function withoutCheckpoints(session: EngineSession): EngineSession {
  return { ...session, environment: { ...session.environment, PULUMI_SKIP_CHECKPOINTS: "true" } };
}

/** A folder with a Pulumi.yaml named `switchyard` and the stack file of dev, whose program is one of this checkout. */
export function makeProjectFolder({ program, config = {} }: TestProjectOptions = {}): string {
  const parent = join(repository, ".build", "projects");
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, "p-"));
  const main = join(repository, "dist", program ?? "infra/index.js");
  writeFileSync(join(folder, "index.js"), `module.exports = require(${JSON.stringify(main)});\n`);
  writeFileSync(
    join(folder, "Pulumi.yaml"),
    JSON.stringify({
      name: "switchyard",
      runtime: { name: "nodejs", options: { typescript: false } },
      main: "index.js",
      plugins: { providers: [{ name: "switchyard", path: join(repository, "provider", "bin") }] },
    }),
  );
  configureProject(folder, config);
  return folder;
}

/** Writes a project's Pulumi.dev.yaml: the committed one with these changes of `config`. */
export function configureProject(folder: string, changes: Readonly<Record<string, unknown>>): void {
  const document = parseDocument(readFileSync(join(repository, "Pulumi.dev.yaml"), "utf8"));
  for (const [key, value] of Object.entries({ "switchyard:systems": ["kirana-inventory"], ...changes })) {
    if (value === undefined) document.deleteIn(["config", key]);
    else document.setIn(["config", key], value);
  }
  writeFileSync(join(folder, "Pulumi.dev.yaml"), document.toString());
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}

function countOperations(events: readonly EngineEvent[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { resourcePreEvent } of events) {
    const metadata = resourcePreEvent?.metadata;
    if (!metadata || metadata.type === "pulumi:pulumi:Stack") continue;
    counts[metadata.op] = (counts[metadata.op] ?? 0) + 1;
  }
  return counts;
}
