import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { type EngineEvent, parseEventLog } from "../../reports/engine-event";
import { makeRunFolder } from "./run-folder";
import { type EngineSession, runInSession } from "./session";

/**
 * Runs an operation of the CLI that talks to the terminal itself. What it does is also written to a log in a private
 * folder, which is read and removed when it has ended.
 */
export async function runInTerminal(
  session: EngineSession,
  argv: readonly string[],
): Promise<{ readonly exitCode: number; readonly events: readonly EngineEvent[] }> {
  session.signal.throwIfAborted();
  const folder = await makeRunFolder(session.workspace.stateDir);
  const eventLog = join(folder, "events.jsonl");
  try {
    const { exitCode } = await runInSession(session, [...argv, "--event-log", eventLog], {
      interactive: true,
    });
    return { exitCode, events: existsSync(eventLog) ? parseEventLog(await readFile(eventLog, "utf8")) : [] };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
