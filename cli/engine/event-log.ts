import { type FSWatcher, watch } from "node:fs";
import { open } from "node:fs/promises";
import { dirname } from "node:path";
import { type EngineEvent, parseEventLog } from "../../reports/engine-event";
import { GatheredEvents } from "../../reports/gathered-events";
import { shortName, shortType } from "../../reports/urn";

/** The engine writes thousands of events, each on its own; so often is looked what it does. */
const lookEveryMilliseconds = 250;

/**
 * Tells what the engine is doing while it writes its event log, and gives what a report needs of its events at the end.
 * Each is parsed once.
 *
 * @param report Called with a short text, for example `creating cosmosdb:DatabaseAccount account, 12 done`.
 */
export function followEventLog(
  file: string,
  report: (detail: string) => void,
): { stop(): Promise<GatheredEvents> } {
  const log = new GrowingLog(file);
  let done = 0;
  let reading: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;

  const look = async () => {
    for (const event of await log.readOn()) {
      if (event.resOutputsEvent) done++;
      const step = event.resourcePreEvent?.metadata;
      if (step && step.op !== "same") {
        report(`${words[step.op] ?? step.op} ${shortType(step.type)} ${shortName(step.urn)}, ${done} done`);
      }
    }
  };
  const watcher: FSWatcher = watch(dirname(file), () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      // Progress only: a log that cannot be read now is read at the end, where a fault is reported.
      reading = reading.then(look).catch(() => {});
    }, lookEveryMilliseconds);
  });
  let all: Promise<GatheredEvents> | undefined;
  return {
    stop() {
      watcher.close();
      clearTimeout(timer);
      all ??= reading.then(async () => {
        await log.readOn();
        return log.gathered;
      });
      return all;
    },
  };
}

/** A log of which more and more is there. */
class GrowingLog {
  readonly gathered = new GatheredEvents();
  private bytes = 0;
  private lines = 0;

  constructor(private readonly file: string) {}

  /**
   * The events that are new, as far as their lines are whole.
   * @throws EventLogError and the file system's errors; the same lines are read again the next time.
   */
  async readOn(): Promise<EngineEvent[]> {
    const added = await this.added();
    const whole = added.subarray(0, added.lastIndexOf(0x0a) + 1);
    const events = parseEventLog(whole.toString("utf8"), this.lines);
    this.bytes += whole.length;
    this.lines += events.length;
    for (const event of events) this.gathered.add(event);
    return events;
  }

  private async added(): Promise<Buffer> {
    const handle = await openIfThere(this.file);
    if (handle === undefined) return Buffer.alloc(0);
    try {
      const buffer = Buffer.allocUnsafe((await handle.stat()).size - this.bytes);
      let length = 0;
      while (length < buffer.length) {
        const { bytesRead } = await handle.read(buffer, length, buffer.length - length, this.bytes + length);
        if (bytesRead === 0) break;
        length += bytesRead;
      }
      return buffer.subarray(0, length);
    } finally {
      await handle.close();
    }
  }
}

async function openIfThere(file: string) {
  try {
    return await open(file, "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

const words: Readonly<Record<string, string>> = {
  create: "creating",
  update: "updating",
  delete: "deleting",
  replace: "replacing",
  "create-replacement": "creating the replacement of",
  "delete-replaced": "deleting the replaced",
  read: "reading",
  refresh: "refreshing",
  import: "importing",
};
