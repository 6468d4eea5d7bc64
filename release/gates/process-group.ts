import { spawn } from "node:child_process";
import { UserError } from "../user-error";

/**
 * Runs a command in a process group of its own, which ends with it: what a test leaves behind, such as a browser, does
 * not outlive the look. Its output is dropped, since it may show secrets.
 *
 * @returns exit code; null when a signal ended it
 * @throws UserError when it cannot be started; the signal's reason, after the group was killed
 */
export function runGroup(
  argv: readonly string[],
  options: {
    readonly cwd: string;
    readonly env: Readonly<Record<string, string>>;
    readonly signal: AbortSignal;
  },
): Promise<number | null> {
  const [command = "", ...args] = argv;
  const { cwd, env, signal } = options;
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: "ignore", detached: true });
    const stop = () => killGroup(child.pid);
    signal.addEventListener("abort", stop, { once: true });
    child.on("error", (error) => {
      signal.removeEventListener("abort", stop);
      const { code } = error as NodeJS.ErrnoException;
      reject(
        new UserError(`${command} cannot be started: ${code ?? "unknown reason"}`, {
          mend: "install it, or give it the right to be executed, where the release runs",
        }),
      );
    });
    child.on("exit", (code) => {
      signal.removeEventListener("abort", stop);
      killGroup(child.pid);
      if (signal.aborted) reject(signal.reason);
      else resolve(code);
    });
  });
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    // Nobody is left in it.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
