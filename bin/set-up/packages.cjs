"use strict";

const fs = require("node:fs");
const path = require("node:path");
const { createHash } = require("node:crypto");
const { runChild } = require("./child.cjs");
const { SetUpError } = require("./set-up-error.cjs");

/** Digest of the package-lock.json that node_modules was installed from. */
const markerName = ".switchyard-lock";
/** npm's own record of what it installed; written last, so absent after an installation that was cut off. */
const npmRecordName = ".package-lock.json";

/** Whether node_modules is what package-lock.json asks for. */
function packagesAreFresh(root) {
  const modules = path.join(root, "node_modules");
  const wanted = fs.readFileSync(path.join(root, "package-lock.json"), "utf8");
  const digest = createHash("sha256").update(wanted).digest("hex");
  const marker = path.join(modules, markerName);
  if (readIfThere(marker) === digest) return true;
  const record = readIfThere(path.join(modules, npmRecordName));
  if (record === undefined || !sameAsRecorded(wanted, record)) return false;
  try {
    fs.writeFileSync(marker, digest);
  } catch (error) {
    // A node_modules that may not be written is as good; it is only compared again next time.
    if (!["EACCES", "EPERM", "EROFS"].includes(error.code)) throw error;
  }
  return true;
}

/** Somebody ran `npm ci` by hand: npm's record lists the same packages, apart from optional ones of other platforms. */
function sameAsRecorded(wantedText, recordText) {
  const wanted = JSON.parse(wantedText).packages;
  let installed;
  try {
    installed = JSON.parse(recordText).packages;
  } catch {
    return false;
  }
  for (const [name, entry] of Object.entries(wanted)) {
    if (name === "" || (entry.optional && !(name in installed))) continue;
    if (!(name in installed)) return false;
    const { integrity, version } = installed[name];
    if (integrity !== entry.integrity || version !== entry.version) return false;
  }
  return Object.keys(installed).every((name) => name in wanted);
}

/** `npm ci`; call it under the set-up lock. */
async function installPackages(root, progress, held) {
  const modules = path.join(root, "node_modules");
  for (const name of [markerName, npmRecordName]) fs.rmSync(path.join(modules, name), { force: true });
  const npm = findNpm(process.env);
  const argv = [...npm.argv, "ci", "--include=dev", "--no-fund", "--no-audit"];
  const { code, output } = await progress
    .step("installing packages", () => runChild(npm.command, argv, { cwd: root, onStart: held.covers }))
    .catch((error) => {
      throw new SetUpError(`npm could not be started: ${error.message}`, "Install npm (it comes with Node).");
    });
  if (code !== 0) {
    throw new SetUpError(
      `npm ci failed with exit code ${code}:\n${withoutUsage(output).trimEnd()}`,
      "Mend what npm names (no network: see `npm config get registry`) and run the same command again.",
    );
  }
  if (!packagesAreFresh(root)) {
    throw new SetUpError(
      "npm ci ended well, but node_modules is not what package-lock.json asks for.",
      "Check `npm config list` for settings that leave packages out (omit, only, production).",
    );
  }
}

/** npm adds two pages about its options to some faults. */
function withoutUsage(output) {
  return output.split(/\nnpm error\s*\nnpm error Clean install a project/)[0];
}

/**
 * npm's script for this very Node where it can be found, `npm` on PATH otherwise. Under `npx`, npm_execpath names
 * npx-cli.js, which lies beside it.
 */
function findNpm(env) {
  const candidates = [path.resolve(path.dirname(process.execPath), "../lib/node_modules/npm/bin/npm-cli.js")];
  if (env.npm_execpath && /^np[mx]-cli\.js$/.test(path.basename(env.npm_execpath))) {
    candidates.unshift(path.join(path.dirname(env.npm_execpath), "npm-cli.js"));
  }
  const script = candidates.find((file) => fs.existsSync(file));
  return script === undefined ? { command: "npm", argv: [] } : { command: process.execPath, argv: [script] };
}

function readIfThere(file) {
  try {
    return fs.readFileSync(file, "utf8");
  } catch (error) {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
    throw error;
  }
}

module.exports = { findNpm, installPackages, packagesAreFresh };
