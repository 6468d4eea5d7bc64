import assert from "node:assert/strict";
import { join } from "node:path";
import { assessCoverage } from "../../../cli/coverage/assess";
import { readCatalogue } from "../../../cli/coverage/catalogue";
import { rulesByName } from "../../../policies/registry";
import { contracts } from "../../../runbooks/contracts";
import type { Contract } from "../../../runbooks/vocabulary";
import { root } from "../../support/root";

describe("coverage of the five contracts", () => {
  const statements = readCatalogue(join(root, "runbooks", "catalogue.yaml"));
  const assess = (of: readonly Contract[]) =>
    assessCoverage({ statements, contracts: of, rules: rulesByName });

  it("every statement of the catalogue is executed", () => {
    const report = assess(contracts);
    assert.deepEqual(report.faults, []);
    const not = report.statements
      .filter(({ executor }) => executor === "")
      .map(({ id, entry }) => `${id} ${entry}`);
    assert.deepEqual(not, []);
    assert.deepEqual([report.executed, report.awaiting], [statements.length, 0]);
  });

  it("counts no playbook of which one question cannot be asked", () => {
    const broken = contracts.map((contract) => ({
      ...contract,
      entries: contract.entries.map((entry) =>
        entry.word === "playbook" && entry.name === "pods-crash"
          ? { ...entry, diagnostics: [{ title: "What is it?", source: "release" as const, query: "gossip" }] }
          : entry,
      ),
    }));
    const awaiting = assess(broken).statements.filter(({ executor }) => executor === "");
    assert.deepEqual(
      awaiting.map(({ id }) => id),
      ["RET-101"],
    );
  });
});
