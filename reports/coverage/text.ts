import { bySystem, type CoverageReport, type StatementCoverage } from "./model";

export const headings = [
  "system",
  "total",
  "executed",
  "enforced",
  "evidenced",
  "asked",
  "reported",
  "awaiting",
] as const;

/** Figures per system, then every statement with its entry, executor and status, then what is wrong. */
export function renderCoverageText(report: CoverageReport): string {
  const rows = [
    headings,
    ...bySystem(report).map((system) => [system.system, ...figures(system)]),
    ["together", ...figures(report)],
  ];
  return [
    table(rows),
    "",
    table(report.statements.map(row)),
    ...(report.faults.length > 0
      ? ["", `${report.faults.length} faults:`, ...report.faults.map((fault) => `  ${fault}`)]
      : []),
    "",
  ].join("\n");
}

export function figures(report: CoverageReport): readonly string[] {
  const { total, executed, enforced, evidenced, asked, reported, awaiting } = report;
  return [total, executed, enforced, evidenced, asked, reported, awaiting].map(String);
}

function row({ id, kind, entry, executor, status }: StatementCoverage): readonly string[] {
  return [id, kind, entry, executor === "" ? status : `${status}: ${executor}`];
}

/** Columns as wide as their widest cell; the last one is as long as it is. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<readonly number[]>(
    (found, cells) => cells.map((cell, index) => Math.max(found[index] ?? 0, cell.length)),
    [],
  );
  return rows
    .map((cells) =>
      cells
        .map((cell, index) => (index === cells.length - 1 ? cell : cell.padEnd(widths[index] ?? 0)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
