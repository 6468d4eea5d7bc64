"use strict";

const fs = require("node:fs");
const os = require("node:os");

/**
 * Which process something belongs to: `started` tells a process from a later one with the same number.
 * @typedef {{ pid: number, started?: string, host: string }} ProcessIdentity
 */

/** @returns {ProcessIdentity} */
function identify(pid = process.pid) {
  return { pid, started: startOf(pid)?.ticks, host: os.hostname() };
}

/**
 * Whether the process still runs; undefined when it belongs to another host and so cannot be asked.
 * @param {ProcessIdentity} owner
 */
function isAlive(owner) {
  if (owner.host !== os.hostname()) return undefined;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if (error.code !== "EPERM") return false;
  }
  const now = startOf(owner.pid);
  if (now === undefined) return process.platform !== "linux";
  // A killed process that nobody has waited for yet still has a number.
  return now.state !== "Z" && (owner.started === undefined || owner.started === now.ticks);
}

/** State and start time from proc(5), fields 3 and 22; undefined where there is no such file. */
function startOf(pid) {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { state: fields[0], ticks: fields[19] };
  } catch (error) {
    if (["ENOENT", "ESRCH", "EACCES"].includes(error.code)) return undefined;
    throw error;
  }
}

module.exports = { identify, isAlive };
