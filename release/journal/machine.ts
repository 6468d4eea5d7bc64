import { readFileSync, readlinkSync } from "node:fs";
import { uptime } from "node:os";

/** A process of this machine, so that it is not taken for a later one of the same number. */
export interface ProcessMark {
  readonly pid: number;
  /** Clock ticks after the machine's start. */
  readonly started: string;
}

/** What tells time and processes among the processes of one machine. */
export interface Machine {
  /** Of this start of the machine; undefined where none can be told: then the wall clock decides. */
  readonly id: string | undefined;
  /** Milliseconds since the machine's start, the same for all its processes, whatever its wall clock is set to. */
  uptime(): number;
  readonly self: ProcessMark | undefined;
  /** Whether the process has ended for certain. */
  hasEnded(mark: ProcessMark): boolean;
}

/** Linux tells all of it in /proc; elsewhere leases go by the wall clock. */
export function thisMachine(): Machine {
  const boot = readOrNothing(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim());
  const processes = readOrNothing(() => readlinkSync("/proc/self/ns/pid"));
  const started = startOf(process.pid);
  return {
    // Process numbers mean nothing in another namespace, and a container may have an uptime of its own.
    id: boot === undefined || processes === undefined ? undefined : `${boot} ${processes}`,
    uptime: () => Math.round(uptime() * 1000),
    self: started === undefined ? undefined : { pid: process.pid, started },
    hasEnded: ({ pid, started }) => {
      try {
        return started !== startIn(readFileSync(`/proc/${pid}/stat`, "utf8"));
      } catch (error) {
        // One that cannot be looked at, such as by a process with too many files open, may be alive.
        return ["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "");
      }
    },
  };
}

function startOf(pid: number): string | undefined {
  return readOrNothing(() => startIn(readFileSync(`/proc/${pid}/stat`, "utf8")));
}

/** Field 22 of /proc/PID/stat (proc(5)); the name in field 2 may hold blanks and brackets. A zombie has ended. */
function startIn(stat: string): string | undefined {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields[0] === "Z" ? undefined : fields[19];
}

function readOrNothing<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return undefined;
  }
}
