import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../support/root";

const rule = "lint/signal-of-timeout.grit";
const refused = [
  "export const limit = AbortSignal.timeout(1);",
  "export const either = AbortSignal.any([stop.signal, AbortSignal.timeout(1)]);",
  "export const inAny = { signal: AbortSignal.any([AbortSignal.timeout(1)]) };",
  "export const elsewhere = { other: AbortSignal.timeout(1) };",
];
const allowed = [
  "export const ofOneRequest = { method, signal: AbortSignal.timeout(1) };",
  "export const held = AbortSignal.any([outside, stop.signal]);",
];

describe("the lint of limits that a garbage collection takes away", () => {
  it("is on for the whole repository", () => {
    const { plugins } = JSON.parse(readFileSync(join(root, "biome.json"), "utf8"));
    assert.deepEqual(plugins, [`./${rule}`]);
  });

  it("refuses a limit that nothing but AbortSignal.any or a variable holds, and nothing else", () => {
    const lines = [...refused, ...allowed];
    assert.deepEqual(
      linted(lines).map((number) => lines[number - 1]),
      refused,
    );
  });
});

/** @returns numbers of the lines that the rule refuses, from 1 */
function linted(lines: readonly string[]): readonly number[] {
  const folder = mkdtempSync(join(tmpdir(), "switchyard-lint-"));
  try {
    const rules = { preset: "none" };
    writeFileSync(
      join(folder, "biome.json"),
      JSON.stringify({ plugins: [join(root, rule)], linter: { rules } }),
    );
    writeFileSync(join(folder, "lines.ts"), lines.join("\n"));
    const biome = join(root, "node_modules/@biomejs/biome/bin/biome");
    const args = [biome, "lint", "--colors=off", "lines.ts"];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
    assert.equal(status, 1, stderr);
    return [...(stdout + stderr).matchAll(/^lines\.ts:(\d+):\d+ plugin/gm)].map(([, number]) =>
      Number(number),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
