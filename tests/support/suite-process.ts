import { relative } from "node:path";
import { format } from "node:util";
import Mocha from "mocha";

/** What a process is asked to run; when it has answered it may be asked for another suite. */
export interface SuiteRequest {
  readonly files: readonly string[];
  readonly grep: string | undefined;
  readonly timeoutMilliseconds: number;
}

/** A test, or a hook of one, that failed. */
export interface Failure {
  /** Names of its describes and its own. */
  readonly title: string;
  readonly file: string;
  readonly message: string;
}

export interface SuiteResult {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Processor time of this process, loading included; of processes that it started none. */
  readonly cpuSeconds: number;
  /** Wall time of each file's tests and hooks, by path below the folder of tests. */
  readonly secondsByFile: Readonly<Record<string, number>>;
  readonly failures: readonly Failure[];
  /** What mocha says. */
  readonly output: string;
}

/** The file that a test stands in: one that was added while others ran knows only its describes'. */
function fileOf(test: Mocha.Runnable | Mocha.Suite): string {
  return test.file ?? (test.parent === undefined ? "" : fileOf(test.parent));
}

/** Path below the folder of tests, as the TypeScript source. */
const sourceOf = (file: string) => relative(`${__dirname}/..`, file).replace(/\.js$/, ".ts");

/** Mocha's `spec` output, how long each file took, and what failed. */
class TimedSpec extends Mocha.reporters.Spec {
  readonly secondsByFile: Record<string, number> = {};
  readonly failed: Failure[] = [];

  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    // Outermost suites run one after the other.
    let started = 0;
    runner.on("suite", (suite) => {
      if (suite.parent?.root) started = performance.now();
    });
    runner.on("suite end", (suite) => {
      if (!suite.parent?.root || suite.file === undefined) return;
      const file = sourceOf(suite.file);
      const before = this.secondsByFile[file] ?? 0;
      this.secondsByFile[file] = before + (performance.now() - started) / 1000;
    });
    runner.on("fail", (test, { message }: Error) => {
      this.failed.push({ title: test.titlePath().join(" > "), file: sourceOf(fileOf(test)), message });
    });
    runner.once("end", () => (options.reporterOptions as { end(reporter: TimedSpec): void }).end(this));
  }
}

function run({ files, grep, timeoutMilliseconds }: SuiteRequest): Promise<SuiteResult> {
  const before = process.cpuUsage();
  const lines: string[] = [];
  Mocha.reporters.Base.consoleLog = (...values) => void lines.push(format(...values));
  return new Promise((resolve) => {
    const end = ({ stats, secondsByFile, failed: failures }: TimedSpec) => {
      const { user, system } = process.cpuUsage(before);
      const cpuSeconds = (user + system) / 1e6;
      const { passes: passed, failures: failed, pending: skipped } = stats;
      resolve({ passed, failed, skipped, cpuSeconds, secondsByFile, failures, output: lines.join("\n") });
    };
    const mocha = new Mocha({ reporter: TimedSpec, reporterOptions: { end }, timeout: timeoutMilliseconds });
    if (grep !== undefined) mocha.grep(grep);
    for (const file of files) mocha.addFile(file);
    mocha.run();
  });
}

// An error while a file is loaded ends the process, which its parent counts as a failure.
process.on("message", (request: SuiteRequest) => {
  void run(request).then((result) => process.send!(result));
});
