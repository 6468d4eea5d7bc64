"use strict";

const fs = require("node:fs");
const path = require("node:path");
const { randomUUID } = require("node:crypto");
const { setTimeout: delay } = require("node:timers/promises");
const { identify, isAlive } = require("./process-identity.cjs");

const pollMilliseconds = 100;
/** Between creating a lock file and writing its owner lie microseconds: an empty file older than this is a wreck. */
const emptyIsWreckAfterMilliseconds = 5_000;
/** A holder on another host (a shared home folder) cannot be asked, so it shows life by the file's time. */
const heartbeatMilliseconds = 10_000;
const foreignIsDeadAfterMilliseconds = 60_000;

/**
 * Runs `work` while this process holds the lock file; waits while another one does. A holder that died is noticed
 * and its lock taken over, but not before the processes it had named with `covers` are gone too.
 *
 * @param {string} file
 * @param {(held: { covers(pid: number): void }) => Promise<T>} work
 * @param {{ signal?: AbortSignal, onWait?: (holder: number | undefined) => void }} [options]
 * @template T
 */
async function withLock(file, work, options = {}) {
  const token = randomUUID();
  const owners = [identify()];
  await acquire(file, token, owners, options);
  const beat = setInterval(() => touch(file), heartbeatMilliseconds);
  beat.unref();
  const onExit = () => release(file, token);
  process.once("exit", onExit);
  try {
    return await work({
      covers(pid) {
        owners.push(identify(pid));
        const next = `${file}.${process.pid}.next`;
        fs.writeFileSync(next, JSON.stringify({ token, owners }), { mode: 0o600 });
        fs.renameSync(next, file);
      },
    });
  } finally {
    clearInterval(beat);
    process.off("exit", onExit);
    release(file, token);
  }
}

async function acquire(file, token, owners, { signal, onWait }) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  let told = false;
  for (;;) {
    signal?.throwIfAborted();
    if (create(file, JSON.stringify({ token, owners }))) return;
    const held = read(file);
    if (held === undefined) continue;
    if (isWreck(held)) {
      removeWreck(file);
      continue;
    }
    if (!told) onWait?.(held.owners?.[0]?.pid);
    told = true;
    await delay(pollMilliseconds, undefined, { signal }).catch(() => signal?.throwIfAborted());
  }
}

function create(file, content) {
  try {
    fs.writeFileSync(file, content, { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

/** The lock's content with its age; undefined when it is gone by now. */
function read(file) {
  try {
    const ageMilliseconds = Date.now() - fs.statSync(file).mtimeMs;
    const text = fs.readFileSync(file, "utf8");
    try {
      return { ageMilliseconds, ...JSON.parse(text) };
    } catch {
      return { ageMilliseconds };
    }
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

function isWreck(held) {
  if (!Array.isArray(held.owners)) return held.ageMilliseconds > emptyIsWreckAfterMilliseconds;
  return held.owners.every((owner) => {
    const alive = isAlive(owner);
    return alive === undefined ? held.ageMilliseconds > foreignIsDeadAfterMilliseconds : !alive;
  });
}

/** Two waiters may see the same wreck: only the one that holds the guard looks again and removes it. */
function removeWreck(file) {
  const guard = `${file}.takeover`;
  if (!create(guard, "")) {
    const other = read(guard);
    if (other && other.ageMilliseconds > emptyIsWreckAfterMilliseconds) fs.rmSync(guard, { force: true });
    return;
  }
  try {
    const held = read(file);
    if (held && isWreck(held)) fs.rmSync(file, { force: true });
  } finally {
    fs.rmSync(guard, { force: true });
  }
}

function release(file, token) {
  if (read(file)?.token === token) fs.rmSync(file, { force: true });
}

function touch(file) {
  const now = new Date();
  try {
    fs.utimesSync(file, now, now);
  } catch {
    // Only a holder's sign of life for other hosts: without it they wait no longer than before.
  }
}

module.exports = { withLock };
