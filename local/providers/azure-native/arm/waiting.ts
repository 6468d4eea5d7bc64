import { setTimeout as delay } from "node:timers/promises";
import { Cancelled } from "../../../../plugin-server/errors";

/** One resource operation as a person would name it, and how long it may take. */
export interface Task {
  /** `create azure-native:web:WebApp "app" (/subscriptions/…)` */
  what: string;
  /** Milliseconds since the epoch. */
  deadline: number;
  timeoutSeconds: number;
  signal: AbortSignal;
  status(message: string): void;
}

/** @throws Cancelled when the engine stops the operation meanwhile */
export async function pause(task: Task, milliseconds: number): Promise<void> {
  try {
    await delay(milliseconds, undefined, { signal: task.signal });
  } catch (error) {
    if ((error as Error).name === "AbortError") throw new Cancelled(task.what);
    throw error;
  }
}

/**
 * How long the service asks to wait. Azure's services send either header; the finer one wins, as in Azure's own SDKs.
 * @returns undefined when it does not say
 */
export function askedPause(headers: Readonly<Record<string, string>>): number | undefined {
  for (const name of ["retry-after-ms", "x-ms-retry-after-ms"]) {
    const milliseconds = Number(headers[name] ?? Number.NaN);
    if (milliseconds >= 0) return milliseconds;
  }
  const text = headers["retry-after"];
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (seconds >= 0) return seconds * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}
