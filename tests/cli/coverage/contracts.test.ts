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

  it("everything that is declared, a policy or an alert is enforced", () => {
    const others = assess(contracts).statements.filter(
      ({ kind, entry, status }) =>
        (["declared", "policy"].includes(kind) || /^(declared|policy|alert) /.test(entry)) &&
        status !== "enforced",
    );
    assert.deepEqual(others, []);
  });

  it("what refuses nothing is reported, what a person writes is asked", () => {
    const { statements: found } = assess(contracts);
    const statusOf = (id: string) => found.find((one) => one.id === id)?.status;
    // 99.99 % (ADR 0096), a time to recovery, a health that only playbooks show, a preferred window; a post-mortem.
    for (const id of ["TES-112", "STO-208", "RET-093", "KIR-050"]) assert.equal(statusOf(id), "reported", id);
    assert.equal(statusOf("TES-091"), "asked");
    for (const id of ["KIR-057", "STO-233", "TES-084"]) assert.equal(statusOf(id), "enforced", id);
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
