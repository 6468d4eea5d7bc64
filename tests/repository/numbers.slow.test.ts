import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import ts from "typescript";
import { caseManagement } from "../../runbooks/case-management";
import { contracts } from "../../runbooks/contracts";
import { kiranaInventory } from "../../runbooks/kirana-inventory";
import { kiranaStore } from "../../runbooks/kirana-store";
import { retailAgentic } from "../../runbooks/retail-agentic";
import { tesoroXp } from "../../runbooks/tesoro-xp";
import type { Entry } from "../../runbooks/vocabulary";
import { root } from "../support/root";

/** Folders that read the contracts and may state none of their numbers themselves. */
const folders = ["infra", "policies", "release"];

/** Numbers that everything is measured in: finding one of them says nothing about where it comes from. */
const everyday = new Set([10, 20, 30, 50, 60, 100, 120, 200, 300, 600, 1000, 3600]);

/** Numbers that happen to be equal to one of a runbook and mean something else, by the file they stand in. */
const coincidences: Readonly<Record<string, readonly number[]>> = {
  // Percent of a monthly budget, and samples of one in USD, which no runbook states.
  "infra/azure/cost-budget.ts": [80],
  "infra/config/case-management-settings.ts": [900],
  "infra/config/kirana-store-settings.ts": [1200],
  "infra/config/platform-settings.ts": [3000],
  // Sizes that Azure SQL sells, and the sample of a budget.
  "infra/config/tesoro-settings.ts": [14, 80, 900],
  // Characters of a value in a message; Azure's longest names.
  "infra/config/fault.ts": [80],
  "infra/naming.ts": [80],
  // Seconds that a pod may take to end.
  "infra/kubernetes/pod-template.ts": [45],
  // The platform's own alerts: no runbook speaks of its nodes.
  "infra/systems/platform/watch.ts": [80],
  // Pauses between two looks, in milliseconds.
  "release/data/container-job.ts": [5000],
  "release/data/job.ts": [500],
  "release/engine/diary.ts": [500],
  // Bits by which a generator of random numbers shifts.
  "release/simulation/random.ts": [14],
  // How long the answer that proves a version may take, in milliseconds.
  "release/strategies/version-proof.ts": [5000],
};

function limitsOf(entry: Entry): readonly number[] {
  if (entry.word === "metricGate") {
    return [entry.zones.pass.limit, ...entry.zones.rollback.map(({ limit }) => limit)];
  }
  if (entry.word === "target") return [entry.atMostSeconds ?? 0, entry.figure?.limit ?? 0];
  return [];
}

function contractNumbers(): ReadonlySet<number> {
  const alerts = [kiranaInventory, tesoroXp, kiranaStore, retailAgentic, caseManagement].flatMap(
    (contract): readonly object[] => contract.alerts,
  );
  const thresholds = alerts.flatMap((alert) =>
    "threshold" in alert && typeof alert.threshold === "number" ? [alert.threshold] : [],
  );
  const limits = contracts.flatMap(({ entries }) => entries.flatMap(limitsOf));
  // Below 10 a number says as little as an everyday one: one instance, index 0.
  return new Set([...thresholds, ...limits].filter((number) => number >= 10 && !everyday.has(number)));
}

function sources(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.includes(`${join("policies", "dist")}`));
}

/** A status of HTTP: compared with one, or in a list of them, by the name that stands beside it. */
function isStatus(literal: ts.NumericLiteral): boolean {
  const named = (node: ts.Node) => /status(Code)?$/i.test(node.getText());
  for (let node: ts.Node = literal; node.parent !== undefined; node = node.parent) {
    if (ts.isBinaryExpression(node.parent) && node === node.parent.right) return named(node.parent.left);
    if (ts.isVariableDeclaration(node.parent)) return named(node.parent.name);
    if (ts.isBlock(node.parent)) return false;
  }
  return false;
}

function literals(file: string): readonly number[] {
  const numbers: number[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isNumericLiteral(node) && !isStatus(node)) numbers.push(Number(node.text));
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true));
  return numbers;
}

describe("numbers of the runbooks", () => {
  const numbers = contractNumbers();
  const found = folders.flatMap(sources).flatMap((path) => {
    const file = relative(root, path);
    return literals(path)
      .filter((number) => numbers.has(number))
      .map((number) => ({ file, number }));
  });

  it("there are some to look for", () => assert.ok(numbers.size >= 15, [...numbers].join()));

  it("stand in the contracts, and nowhere in what reads them", () => {
    const strange = found.filter(({ file, number }) => !coincidences[file]?.includes(number));
    assert.deepEqual(strange, []);
  });

  it("have no coincidence listed that is no longer there", () => {
    const listed = Object.entries(coincidences).flatMap(([file, values]) =>
      values.map((number) => ({ file, number })),
    );
    const gone = listed.filter(
      (each) => !found.some(({ file, number }) => file === each.file && number === each.number),
    );
    assert.deepEqual(gone, []);
  });
});
