import type { Progress } from "../local/progress";
import type { Workspace } from "./workspace";

/** What every command is given. */
export interface CommandContext {
  readonly workspace: Workspace;
  readonly progress: Progress;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Results, on stdout. */
  out(text: string): void;
  /** Everything else, a line on stderr. */
  say(line: string): void;
}
