import { type ChildProcess, spawn } from "node:child_process";
import type { Socket } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { languageHostBundle } from "../../local/toolchain/language-host-choice";
import { systemsOfStack } from "../stack-settings";
import type { Workspace } from "../workspace";

/**
 * The program of a stack, loaded while the engine is still starting: a language host of this project that the engine is told
 * of (`PULUMI_DEBUG_LANGUAGES`), with a process that waits for the engine's word. It runs one operation. Whatever goes wrong with it, the engine starts a host by itself.
 */
export class ProgramAhead {
  readonly #host: ChildProcess;
  readonly #port: Promise<string | undefined>;
  #used = false;

  /** @param environment As far as it is known; the whole of it is given when the engine is */
  constructor(workspace: Workspace, stack: string, environment: Readonly<Record<string, string>>) {
    const program = join(workspace.dist, "infra", "ahead.js");
    const argv = [languageHostBundle(), "--ahead", program, ...systemsOfStack(workspace, stack)];
    this.#host = spawn(process.execPath, argv, {
      cwd: workspace.root,
      env: environment,
      // Ctrl-C is the engine's to pass on.
      detached: true,
      stdio: ["ignore", "pipe", "ignore", "ipc"],
    });
    this.#port = portOf(this.#host);
    // This process does not wait for it.
    this.#host.unref();
    this.#host.channel?.unref();
    (this.#host.stdout as Socket).unref();
    process.once("exit", this.end);
  }

  /**
   * Variables by which the engine finds it.
   *
   * @param environment The program's, whole
   */
  async variables(environment: Readonly<Record<string, string>>): Promise<Record<string, string>> {
    if (this.#used) return {};
    this.#used = true;
    this.#host.ref();
    const port = await this.#port;
    this.#host.unref();
    if (port === undefined || !this.#host.connected) return {};
    this.#host.send(environment);
    return { PULUMI_DEBUG_LANGUAGES: `nodejs:${port}` };
  }

  /** What was prepared beside it has failed, or was stopped. A running operation is the engine's to stop. */
  readonly endUnused = (): void => {
    if (!this.#used) this.end();
  };

  /** Ends it with everything that it has started. */
  readonly end = (): void => {
    process.off("exit", this.end);
    this.#host.kill("SIGTERM");
  };
}

/** Undefined when it ended before it said where it listens. */
function portOf(host: ChildProcess): Promise<string | undefined> {
  return new Promise((done) => {
    host.on("error", () => done(undefined));
    host.once("exit", () => done(undefined));
    createInterface({ input: host.stdout! }).once("line", done);
  });
}
