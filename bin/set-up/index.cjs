"use strict";

const path = require("node:path");
const { buildIsFresh } = require("./compile.cjs");
const { packagesAreFresh } = require("./packages.cjs");
const { SetUpError } = require("./set-up-error.cjs");

const root = path.resolve(__dirname, "../..");

/**
 * Installs the packages and compiles the sources, each only when needed. Safe when two processes start at once (one
 * works, the other waits) and after one was killed half way.
 *
 * @param {{ root?: string, stream?: { write(text: string): unknown } }} [options]
 * @throws {SetUpError}
 */
async function ensureSetUp(options = {}) {
  const folder = options.root ?? root;
  if (packagesAreFresh(folder) && buildIsFresh(folder)) return;
  // Loaded here, since most starts find nothing to do.
  const { withLock } = require("./lock.cjs");
  const { createProgress } = require("./progress.cjs");
  const { installPackages } = require("./packages.cjs");
  const { build } = require("./compile.cjs");
  const stream = options.stream ?? process.stderr;
  const progress = createProgress(stream);
  const onWait = (holder) =>
    stream.write(`waiting for another set-up of this checkout (process ${holder})\n`);
  await withLock(
    path.join(folder, ".build", "set-up.lock"),
    async (held) => {
      if (!packagesAreFresh(folder)) await installPackages(folder, progress, held);
      if (!buildIsFresh(folder)) await build(folder, progress, held);
    },
    { onWait },
  );
}

/** Set-up, then `work` in this process; a fault of set-up is printed with its mend and ends with exit code 1. */
function runAfterSetUp(work) {
  // What `work` itself throws is a bug: it ends the process with a stack, as any unhandled rejection does.
  void ensureSetUp().then(work, (error) => {
    process.stderr.write(explain(error));
    process.exit(1);
  });
}

function explain(error) {
  if (error instanceof SetUpError) return `${error.message}\n${error.mend}\n`;
  if (["EACCES", "EPERM", "EROFS", "ENOSPC"].includes(error.code)) {
    return `Set-up cannot write in ${root}: ${error.message}\nFree some space, or permit writing there.\n`;
  }
  return `${error.stack}\n`;
}

module.exports = { ensureSetUp, runAfterSetUp };
