import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import type { SuiteResult } from "./reporter";

const compiledTests = join(__dirname, "..");
const root = join(compiledTests, "..", "..");

/** Folder whose tests run the real engine. */
const engineFolder = "engine";

/** `*.slow.test.ts`: start processes or take seconds; left out of the inner loop, as the engine's are. */
const slowTest = /\.slow\.test\.js$/;

interface Outcome extends SuiteResult {
  readonly name: string;
  readonly seconds: number;
}

/**
 * Runs the suites, one process each, and prints a table and the line `N passed, N failed`.
 *
 * @param argv `unit` leaves out the real engine and slow tests; other words select suites by name; with `--grep TEXT`
 *   only tests whose name holds the text.
 * @returns Exit code: 0 when at least one test ran and none failed.
 */
export async function main(argv: readonly string[]): Promise<number> {
  const grepAt = argv.indexOf("--grep");
  const grep = grepAt < 0 ? undefined : argv[grepAt + 1];
  const words = argv.filter((_, index) => index !== grepAt && (grepAt < 0 || index !== grepAt + 1));
  const suites = suiteNames().filter((name) => selected(name, words));
  if (suites.length === 0) {
    process.stderr.write(`No suite is named ${words.join(" ")}; there are: ${suiteNames().join(", ")}\n`);
    return 2;
  }
  // Without them in the cache the first test that needs one would build it, beyond any test's time limit.
  if (!words.includes("unit") && (await installTools()) !== 0) return 1;
  const results = mkdtempSync(join(tmpdir(), "switchyard-tests-"));
  try {
    const options = { results, grep, withSlow: !words.includes("unit") };
    const withoutEngine = suites.filter((name) => name !== engineFolder);
    const outcomes = await inPairs(withoutEngine, (name) => runSuite(name, options));
    if (suites.includes(engineFolder)) outcomes.push(await runSuite(engineFolder, options));
    return summarize(outcomes);
  } finally {
    rmSync(results, { recursive: true, force: true });
  }
}

/** The Pulumi CLI, providers and control plane; at once when they are there. Progress goes to stderr. */
function installTools(): Promise<number | null> {
  return new Promise((done, fail) => {
    const argv = [join(compiledTests, "..", "cli", "main.js"), "toolchain", "install"];
    const child = spawn(process.execPath, argv, { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
    child.once("error", fail);
    child.once("close", done);
  });
}

function selected(name: string, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  return words.includes(name) || (words.includes("unit") && name !== engineFolder);
}

/** `infra`, `local/cloud`, …: folders of compiled tests, two levels below `local`. */
function suiteNames(): string[] {
  const names: string[] = [];
  for (const name of readdirSync(compiledTests).sort()) {
    const folder = join(compiledTests, name);
    if (name === "support" || !statSync(folder).isDirectory()) continue;
    if (name === "local") names.push(...readdirSync(folder).map((part) => `local/${part}`));
    else names.push(name);
  }
  return names.filter((name) => testFiles(join(compiledTests, name)).length > 0);
}

/** Compiled tests whose TypeScript source still exists: the compiler leaves the output of removed files behind. */
function testFiles(folder: string): string[] {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) return [];
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((file) => file.endsWith(".test.js"))
    .filter((file) => existsSync(join(root, "tests", relative(compiledTests, file).replace(/\.js$/, ".ts"))))
    .sort();
}

interface RunOptions {
  readonly results: string;
  readonly grep: string | undefined;
  readonly withSlow: boolean;
}

async function runSuite(name: string, { results, grep, withSlow }: RunOptions): Promise<Outcome> {
  const resultFile = join(results, `${name.replace("/", "-")}.json`);
  const started = process.hrtime.bigint();
  const argv = [
    "--enable-source-maps",
    join(root, "node_modules", "mocha", "bin", "mocha.js"),
    "--reporter",
    join(__dirname, "reporter.js"),
    "--timeout",
    name === engineFolder ? "300000" : "20000",
    ...(grep === undefined ? [] : ["--grep", grep]),
    ...testFiles(join(compiledTests, name)).filter((file) => withSlow || !slowTest.test(file)),
  ];
  const output = await new Promise<{ text: string; code: number | null }>((done, fail) => {
    const chunks: Buffer[] = [];
    const live = name === engineFolder;
    const child = spawn(process.execPath, argv, {
      cwd: root,
      env: { ...process.env, SWITCHYARD_TEST_RESULT: resultFile },
      stdio: ["ignore", live ? "inherit" : "pipe", live ? "inherit" : "pipe"],
    });
    child.stdout?.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.stderr?.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.once("error", fail);
    child.once("close", (code) => done({ text: Buffer.concat(chunks).toString("utf8"), code }));
  });
  process.stdout.write(`\n== ${name} ==\n${output.text}`);
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  if (!existsSync(resultFile)) {
    process.stdout.write(`suite ${name} ended with code ${output.code} before it could report\n`);
    return { name, seconds, passed: 0, failed: 1, skipped: 0 };
  }
  const result = JSON.parse(readFileSync(resultFile, "utf8")) as SuiteResult;
  return { name, seconds, ...result };
}

/** Two at a time, results in the order of the input. */
async function inPairs<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const done = new Array<R>(items.length);
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < items.length; index = next++)
      done[index] = await work(items[index] as T);
  };
  await Promise.all([worker(), worker()]);
  return done;
}

function summarize(outcomes: readonly Outcome[]): number {
  const total = (key: "passed" | "failed" | "skipped" | "seconds") =>
    outcomes.reduce((sum, outcome) => sum + outcome[key], 0);
  const width = Math.max(...outcomes.map((outcome) => outcome.name.length), "suite".length);
  const row = (name: string, ...cells: (string | number)[]) =>
    `${name.padEnd(width)}${cells.map((cell) => String(cell).padStart(9)).join("")}`;
  const lines = [
    "",
    row("suite", "passed", "failed", "skipped", "seconds"),
    ...outcomes.map((o) => row(o.name, o.passed, o.failed, o.skipped, o.seconds.toFixed(1))),
    "",
  ];
  const skipped = total("skipped") > 0 ? `, ${total("skipped")} skipped` : "";
  lines.push(`${total("passed")} passed, ${total("failed")} failed${skipped}`);
  process.stdout.write(`${lines.join("\n")}\n`);
  return total("failed") === 0 && total("passed") > 0 ? 0 : 1;
}
