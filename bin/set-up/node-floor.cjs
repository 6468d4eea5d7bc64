// Old syntax on purpose: a Node below the floor must still parse this file and say what is wrong.
"use strict";

/** The lowest version that `engines.node` of package.json allows, as [major, minor]. */
function floorOf(range) {
  var match = /^>=\s*(\d+)\.(\d+)/.exec(range);
  if (!match) throw new Error(`package.json: engines.node is "${range}", expected ">=MAJOR.MINOR"`);
  return [Number(match[1]), Number(match[2])];
}

/** What to tell the user of a Node that is too old; undefined when it is new enough. */
function complaint(version, range) {
  var floor = floorOf(range);
  var found = /^v?(\d+)\.(\d+)/.exec(version);
  var major = found ? Number(found[1]) : 0;
  var minor = found ? Number(found[2]) : 0;
  if (major > floor[0] || (major === floor[0] && minor >= floor[1])) return undefined;
  return (
    "switchyard needs Node >= " +
    floor.join(".") +
    ", this is " +
    version +
    " (" +
    process.execPath +
    ").\n" +
    "Install a newer one from https://nodejs.org or with a version manager (nvm install " +
    floor[0] +
    ", fnm install " +
    floor[0] +
    ", volta install node@" +
    floor[0] +
    ") and run the same command again.\n"
  );
}

/** Ends the process with a message when this Node is too old. */
function requireNode() {
  var text = complaint(process.version, require("../../package.json").engines.node);
  if (text === undefined) return;
  process.stderr.write(text);
  process.exit(1);
}

module.exports = { complaint: complaint, requireNode: requireNode };
