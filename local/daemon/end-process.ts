import { setTimeout as wait } from "node:timers/promises";
import { UserError } from "../user-error";
import { isAlive } from "./process-identity";

/** A process, told from a later one with the same pid by its start. */
export interface ProcessRecord {
  readonly pid: number;
  readonly processStart: string;
}

export function lives({ pid, processStart }: ProcessRecord): boolean {
  return isAlive(pid, processStart);
}

/** Waits until the process is gone. @returns false when it is still there after that time */
export async function gone(process: ProcessRecord, milliseconds: number): Promise<boolean> {
  const deadline = Date.now() + milliseconds;
  while (lives(process)) {
    if (Date.now() > deadline) return false;
    await wait(20);
  }
  return true;
}

/**
 * Ends a process: asked first, forced after that time. One of somebody else that has its pid by now is left alone.
 * @param what named in the error, such as `the local cloud`
 */
export async function endProcess(record: ProcessRecord, what: string, patienceMilliseconds: number) {
  for (const [signal, milliseconds] of [
    ["SIGTERM", patienceMilliseconds],
    ["SIGKILL", 2_000],
  ] as const) {
    signalProcess(record, signal);
    if (await gone(record, milliseconds)) return;
  }
  throw new UserError(`${what} (process ${record.pid}) does not end`, {
    mend: `end process ${record.pid}`,
  });
}

/** Sends a signal to the very process that is meant, if it is there. */
export function signalProcess(record: ProcessRecord, signal: NodeJS.Signals): void {
  if (!lives(record)) return;
  try {
    process.kill(record.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
