import { join } from "node:path";
import { withLock } from "../../local/toolchain/process-lock";
import type { CommandContext } from "../context";

/**
 * Waits until no other `up` runs on the same state, however long that takes: a first one builds its tools. The lock of
 * a process that is gone is taken over.
 *
 * @returns lets the next one in
 * @throws the signal's reason when it is aborted while it waits
 */
export async function oneAtATime({
  workspace: { stateDir },
  progress,
  signal,
}: Pick<CommandContext, "workspace" | "progress" | "signal">): Promise<() => Promise<void>> {
  return progress.step("waiting for another switchyard up on this state", () =>
    acquire(join(stateDir, "up-lock.json"), signal),
  );
}

function acquire(file: string, signal: AbortSignal): Promise<() => Promise<void>> {
  return new Promise((acquired, refuse) => {
    const untilReleased = () =>
      new Promise<void>((end) => {
        acquired(() => {
          end();
          return held;
        });
      });
    const held = withLock(file, untilReleased, { signal });
    held.catch(refuse);
  });
}
