import { createReadStream, existsSync, watch } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { type EngineEvent, parseEventLog } from "../../reports/engine-event";
import { shortName, shortType } from "../../reports/urn";

/**
 * Tells what the engine is doing while it writes its event log, and gives all events at the end.
 *
 * @param report Called with a short text, for example `creating cosmosdb:DatabaseAccount account, 12 done`.
 */
export function followEventLog(
  file: string,
  report: (detail: string) => void,
): { stop(): Promise<EngineEvent[]> } {
  let offset = 0;
  let rest = "";
  let done = 0;
  let reading: Promise<void> | undefined;

  const read = () => {
    reading ??= readOn().finally(() => {
      reading = undefined;
    });
    return reading;
  };
  const readOn = async () => {
    if (!existsSync(file)) return;
    for await (const chunk of createReadStream(file, { start: offset, encoding: "utf8" })) {
      offset += Buffer.byteLength(chunk as string);
      rest += chunk as string;
    }
    const end = rest.lastIndexOf("\n") + 1;
    for (const event of parseEventLog(rest.slice(0, end))) {
      if (event.resOutputsEvent) done++;
      const step = event.resourcePreEvent?.metadata;
      if (step && step.op !== "same") {
        report(`${words[step.op] ?? step.op} ${shortType(step.type)} ${shortName(step.urn)}, ${done} done`);
      }
    }
    rest = rest.slice(end);
  };

  const watcher = watch(dirname(file), () => {
    // Progress only: a log that cannot be read now is read at the end, where a fault is reported.
    read().catch(() => {});
  });
  let all: Promise<EngineEvent[]> | undefined;
  return {
    stop() {
      watcher.close();
      all ??= existsSync(file) ? readFile(file, "utf8").then(parseEventLog) : Promise.resolve([]);
      return all;
    },
  };
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
