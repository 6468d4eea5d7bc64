"use strict";

const fs = require("node:fs");
const path = require("node:path");
const { createHash } = require("node:crypto");

const skippedFolders = new Set(["node_modules", "dist", ".build", ".switchyard", "golden", "modules"]);

/**
 * What a build depends on.
 * @typedef {{ size: number, mtimeMs: number, sha256: string }} SourceRecord
 * @typedef {Record<string, SourceRecord>} SourceRecords keyed by path relative to the root
 */

/** Sorted relative paths of the files that tsconfig.json includes, and of what decides how they are compiled. */
function sourceFiles(root) {
  const included = JSON.parse(fs.readFileSync(path.join(root, "tsconfig.json"), "utf8")).include;
  const files = [
    "package-lock.json",
    "tsconfig.json",
    "bin/set-up/compile.cjs",
    "bin/set-up/pack-bundle.cjs",
  ];
  for (const folder of included) walk(root, folder, files);
  return files.sort();
}

function walk(root, folder, files) {
  let entries;
  try {
    entries = fs.readdirSync(path.join(root, folder), { withFileTypes: true });
  } catch (error) {
    if (error.code === "ENOENT") return;
    throw error;
  }
  for (const entry of entries) {
    const name = `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      if (!skippedFolders.has(entry.name)) walk(root, name, files);
    } else if (/\.(ts|json)$/.test(entry.name)) files.push(name);
  }
}

/**
 * Compares the sources with what a build recorded. A file of the same size and time counts as the same; otherwise
 * its content decides, so that a checkout that only touches files costs no build.
 *
 * @param {string} root
 * @param {SourceRecords} recorded
 * @returns {{ changed: boolean, records: SourceRecords }}
 */
function compareSources(root, recorded) {
  /** @type {SourceRecords} */
  const records = {};
  let changed = false;
  for (const name of sourceFiles(root)) {
    const { size, mtimeMs } = fs.statSync(path.join(root, name));
    const before = recorded[name];
    if (before && before.size === size && before.mtimeMs === mtimeMs) {
      records[name] = before;
      continue;
    }
    const sha256 = createHash("sha256")
      .update(fs.readFileSync(path.join(root, name)))
      .digest("hex");
    records[name] = { size, mtimeMs, sha256 };
    if (before?.sha256 !== sha256) changed = true;
  }
  changed ||= Object.keys(recorded).some((name) => !(name in records));
  return { changed, records };
}

/** Where the compiler puts a source; undefined for one that it emits nothing for. */
function outputOf(name, outDir) {
  if (name.endsWith(".d.ts") || !name.endsWith(".ts")) return undefined;
  return path.join(outDir, name.replace(/\.ts$/, ".js"));
}

module.exports = { compareSources, outputOf, sourceFiles };
