import { code, prose } from "../markdown-text";
import { bySystem, type CoverageReport } from "./model";
import { figures, headings } from "./text";

/** Figures as a table, then the statements of each system folded. */
export function renderCoverageMarkdown(report: CoverageReport): string {
  const systems = bySystem(report);
  return [
    "# Coverage of the runbooks",
    "",
    line(headings),
    line(headings.map((_, index) => (index === 0 ? "---" : "--:"))),
    ...systems.map((system) => line([system.system, ...figures(system)])),
    line(["**together**", ...figures(report)]),
    ...(report.faults.length > 0
      ? ["", "## Faults", "", ...report.faults.map((fault) => `- ${prose(fault)}`)]
      : []),
    ...systems.flatMap(({ system, statements }) => [
      "",
      `<details><summary>${system}: ${statements.length} statements</summary>`,
      "",
      line(["id", "kind", "entry", "executor", "test", "status"]),
      line(Array.from({ length: 6 }, () => "---")),
      ...statements.map(({ id, kind, entry, executor, test, status }) =>
        line([id, kind, code(entry), prose(executor), code(test), status]),
      ),
      "",
      "</details>",
    ]),
    "",
  ].join("\n");
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
