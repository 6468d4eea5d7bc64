import { spawnSync } from "node:child_process";

/** The number of a process that has been and gone. */
export function deadPid(): number {
  return spawnSync("/bin/true").pid;
}
