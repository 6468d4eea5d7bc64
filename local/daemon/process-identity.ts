import { join } from "node:path";
import { repoRoot } from "../repo-root";

/** A process, told from a later one with the same number by its start time. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly started?: string;
  readonly host: string;
}

interface IdentityModule {
  identify(pid?: number): ProcessIdentity;
  isAlive(owner: ProcessIdentity): boolean | undefined;
  processStart(pid: number): string | undefined;
  processStartTime(pid: number): number | undefined;
}

/** Plain JavaScript, since set-up needs it before anything is compiled; one implementation serves all. */
const identity = require(join(repoRoot(), "bin/set-up/process-identity.cjs")) as IdentityModule;

/** This process, or another one, by its number. */
export const identify = identity.identify;

/** Whether the owner still runs; undefined when it belongs to another host and cannot be asked. */
export const isOwnerAlive = identity.isAlive;

/** When a process started, as its system says it; undefined when there is none. With the pid it names one for good. */
export const processStart = identity.processStart;

/** When a process started, in milliseconds since 1970; undefined when there is none. */
export const processStartTime = identity.processStartTime;

/** Whether the very process that is meant still runs. */
export function isAlive(pid: number, start: string): boolean {
  return processStart(pid) === start;
}
