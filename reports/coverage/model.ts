import type { SystemName } from "../../runbooks/model";

/**
 * How a statement is held to. `enforced`: a rule, resource, gate or step refuses or acts by itself; `evidenced`: a signed
 * statement is demanded; `asked`: a named person is asked and the answer recorded; `reported`: it is looked at and shown,
 * and whatever is seen refuses nothing (ADR 0141).
 */
export const kinds = ["enforced", "evidenced", "asked", "reported"] as const;
export type Kind = (typeof kinds)[number];

/** `awaiting`: its entry says how, and neither a release nor an incident runs it; `not carried`: a fault. */
export type Status = Kind | "awaiting the release engine" | "not carried";

/** One statement of the catalogue and what becomes of it. */
export interface StatementCoverage {
  readonly id: string;
  readonly system: SystemName;
  /** What the catalogue wants it carried by: declared, policy, evidence, gate, step, notify, manual. */
  readonly kind: string;
  readonly text: string;
  /** Owner in the contract as `word name`; empty where there is none. */
  readonly entry: string;
  /** Phases of a release, or `always`, in which the entry holds. */
  readonly phases: readonly string[];
  /** What it is held to by: `policy pack: edge-rate-limit`. Empty while nothing runs it. */
  readonly executor: string;
  /** Test that fails when the executor no longer minds. Empty while nothing runs it. */
  readonly test: string;
  readonly status: Status;
}

export interface CoverageReport {
  readonly total: number;
  /** `enforced` + `evidenced` + `asked` + `reported`. */
  readonly executed: number;
  readonly enforced: number;
  readonly evidenced: number;
  readonly asked: number;
  readonly reported: number;
  readonly awaiting: number;
  readonly statements: readonly StatementCoverage[];
  /** What is wrong with the contracts: each is a sentence that names the id and the mend. Of all systems, always. */
  readonly faults: readonly string[];
}

export function coverageReport(
  statements: readonly StatementCoverage[],
  faults: readonly string[],
): CoverageReport {
  const count = (status: Status) => statements.filter((statement) => statement.status === status).length;
  const [enforced, evidenced, asked, reported] = kinds.map(count) as [number, number, number, number];
  return {
    total: statements.length,
    executed: enforced + evidenced + asked + reported,
    enforced,
    evidenced,
    asked,
    reported,
    awaiting: count("awaiting the release engine"),
    statements,
    faults,
  };
}

/** The report's figures for each system that it holds, in order of appearance. */
export function bySystem(
  report: CoverageReport,
): readonly (CoverageReport & { readonly system: SystemName })[] {
  const systems = [...new Set(report.statements.map(({ system }) => system))];
  return systems.map((system) => ({
    ...coverageReport(
      report.statements.filter((statement) => statement.system === system),
      [],
    ),
    system,
  }));
}
