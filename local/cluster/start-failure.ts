import type { StartError } from "../daemon/spawn-daemon";
import type { PartName } from "./parts";

/** What the last lines of a part's log say about why it does not stay up; undefined when nothing that is known. */
export function startFailure(part: PartName, log: string): StartError | undefined {
  if (/no space left on device|disk quota exceeded/i.test(log)) {
    return { code: "DISK_FULL", message: `${part} cannot write: the disk is full` };
  }
  if (/address already in use/i.test(log)) {
    const port = /127\.0\.0\.1:(\d+): bind: address already in use/.exec(log)?.[1];
    const which = port === undefined ? "a port" : `port ${port}`;
    return { code: "EADDRINUSE", message: `${part} cannot listen: ${which} on 127.0.0.1 is in use` };
  }
  if (/mvcc: database space exceeded/i.test(log)) {
    return { code: "DISK_FULL", message: `${part} refuses writes: its database has reached its quota` };
  }
  if (
    /panic: .*(wal|crc|checksum|corrupt|snap)|failed to (open|read) .*(wal|db)|walpb: crc mismatch/i.test(log)
  ) {
    return { code: "DAMAGED", message: `${part} cannot read its data: it is damaged` };
  }
  if (/EACCES|permission denied/i.test(log)) {
    return { code: "EACCES", message: `${part} may not read or write a file that it needs` };
  }
  return undefined;
}
