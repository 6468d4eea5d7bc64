// Old syntax on purpose: a Node below the floor must still parse this file and say what is wrong.
"use strict";

/** The lowest version that `engines.node` of package.json allows, as [major, minor]. */
function floorOf(range) {
  var match = /^>=\s*(\d+)\.(\d+)/.exec(range);
  if (!match) throw new Error(`package.json: engines.node is "${range}", expected ">=MAJOR.MINOR"`);
  return [Number(match[1]), Number(match[2])];
}

/** What keeps switchyard from running on this Node and system; undefined when nothing does. */
function complaint(version, range, platform) {
  if (platform !== "linux" && platform !== "darwin") {
    return (
      `switchyard runs on Linux and macOS, this is ${platform}.\n` +
      "On Windows, run it in a Linux distribution under WSL.\n"
    );
  }
  var floor = floorOf(range);
  var found = /^v?(\d+)\.(\d+)/.exec(version);
  var major = found ? Number(found[1]) : 0;
  var minor = found ? Number(found[2]) : 0;
  if (major > floor[0] || (major === floor[0] && minor >= floor[1])) return undefined;
  var managers = ["nvm install ", "fnm install ", "volta install node@"].map((install) => install + floor[0]);
  return (
    `switchyard needs Node >= ${floor.join(".")}, this is ${version} (${process.execPath}).\n` +
    `Install a newer one from https://nodejs.org or with a version manager (${managers.join(", ")}) ` +
    "and run the same command again.\n"
  );
}

/** Ends the process with a message when it cannot run here. */
function requireNode() {
  var range = require("../../package.json").engines.node;
  var text = complaint(process.version, range, process.platform);
  if (text === undefined) return;
  process.stderr.write(text);
  process.exit(1);
}

module.exports = { complaint: complaint, requireNode: requireNode };
