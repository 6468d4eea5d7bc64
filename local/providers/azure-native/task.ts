import type { Context } from "../../../plugin-server/provider";
import type { Task } from "./arm/waiting";

/** Without `customTimeouts`. The embedded cloud's operations take fractions of a second. */
const DEFAULT_TIMEOUT_SECONDS = 300;

export type Verb = "create" | "update" | "delete" | "read" | "check" | "call";

/** @param timeoutSeconds from `customTimeouts`; 0 for the default */
export function taskOf(verb: Verb, subject: string, context: Context, timeoutSeconds = 0): Task {
  const seconds = timeoutSeconds > 0 ? timeoutSeconds : DEFAULT_TIMEOUT_SECONDS;
  return {
    what: `${verb} ${subject}`,
    deadline: Date.now() + seconds * 1000,
    timeoutSeconds: seconds,
    signal: context.signal,
    status: (message) => context.status(message),
  };
}
