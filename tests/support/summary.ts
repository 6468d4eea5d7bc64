import type { SuiteResult } from "./suite-process";

/** Wall time that the inner loop may take on two cores when everything is built. */
export const unitBudgetSeconds = 20;

/** Files that are named when the inner loop took longer. */
const namedFiles = 10;

export interface Outcome extends SuiteResult {
  readonly name: string;
  readonly seconds: number;
}

/** One for each suite, by name: what ran in parts is put together, with the seconds of all of them. */
export function bySuite(parts: readonly Outcome[]): readonly Outcome[] {
  const names = [...new Set(parts.map(({ name }) => name))].sort();
  return names.map((name) => parts.filter((part) => part.name === name).reduce(together));
}

function together(left: Outcome, right: Outcome): Outcome {
  return {
    name: left.name,
    seconds: left.seconds + right.seconds,
    cpuSeconds: left.cpuSeconds + right.cpuSeconds,
    passed: left.passed + right.passed,
    failed: left.failed + right.failed,
    skipped: left.skipped + right.skipped,
    secondsByFile: { ...left.secondsByFile, ...right.secondsByFile },
    failures: [...left.failures, ...right.failures],
    output: left.output + right.output,
  };
}

/** A row for each suite, sums below it. */
export function tableOf(outcomes: readonly Outcome[]): string {
  const width = Math.max(...outcomes.map(({ name }) => name.length), "suite".length);
  const row = (name: string, ...cells: (string | number)[]) =>
    `${name.padEnd(width)}${cells.map((cell) => String(cell).padStart(9)).join("")}`;
  return [
    row("suite", "passed", "failed", "skipped", "seconds", "cpu"),
    ...outcomes.map(({ name, passed, failed, skipped, seconds, cpuSeconds }) =>
      row(name, passed, failed, skipped, seconds.toFixed(1), cpuSeconds.toFixed(1)),
    ),
  ].join("\n");
}

/** What of an error's message the list of failures repeats. */
const repeatedCharacters = 600;

/** Each failure again, so that the end of a long log says what is wrong; empty when there is none. */
export function failuresOf(outcomes: readonly Outcome[]): readonly string[] {
  const failures = outcomes.flatMap(({ failures }) => failures);
  return failures.flatMap(({ title, file, message }) => [
    "",
    `failed: ${title}`,
    `  tests/${file}`,
    ...message
      .slice(0, repeatedCharacters)
      .split("\n")
      .map((line) => `  ${line}`),
  ]);
}

/** `N passed, N failed`, the last line of a run. */
export function countsOf(outcomes: readonly Outcome[]): string {
  const [passed, failed, skipped] = [
    sum(outcomes, "passed"),
    sum(outcomes, "failed"),
    sum(outcomes, "skipped"),
  ];
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

/** What the inner loop took of what it may take, and when that was too much, where it went. */
export function budgetOf(outcomes: readonly Outcome[], wallSeconds: number): string {
  const cpu = sum(outcomes, "cpuSeconds").toFixed(1);
  const taken = `test:unit took ${wallSeconds.toFixed(1)} s of ${unitBudgetSeconds} s (${cpu} s of processor time)`;
  if (wallSeconds <= unitBudgetSeconds) return taken;
  const slowest = outcomes
    .flatMap(({ secondsByFile }) => Object.entries(secondsByFile))
    .sort(([, left], [, right]) => right - left)
    .slice(0, namedFiles);
  return [
    `warning: ${taken}. The slowest files:`,
    ...slowest.map(([file, seconds]) => `${seconds.toFixed(1).padStart(7)} s  tests/${file}`),
    "What needs its time belongs into a file *.slow.test.ts, which npm test runs.",
  ].join("\n");
}

function sum(outcomes: readonly Outcome[], key: "passed" | "failed" | "skipped" | "cpuSeconds"): number {
  return outcomes.reduce((total, outcome) => total + outcome[key], 0);
}
