import type { StartError } from "../daemon/spawn-daemon";
import { UserError } from "../user-error";
import type { PartName } from "./parts";

/** What helps when the cluster's own data is the reason: it is made anew from the program. */
export const throwDataAway =
  "throw the cluster's data away (switchyard cloud reset --force) and bring the stack up again";

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
  const full = databaseFull(log);
  if (full !== undefined) return full;
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

/**
 * What an error says of etcd's quota. At its quota etcd does not end: it answers reads and refuses every write, so that
 * the API server hands its words on to whoever writes. Room on the disk does not help.
 */
export function databaseFull(text: string): StartError | undefined {
  if (!/mvcc: database space exceeded/i.test(text)) return undefined;
  return { code: "DATABASE_FULL", message: "etcd refuses writes: its database has reached its quota" };
}

/** @throws UserError when one of the texts, which an update of the local cluster ended with, tells of etcd's quota */
export function requireDatabaseRoom(texts: readonly string[]): void {
  const full = databaseFull(texts.join("\n"));
  if (full !== undefined) throw new UserError(`the local cluster: ${full.message}`, { mend: throwDataAway });
}
