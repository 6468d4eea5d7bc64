import { join } from "node:path";
import { repoRoot } from "./repo-root";

/** Tells the user what takes long. */
export interface Progress {
  /**
   * Runs `work` and, when it takes longer than 2 s, says so with the time elapsed. What is given to `report` is shown
   * beside the title from then on. Result and error of `work` are passed through.
   */
  step<T>(title: string, work: (report: (detail: string) => void) => Promise<T>): Promise<T>;
}

/** Where progress is written; the columns bound the line that is painted anew on a terminal. */
export interface ProgressStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Plain JavaScript, since set-up needs it before anything is compiled; one implementation serves both. */
interface ProgressModule {
  createProgress(stream: ProgressStream): Progress;
}

/**
 * Progress on stderr: on a terminal one line that is updated each second, elsewhere a line at 2 s and then every
 * 15 s; a last line with the time taken in both cases.
 */
export function stderrProgress(stream: ProgressStream = process.stderr): Progress {
  const { createProgress } = require(join(repoRoot(), "bin/set-up/progress.cjs")) as ProgressModule;
  return createProgress(stream);
}

/** Progress that says nothing. */
export const silentProgress: Progress = {
  step: (_title, work) => work(() => {}),
};
