import { writeFileSync } from "node:fs";
import Mocha from "mocha";

/** What a suite's process tells the runner. */
export interface SuiteResult {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Mocha's `spec` output, and the counts in the file that the environment variable names. */
class CountingSpecReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
    super(runner, options);
    runner.once("end", () => {
      const file = process.env.SWITCHYARD_TEST_RESULT;
      if (file === undefined) return;
      const result: SuiteResult = {
        passed: this.stats.passes,
        failed: this.stats.failures,
        skipped: this.stats.pending,
      };
      writeFileSync(file, JSON.stringify(result));
    });
  }
}

module.exports = CountingSpecReporter;
