"use strict";

const fs = require("node:fs");
const path = require("node:path");
const { runChild } = require("./child.cjs");
const { leanSdk } = require("./pack-bundle.cjs");
const { SetUpError } = require("./set-up-error.cjs");
const { compareSources, outputOf } = require("./sources.cjs");

const stampName = ".build-stamp.json";
/** The compiler's record of what it has compiled, with which it compiles only what changed. */
const buildInfoName = ".tsbuildinfo";

/**
 * Bundles beside the compiled files: entry and output, both relative to the root; `dist` stands for the output folder.
 * The last stands in the place of its compiled file: a hundred and fifty small files of rules are one to load.
 */
const bundles = [
  {
    title: "policy pack",
    entry: "policies/index.ts",
    output: () => "policies/dist/pack.js",
    plugins: [leanSdk],
  },
  {
    title: "language host",
    entry: "local/toolchain/language-host/main.ts",
    output: (outDir) => path.join(outDir, "local/toolchain/language-host.cjs"),
    plugins: [],
  },
  {
    title: "descriptions of the rules",
    entry: "cli/engine/pack-rules.ts",
    output: (outDir) => path.join(outDir, "cli/engine/pack-rules.js"),
    plugins: [],
    packages: "external",
  },
];

/** Whether everything compiled is there and made from the sources as they are now. */
function buildIsFresh(root, outDir = "dist") {
  const stamp = readJson(path.join(root, outDir, stampName));
  if (stamp === undefined) return false;
  const { changed, records } = compareSources(root, stamp.sources);
  if (changed || missingOutputs(root, outDir, records).length > 0) return false;
  if (JSON.stringify(records) !== JSON.stringify(stamp.sources)) writeStamp(root, outDir, records);
  return true;
}

/** Compiles and bundles; call it under the set-up lock. The stamp goes first and comes back last. */
async function build(root, progress, held, outDir = "dist") {
  fs.rmSync(path.join(root, outDir, stampName), { force: true });
  const { records } = compareSources(root, {});
  if (!compilerRecordHolds(root, outDir)) fs.rmSync(path.join(root, outDir, buildInfoName), { force: true });
  await progress.step("compiling", async (report) => {
    report("TypeScript");
    await compile(root, outDir, held);
    removeOrphans(root, outDir, records);
    for (const bundle of bundles) {
      report(bundle.title);
      await writeBundle(root, outDir, bundle);
    }
  });
  const missing = missingOutputs(root, outDir, records);
  if (missing.length > 0) {
    throw new SetUpError(
      `The build ended well, but ${missing[0]} is missing.`,
      `Remove the folder ${outDir} and run the same command again.`,
    );
  }
  writeStamp(root, outDir, records);
}

/** Two checkers: each reads the declarations of the SDKs for itself, which costs more than a third one gains. */
async function compile(root, outDir, held) {
  const argv = [
    ...["--checkers", "2"],
    ...["--project", path.join(root, "tsconfig.json"), "--outDir", path.join(root, outDir)],
    ...["--tsBuildInfoFile", path.join(root, outDir, buildInfoName)],
    ...["--pretty", String(process.stderr.isTTY === true)],
  ];
  const { code, output } = await runChild(compilerOf(root), argv, { cwd: root, onStart: held.covers });
  if (code === 0) return;
  throw new SetUpError(
    `The sources do not compile (tsc ended with code ${code}):\n${output.trimEnd()}`,
    "Mend the lines above and run the same command again.",
  );
}

/** The program itself, not the script of its package that starts it: what is ended is what compiles. */
function compilerOf(root) {
  const platform = `${process.platform}-${process.arch}`;
  const name = process.platform === "win32" ? "tsc.exe" : "tsc";
  const file = path.join(root, "node_modules/@typescript", `typescript-${platform}`, "lib", name);
  if (fs.existsSync(file)) return file;
  throw new SetUpError(
    `TypeScript's compiler for ${platform} is not among the installed packages: there is no ${file}.`,
    "Install with optional packages: npm ci --include=optional. TypeScript 7 lists the platforms that it supports.",
  );
}

async function writeBundle(root, outDir, bundle) {
  if (!fs.existsSync(path.join(root, bundle.entry))) return;
  const esbuild = require(path.join(root, "node_modules/esbuild"));
  const outfile = path.join(root, bundle.output(outDir));
  // Written beside and renamed, so that nobody reads half a bundle.
  const result = await esbuild
    .build({
      absWorkingDir: root,
      entryPoints: [bundle.entry],
      outfile,
      bundle: true,
      write: false,
      platform: "node",
      format: "cjs",
      target: "node20",
      sourcemap: true,
      sourcesContent: false,
      legalComments: "linked",
      plugins: bundle.plugins,
      packages: bundle.packages ?? "bundle",
      logLevel: "silent",
    })
    .catch((error) => {
      throw new SetUpError(`The ${bundle.title} cannot be bundled: ${error.message}`, `See ${bundle.entry}.`);
    });
  fs.mkdirSync(path.dirname(outfile), { recursive: true });
  for (const file of result.outputFiles) {
    const next = `${file.path}.${process.pid}.next`;
    fs.writeFileSync(next, file.contents);
    fs.renameSync(next, file.path);
  }
}

/** Output of sources that are gone would still be loaded, and its tests still be run. */
function removeOrphans(root, outDir, records) {
  const tops = new Set(Object.keys(records).map((name) => name.split("/")[0]));
  const expected = new Set(Object.keys(records).map((name) => outputOf(name, path.join(root, outDir))));
  for (const bundle of bundles) expected.add(path.join(root, bundle.output(outDir)));
  for (const top of tops) {
    const folder = path.join(root, outDir, top);
    if (!fs.existsSync(folder) || !fs.statSync(folder).isDirectory()) continue;
    for (const name of fs.readdirSync(folder, { recursive: true })) {
      const file = path.join(folder, name);
      if (!file.endsWith(".js") || expected.has(file)) continue;
      for (const suffix of ["", ".map"]) fs.rmSync(`${file}${suffix}`, { force: true });
    }
  }
}

/** The compiler does not look whether what it once wrote is still there: then it would not be written again. */
function compilerRecordHolds(root, outDir) {
  const folder = path.join(root, outDir);
  const names = readJson(path.join(folder, buildInfoName))?.fileNames ?? [];
  return names
    .map((name) => path.relative(root, path.resolve(folder, name)))
    .filter((name) => !name.includes("node_modules"))
    .map((name) => outputOf(name, folder))
    .every((file) => file === undefined || fs.existsSync(file));
}

function missingCompiled(root, outDir, records) {
  return Object.keys(records)
    .map((name) => outputOf(name, outDir))
    .filter((file) => file !== undefined && !fs.existsSync(path.join(root, file)));
}

function missingOutputs(root, outDir, records) {
  const bundled = bundles
    .filter((bundle) => fs.existsSync(path.join(root, bundle.entry)))
    .map((bundle) => bundle.output(outDir));
  return [...missingCompiled(root, outDir, records), ...bundled].filter(
    (file) => !fs.existsSync(path.join(root, file)),
  );
}

/** undefined when there is no such file, or one that was cut off. */
function readJson(file) {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8"));
  } catch (error) {
    if (error.code === "ENOENT" || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function writeStamp(root, outDir, sources) {
  const file = path.join(root, outDir, stampName);
  const next = `${file}.${process.pid}.next`;
  try {
    fs.writeFileSync(next, JSON.stringify({ sources }));
    fs.renameSync(next, file);
  } catch (error) {
    if (!["EACCES", "EPERM", "EROFS"].includes(error.code)) throw error;
  }
}

module.exports = { build, buildIsFresh, writeBundle, bundles };
