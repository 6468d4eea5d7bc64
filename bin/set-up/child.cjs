"use strict";

const { spawn } = require("node:child_process");

/** The cause of a failure stands in the first lines of some tools and in the last ones of others. */
const keptLines = 40;
const killAfterMilliseconds = 3_000;
const forwarded = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

/**
 * Runs a program to its end and collects what it prints. It gets a process group of its own: Ctrl-C (or a TERM) of
 * this process ends the whole group, so that nothing goes on behind the user's back, and then this process.
 *
 * @param {string} command
 * @param {readonly string[]} argv
 * @param {{ cwd: string, env?: NodeJS.ProcessEnv, onStart?: (pid: number) => void }} options
 * @returns {Promise<{ code: number, output: string }>} `output`: the first and the last lines of both streams
 */
function runChild(command, argv, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, argv, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    let head = "";
    let tail = "";
    const collect = (chunk) => {
      if (head.split("\n").length <= keptLines) head += chunk;
      else tail = `${tail}${chunk}`.split("\n").slice(-keptLines).join("\n");
    };
    child.stdout.setEncoding("utf8").on("data", collect);
    child.stderr.setEncoding("utf8").on("data", collect);

    let exitWith;
    const killGroup = (signal) => {
      try {
        process.kill(-child.pid, signal);
      } catch (error) {
        if (error.code !== "ESRCH") throw error;
      }
    };
    const handlers = Object.entries(forwarded).map(([signal, code]) => {
      const handler = () => {
        exitWith = code;
        killGroup("SIGTERM");
        setTimeout(() => killGroup("SIGKILL"), killAfterMilliseconds).unref();
      };
      process.on(signal, handler);
      return [signal, handler];
    });
    const onExit = () => killGroup("SIGKILL");
    process.on("exit", onExit);
    const clean = () => {
      for (const [signal, handler] of handlers) process.off(signal, handler);
      process.off("exit", onExit);
    };

    child.once("spawn", () => options.onStart?.(child.pid));
    child.once("error", (error) => {
      clean();
      reject(error);
    });
    child.once("close", (code, signal) => {
      clean();
      if (exitWith !== undefined) process.exit(exitWith);
      const output = tail === "" ? head : `${head}\n…\n${tail}`;
      resolve({ code: code ?? 1, output: signal === null ? output : `${output}\n(ended by ${signal})` });
    });
  });
}

module.exports = { runChild };
