import { plural } from "../headline";
import { pageAssets } from "../html/assets";
import { html } from "../markup";
import { bySystem, type CoverageReport, type StatementCoverage } from "./model";
import { figures, headings } from "./text";

/**
 * Every statement with what carries it, as one HTML file that needs nothing else. It reads without its script too; the
 * script adds search (`/`), filters and Escape.
 */
export function renderCoverageHtml(report: CoverageReport): string {
  const { style, script } = pageAssets("coverage/page.js");
  const policy = `default-src 'none'; style-src '${style.digest}'; script-src '${script.digest}'; base-uri 'none'; form-action 'none'`;
  const { total, faults } = report;
  const verdict = coverageVerdict(report);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Coverage of the runbooks: ${html(verdict.text)}</title>
<style>${style.text}</style>
</head>
<body>
<a class="skip" href="#statements">Skip to the statements</a>
<header>
<h1>Coverage of the runbooks</h1>
<p class="verdict${verdict.good ? "" : " bad"}">${html(verdict.text)}</p>
<button type="button" id="theme">Colours: auto</button>
</header>
<main>
${sums(report)}
${faultList(faults)}
<section id="statements" aria-label="Statements">
<div class="tools">
<input type="search" id="search" placeholder="Search id, text, entry, rule" aria-label="Search">
${choice("status", "Status", report.statements, ({ status }) => status)}
${choice("kind", "Kind", report.statements, ({ kind }) => kind)}
<output id="count" aria-live="polite">${total} of ${total}</output>
</div>
${bySystem(report).map(systemBlock).join("\n")}
<p id="nothing" hidden>Nothing fits. Escape shows everything again.</p>
</section>
</main>
<script>${script.text}</script>
</body>
</html>
`;
}

/** Good is only what leaves nothing open: every statement is carried and executed. */
export function coverageVerdict({ total, executed, awaiting, faults }: CoverageReport): {
  readonly text: string;
  readonly good: boolean;
} {
  if (faults.length > 0) return { text: plural(faults.length, "fault"), good: false };
  if (executed === total) return { text: `all of ${plural(total, "statement")} executed`, good: true };
  const open = [
    ...(awaiting > 0 ? [`${awaiting} awaiting`] : []),
    ...(total - executed - awaiting > 0 ? [`${total - executed - awaiting} not carried`] : []),
  ];
  return { text: `${executed} of ${total} executed, ${open.join(", ")}`, good: false };
}

function sums(report: CoverageReport): string {
  const systems = bySystem(report);
  const row = (name: string, of: CoverageReport) =>
    `<tr><th scope="row">${html(name)}</th>${figures(of)
      .map((figure, index) => `<td class="number" data-heading="${headings[index + 1]}">${figure}</td>`)
      .join("")}</tr>`;
  return `<table class="figures">
<thead><tr>${headings.map((heading, index) => `<th scope="col"${index === 0 ? "" : ' class="number"'}>${heading}</th>`).join("")}</tr></thead>
<tbody>${systems.map((system) => row(system.system, system)).join("")}${row("together", report)}</tbody>
</table>
<p class="note">Enforced: a rule, resource, gate or step refuses or acts by itself. Evidenced: a signed statement is demanded. Asked: a named person is asked and the answer recorded. Reported: it is looked at and shown, and refuses nothing.</p>`;
}

function faultList(faults: readonly string[]): string {
  if (faults.length === 0) return "";
  const items = faults.map((fault) => `<li class="finding refusing">${html(fault)}</li>`).join("\n");
  return `<section aria-label="Faults"><h2>Faults</h2><ul class="list">${items}</ul></section>`;
}

function choice(
  id: string,
  label: string,
  statements: readonly StatementCoverage[],
  kindOf: (statement: StatementCoverage) => string,
): string {
  const values = [...new Set(statements.map(kindOf))].sort();
  const options = values.map((value) => `<option>${html(value)}</option>`).join("");
  return `<select id="${id}" aria-label="${label}"><option value="">${label}: all</option>${options}</select>`;
}

function systemBlock({ system, statements, executed, total }: ReturnType<typeof bySystem>[number]): string {
  return `<details data-system="${html(system)}" open>
<summary>${html(system)} <small>${executed} of ${total} executed</small></summary>
<table class="statements">
<thead><tr><th scope="col">Statement</th><th scope="col">Kind</th><th scope="col">Entry</th><th scope="col">Status</th></tr></thead>
<tbody data-system="${html(system)}">
${statements.map(statementRow).join("\n")}
</tbody>
</table>
</details>`;
}

function statementRow({ id, kind, text, entry, executor, test, status }: StatementCoverage): string {
  const style = status === "not carried" ? ' class="bad"' : "";
  const carried = executor === "" ? "" : `<br>${html(executor)}<br><code>${html(test)}</code>`;
  return `<tr data-status="${html(status)}" data-kind="${html(kind)}"><td><code>${html(id)}</code> ${html(text)}</td><td>${html(kind)}</td><td><code>${html(entry)}</code></td><td${style}>${html(status)}${carried}</td></tr>`;
}
