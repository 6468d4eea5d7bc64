"use strict";

// Plain JavaScript, since set-up needs it before anything is compiled; local/ and cli/ use it too, through
// local/daemon/process-identity.ts.

const fs = require("node:fs");
const os = require("node:os");
const { execFileSync } = require("node:child_process");

/**
 * Which process something belongs to: `started` tells a process from a later one with the same number.
 * @typedef {{ pid: number, started?: string, host: string }} ProcessIdentity
 */

/** @returns {ProcessIdentity} */
function identify(pid = process.pid) {
  return { pid, started: processStart(pid), host: os.hostname() };
}

/**
 * Whether the process still runs; undefined when it belongs to another host and so cannot be asked.
 * @param {ProcessIdentity} owner
 */
function isAlive(owner) {
  if (owner.host !== os.hostname()) return undefined;
  const now = processStart(owner.pid);
  return now !== undefined && (owner.started === undefined || owner.started === now);
}

/**
 * When a process started, as its system says it; undefined when there is none. With the number it names one process for
 * good: a number alone is given to another one sooner or later.
 * @param {number} pid
 * @returns {string | undefined}
 */
function processStart(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  return process.platform === "linux" ? ticksAtStart(pid) : startFromPs(pid);
}

/**
 * When a process started, in milliseconds since 1970, as far as its system tells: to 10 ms on Linux, to a second elsewhere.
 * @param {number} pid
 * @returns {number | undefined}
 */
function processStartTime(pid) {
  const start = processStart(pid);
  if (start === undefined) return undefined;
  if (process.platform !== "linux") return Date.parse(start) || undefined;
  const boot = /^btime (\d+)$/m.exec(fs.readFileSync("/proc/stat", "utf8"))?.[1];
  // 100 clock ticks a second on every Linux that Node runs on (USER_HZ).
  return boot === undefined ? undefined : Number(boot) * 1000 + Number(start) * 10;
}

/** Field 22 of proc(5), in clock ticks since the system's start. */
function ticksAtStart(pid) {
  let stat;
  try {
    stat = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch (error) {
    if (["ENOENT", "ESRCH", "EACCES"].includes(error.code)) return undefined;
    throw error;
  }
  // The name in parentheses may hold anything; what follows it has fixed places: state first, start time 20th.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  // A killed process that nobody has waited for yet still has a number.
  return fields[0] === "Z" || fields[0] === "X" ? undefined : fields[19];
}

function startFromPs(pid) {
  try {
    const options = {
      encoding: "utf8",
      env: { ...process.env, LC_ALL: "C" },
      stdio: ["ignore", "pipe", "ignore"],
    };
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], options).trim() || undefined;
  } catch {
    return undefined; // ps ends with 1 when there is no such process
  }
}

module.exports = { identify, isAlive, processStart, processStartTime };
