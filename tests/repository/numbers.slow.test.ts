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
const everyday = new Set([10, 20, 24, 30, 50, 60, 100, 120, 200, 300, 600, 1000, 3600, 86_400]);

/** Numbers that happen to be equal to one of a runbook and mean something else, by the file they stand in. */
const coincidences: Readonly<Record<string, readonly number[]>> = {
  // Percent of a monthly budget, and samples of one in USD, which no runbook states.
  "infra/azure/cost-budget.ts": [80],
  "infra/config/case-management-settings.ts": [900],
  "infra/config/kirana-store-settings.ts": [1200],
  "infra/config/platform-settings.ts": [3000],
  // How often the cluster's own cleaner runs, in hours.
  "infra/azure/cluster-properties.ts": [168],
  // Sizes that Azure SQL sells, the sample of a budget, the prefix of a range.
  "infra/config/tesoro-settings.ts": [14, 25, 40, 80, 900],
  // Prefix of a range of addresses.
  "infra/config/shared-settings.ts": [25],
  // Characters of a value in a message; Azure's longest names.
  "infra/config/fault.ts": [80],
  "infra/naming.ts": [40, 80, 90],
  // Seconds that a pod may take to end.
  "infra/kubernetes/pod-template.ts": [45],
  // Days that Azure keeps a deleted vault's name.
  "infra/systems/case-management/foundation.ts": [90],
  "infra/systems/kirana-inventory/data.ts": [90],
  "infra/systems/kirana-store/data.ts": [90],
  "infra/systems/platform/platform.ts": [90],
  "infra/systems/retail-agentic/foundation.ts": [90],
  "infra/systems/tesoro-xp/foundation.ts": [90],
  // What the emulated programs show of themselves while they are well.
  "infra/systems/kirana-store/emulated-metrics.ts": [0.005, 0.05, 0.5, 90],
  "infra/systems/retail-agentic/emulated-metrics.ts": [0.005, 0.98],
  // Seconds between two looks of the kubelet.
  "infra/systems/retail-agentic/components.ts": [15],
  // The platform's own alerts: no runbook speaks of its nodes.
  "infra/systems/platform/watch.ts": [15, 80, 90],
  // Days that an exemption may last.
  "policies/exemptions/exemption.ts": [90],
  // Quantities of Kubernetes: a thousandth, and powers of two.
  "policies/kubernetes/quantity.ts": [0.001, 40],
  // Minutes by which the calendar steps, and of which a time zone's rules are kept; the last of December.
  "release/calendar/calendar.ts": [15],
  "release/calendar/special-days.ts": [31],
  "release/calendar/zoned-time.ts": [15],
  // Minutes that the newest point of a panel may be old, which Grafana's own step decides.
  "release/gates/dashboards.ts": [15],
  // Bits of a frame's opcode, places in a text, a line's longest answer.
  "release/clients/web-socket.ts": [15],
  "release/data/names.ts": [15],
  "release/engine/fields.ts": [15],
  "release/incident/diagnose.ts": [40],
  // Pauses between two looks, in milliseconds.
  "release/data/container-job.ts": [5000],
  "release/data/job.ts": [500],
  "release/engine/diary.ts": [500],
  // Percentiles by their names.
  "release/gates/probes.ts": [0.5, 0.95],
  // How long a Blob may take to answer, in milliseconds; the seconds of its shortest lease.
  "release/journal/blob-calls.ts": [6000],
  "release/journal/blob-store.ts": [15],
  // The example's changes; with what confidence, and above which share, a sample tells something.
  // Milliseconds from which on a standing clock counts as a machine that slept.
  "release/journal/real-clock.ts": [2000],
  "release/plan/examples/example-app.ts": [0.001],
  "release/plan/power.ts": [0.05, 0.5, 0.95],
  // From where on a time is told in the next larger unit, or a schedule as late.
  "release/plan/words.ts": [72, 90],
  "release/schedule/ahead.ts": [90],
  "release/schedule/news.ts": [15],
  // Chances, and how long things take, in a world that is made up; bits by which its random numbers shift.
  "release/simulation/gates.ts": [0.2],
  "release/simulation/people.ts": [0.05, 0.2, 0.5, 0.8, 0.9, 0.95],
  "release/simulation/random-scenario.ts": [0.5, 0.95],
  "release/simulation/random.ts": [14, 15],
  "release/simulation/track.ts": [90],
  "release/simulation/world.ts": [0.1],
  // Share of the former pods with which traffic may come back.
  "release/strategies/kubernetes/cluster-strategy.ts": [0.5],
  // How long the answer that proves a version may take, in milliseconds.
  "release/strategies/version-proof.ts": [5000],
};

/**
 * Fields of an entry whose numbers say something of the runbook's. Of the others some are answers of HTTP, and some only
 * how patiently something is asked: how often, for how long.
 */
const said = new Set([
  "afterMinutes",
  "atLeast",
  "atLeastSeconds",
  "atMost",
  "atMostAgeMinutes",
  "atMostMilliseconds",
  "atMostSeconds",
  "daysAfter",
  "daysBefore",
  "due",
  "dueHours",
  "everyMinutes",
  "from",
  "holdSeconds",
  "limit",
  "lookBackMinutes",
  "maximumAgeHours",
  "minimumDays",
  "minutesBeforeRelease",
  "offsetMinutes",
  "percent",
  "repeatEveryMinutes",
  "respondWithinMinutes",
  "sustainedSeconds",
  "untilHours",
  "validHours",
  "value",
  "watchMinutes",
  "windowSeconds",
  "withinMinutes",
]);

/** Numbers in an entry's fields of those names, at any depth. */
function numbersOf(value: unknown, field = ""): readonly number[] {
  if (typeof value === "number") return said.has(field) ? [value] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => numbersOf(each, Array.isArray(value) ? field : key));
}

function contractNumbers(): ReadonlySet<number> {
  const alerts = [kiranaInventory, tesoroXp, kiranaStore, retailAgentic, caseManagement].flatMap(
    (contract): readonly object[] => contract.alerts,
  );
  const thresholds = alerts.flatMap((alert) =>
    "threshold" in alert && typeof alert.threshold === "number" ? [alert.threshold] : [],
  );
  const limits = contracts.flatMap(({ entries }) => entries.flatMap((entry: Entry) => numbersOf(entry)));
  return new Set([...thresholds, ...limits].filter(isTelling));
}

/**
 * Below 10 a whole number says as little as an everyday one: one instance, index 0. Those of them that stand where a
 * statement is named are found all the same, by the next test.
 */
function isTelling(number: number): boolean {
  return !Number.isInteger(number) || (number >= 10 && !everyday.has(number));
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
    // Items of conflicts.md are names.
    if (ts.isPropertyAssignment(node) && node.name.getText() === "conflicts") return;
    if (ts.isNumericLiteral(node) && !isStatus(node)) numbers.push(Number(node.text));
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true));
  return numbers;
}

/** A statement of the catalogue, or an item of conflicts.md. */
const citation = /\b(?:KIR|TES|STO|RET|CAS)-\d{3}\b|\bconflicts \d+/;

/**
 * Numbers in whatever has a comment above it that names a statement: one that is of the statement stands in its contract.
 * 0 and 1 count and index; a factor turns one unit into another.
 */
function citedNumbers(file: string): readonly number[] {
  const text = readFileSync(file, "utf8");
  const numbers: number[] = [];
  const cites = (node: ts.Node) =>
    (ts.getLeadingCommentRanges(text, node.pos) ?? []).some(({ pos, end }) =>
      citation.test(text.slice(pos, end)),
    );
  const isDeclared = (node: ts.Node) =>
    (ts.isStatement(node) && !ts.isInterfaceDeclaration(node) && !ts.isClassDeclaration(node)) ||
    ts.isPropertyAssignment(node) ||
    ts.isPropertyDeclaration(node) ||
    ts.isMethodDeclaration(node);
  const visit = (node: ts.Node, within: boolean): void => {
    const isCited = within || (isDeclared(node) && cites(node));
    if (isCited && ts.isNumericLiteral(node) && Number(node.text) > 1 && !ts.isBinaryExpression(node.parent))
      numbers.push(Number(node.text));
    ts.forEachChild(node, (child) => visit(child, isCited));
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true), false);
  return numbers;
}

/** Numbers under a comment that names a statement, which are not of it. */
const citedCoincidences: Readonly<Record<string, readonly number[]>> = {
  // Characters that any secret has.
  "infra/config/case-management-settings.ts": [8],
  // How the kubelet asks Elasticsearch, of which the runbook says nothing.
  "infra/systems/retail-agentic/search.ts": [10, 5, 3],
};

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

  it("stand nowhere beside the name of the statement that they are of", () => {
    const cited = folders
      .flatMap(sources)
      .flatMap((path) => citedNumbers(path).map((number) => ({ file: relative(root, path), number })));
    const strange = cited.filter(({ file, number }) => !citedCoincidences[file]?.includes(number));
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
