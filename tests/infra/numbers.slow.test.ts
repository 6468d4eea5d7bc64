import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { kiranaInventory as contract } from "../../runbooks/kirana-inventory";
import { tesoroXp } from "../../runbooks/tesoro-xp";
import { root } from "../support/root";

/** Numbers that happen to be equal to one of a runbook and mean something else, by the file they stand in. */
const coincidences: Readonly<Record<string, readonly number[]>> = {
  // Percent of the monthly budget, which no runbook states.
  "infra/azure/cost-budget.ts": [80, 100],
  // Priorities of rules, within bounds that Azure sets.
  "infra/azure/inbound-rules.ts": [100],
  "infra/azure/edge-firewall.ts": [10, 30, 100],
  // Minutes that a drained node is waited for, seconds between two probes of the edge.
  "infra/azure/cluster-properties.ts": [30],
  "infra/azure/edge-site.ts": [30],
};

/** Below this a number says nothing about where it comes from: 1 instance, port 443's digits, index 0. */
const smallest = 10;

function files(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Numbers and texts that a source file holds as literals. */
function literals(file: string): { readonly numbers: readonly number[]; readonly texts: readonly string[] } {
  const numbers: number[] = [];
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isNumericLiteral(node)) numbers.push(Number(node.text));
    if (ts.isStringLiteral(node)) texts.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true));
  return { numbers, texts };
}

const thresholds = contract.alerts.flatMap((alert) => ("threshold" in alert ? [alert.threshold] : []));
const contractNumbers = new Set<number>(
  [
    ...thresholds,
    contract.cosmos.autoscaleMaxRequestUnitsPerSecond,
    contract.llmBudget.dailyCapUsd,
    contract.llmBudget.emergencyCapUsd,
    contract.retentionDays,
    ...Object.values(tesoroXp.limits).map(({ value }) => value),
    tesoroXp.database.pointInTimeDays,
    tesoroXp.autoscale.scaleOutAboveCpuPercent,
    tesoroXp.autoscale.scaleInBelowCpuPercent,
  ].filter((number) => number >= smallest),
);
const contractTexts: readonly string[] = [
  ...Object.values<unknown>(contract.names).filter((value) => typeof value === "string"),
  contract.cosmos.database,
  contract.domains.api,
  contract.domains.app,
  contract.domains.zone,
  contract.cdn.endpoint,
  ...Object.values<unknown>(tesoroXp.names).filter((value) => typeof value === "string"),
  tesoroXp.webApp.slot,
  ...Object.values(tesoroXp.webApp.smokePaths),
  tesoroXp.databaseDiagnostics.path,
  tesoroXp.backups.container,
  tesoroXp.database.administratorLogin,
];

describe("numbers and names of the runbooks on App Service", () => {
  it("there are some to look for", () => {
    assert.ok(contractNumbers.size >= 8, [...contractNumbers].join());
  });

  it("stand in runbooks/ and nowhere in systems and components", () => {
    const found = [
      ...files("infra/systems/kirana-inventory"),
      ...files("infra/systems/tesoro-xp"),
      ...files("infra/azure"),
    ].flatMap((file) => {
      const allowed = coincidences[file.slice(root.length + 1)] ?? [];
      const { numbers, texts } = literals(file);
      return [
        ...numbers.filter((number) => contractNumbers.has(number) && !allowed.includes(number)),
        ...texts.filter((text) => contractTexts.includes(text)),
      ].map((value) => `${file.slice(root.length + 1)}: ${value}`);
    });
    assert.deepEqual(found, []);
  });
});
