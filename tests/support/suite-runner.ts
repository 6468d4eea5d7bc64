import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import { root } from "./root";
import type { SuiteRequest, SuiteResult } from "./suite-process";
import type { Outcome } from "./summary";

/** Runs suites one after the other, each in a process of its own or all in the same. */
export class SuiteRunner {
  private child: ChildProcess | undefined;

  constructor(private readonly options: { readonly keepsProcess: boolean }) {}

  /** Prints what mocha says; a process that ends before it has answered is a failure of the suite. */
  async run(name: string, request: SuiteRequest): Promise<Outcome> {
    const started = performance.now();
    const child = this.child ?? this.start();
    const answer = await answerOf(child, request);
    if (typeof answer === "string" || !this.options.keepsProcess) await this.end();
    const seconds = (performance.now() - started) / 1000;
    if (typeof answer === "string") {
      const message = `suite ${name} ended with ${answer} before it could report`;
      process.stdout.write(`\n== ${name} ==\n${message}\n`);
      return {
        name,
        seconds,
        passed: 0,
        failed: 1,
        skipped: 0,
        cpuSeconds: 0,
        secondsByFile: {},
        failures: [{ title: "its process", file: name, message }],
        output: "",
      };
    }
    process.stdout.write(`\n== ${name} ==\n${answer.output}\n`);
    return { name, seconds, ...answer };
  }

  /** Waits until the process has ended by itself: one that something keeps alive is seen. */
  async end(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.disconnect();
    await ended;
  }

  private start(): ChildProcess {
    // The inner loop has the SDK as the engine's program has it: a sixth of the work of suites that declare resources.
    const lean = ["--require", join(__dirname, "..", "..", "cli", "engine", "lean-sdk.js")];
    this.child = fork(join(__dirname, "suite-process.js"), {
      cwd: root,
      execArgv: ["--enable-source-maps", ...(this.options.keepsProcess ? lean : [])],
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    return this.child;
  }
}

/** What the process answers, or how it ended instead. */
function answerOf(child: ChildProcess, request: SuiteRequest): Promise<SuiteResult | string> {
  return new Promise((resolve) => {
    const onExit = (code: number | null, signal: string | null) => resolve(signal ?? `code ${code}`);
    child.once("exit", onExit);
    child.once("message", (result) => {
      child.off("exit", onExit);
      resolve(result as SuiteResult);
    });
    child.send(request);
  });
}
