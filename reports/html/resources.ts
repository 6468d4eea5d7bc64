import { marks, propertyText } from "../headline";
import { html } from "../markup";
import { compare, type PolicyVerdict, type Report, type ResourceChange } from "../model";
import { shortName, shortType } from "../urn";

/** What the page's script needs of each row, in the order of the rows. */
export interface RowData {
  readonly urns: readonly string[];
  /** `file:line`, or empty. */
  readonly sources: readonly string[];
  readonly rules: readonly string[];
  /** Indexes into `rules`. */
  readonly passed: readonly (readonly number[])[];
}

type RowVerdict = "failed" | "undecided" | "passed" | "unjudged";

const operationOrder = [
  "delete",
  "replace",
  "update",
  "create",
  "import",
  "read",
  "refresh",
  "discard",
  "same",
];
const verdictOrder: readonly RowVerdict[] = ["failed", "undecided", "passed", "unjudged"];
/** For resources that belong to no system: providers. */
const noSystem = "other";
const blockLength = 40;

interface Row {
  readonly resource: ResourceChange;
  readonly verdicts: readonly PolicyVerdict[];
  readonly verdict: RowVerdict;
}

/** The filters and one line per resource, by system; and the data behind them. */
export function resourcesSection(report: Report): { readonly markup: string; readonly data: RowData } {
  const rows = rowsOf(report);
  const systems = [...new Set(rows.map(systemOfRow))].sort(
    (a, b) => Number(a === noSystem) - Number(b === noSystem) || compare(a, b),
  );
  const bySystem = systems.map((name) => ({ name, rows: rows.filter((row) => systemOfRow(row) === name) }));
  const inOrder = bySystem.flatMap((system) => system.rows);
  const indexes = new Map(report.rules.map(({ name }, index) => [name, index]));
  const data = {
    urns: inOrder.map(({ resource }) => resource.urn),
    sources: inOrder.map(({ resource: { source } }) => (source ? `${source.file}:${source.line}` : "")),
    rules: report.rules.map(({ name }) => name),
    passed: inOrder.map(({ verdicts }) =>
      verdicts.filter(({ verdict }) => verdict === "pass").map(({ rule }) => indexes.get(rule) ?? 0),
    ),
  };
  const groups = bySystem.map(
    (system) =>
      `<section class="system" data-system="${html(system.name)}" aria-label="${html(system.name)}"><h3>${html(system.name)} <small>${system.rows.length}</small></h3>\n${blocks(system.rows)}\n</section>`,
  );
  const markup = `<section aria-labelledby="resources"><h2 id="resources" tabindex="-1">Resources <small><output id="count" aria-live="polite">${rows.length} of ${rows.length}</output></small></h2>
${tools(rows, systems)}
<div id="rows">
${groups.join("\n")}
</div>
<p id="nothing" hidden>No resource fits. Escape clears search and filters.</p>
</section>`;
  return { markup, data };
}

function rowsOf(report: Report): Row[] {
  const verdicts = new Map<string, PolicyVerdict[]>();
  for (const policy of report.policies) {
    const known = verdicts.get(policy.urn);
    if (known) known.push(policy);
    else verdicts.set(policy.urn, [policy]);
  }
  return report.resources.map((resource) => {
    const own = verdicts.get(resource.urn) ?? [];
    return { resource, verdicts: own, verdict: rowVerdict(own) };
  });
}

function rowVerdict(verdicts: readonly PolicyVerdict[]): RowVerdict {
  if (verdicts.some(({ verdict }) => verdict === "fail")) return "failed";
  if (verdicts.some(({ verdict }) => verdict === "undecided")) return "undecided";
  return verdicts.length > 0 ? "passed" : "unjudged";
}

function systemOfRow({ resource }: Row): string {
  return resource.system ?? noSystem;
}

function tools(rows: readonly Row[], systems: readonly string[]): string {
  const operations = operationOrder.filter((op) => rows.some(({ resource }) => resource.op === op));
  const verdicts = verdictOrder.filter((verdict) => rows.some((row) => row.verdict === verdict));
  const chip = (filter: string, value: string, mark = "") =>
    `<button type="button" data-filter="${filter}" value="${value}" aria-pressed="false">${mark}${value === "same" ? "unchanged" : value}</button>`;
  return `<form class="tools" id="tools" role="search" aria-label="Resources">
<input type="search" id="search" placeholder="Search name, type, system" aria-label="Search resources" aria-keyshortcuts="/" autocomplete="off" spellcheck="false">
<div role="group" aria-label="Kind of change">${operations.map((op) => chip("op", op, `<span aria-hidden="true">${html(marks[op as ResourceChange["op"]])} </span>`)).join("")}</div>
<div role="group" aria-label="Verdict">${verdicts.map((verdict) => chip("verdict", verdict)).join("")}</div>
<select id="system" aria-label="System"><option value="">all systems</option>${systems.map((name) => `<option>${html(name)}</option>`).join("")}</select>
</form>`;
}

/** Rows in blocks: a browser leaves out the work for a block that is not on screen. */
function blocks(rows: readonly Row[]): string {
  const markup: string[] = [];
  for (let start = 0; start < rows.length; start += blockLength) {
    const block = rows.slice(start, start + blockLength);
    markup.push(`<div class="block">${block.map(rowMarkup).join("")}</div>`);
  }
  return markup.join("\n");
}

function rowMarkup({ resource, verdicts, verdict }: Row): string {
  const { op, urn, type, diff } = resource;
  const broken = verdicts.filter((one) => one.verdict !== "pass");
  const judged = broken.length > 0 ? `${broken.length} ${verdict}` : judgedText(verdicts.length);
  const word = op === "same" ? "unchanged" : op;
  const details = [
    ...broken.map(
      ({ rule, message }) => `<p class="bad"><strong>${html(rule)}</strong> ${html(message)}</p>`,
    ),
    ...(diff.length > 0
      ? [
          `<ul class="list">${diff.map((change) => `<li><code>${html(change.path)}</code>: ${html(propertyText(change))}</li>`).join("")}</ul>`,
        ]
      : []),
  ].join("");
  return `<details class="row" data-op="${op}" data-verdict="${verdict}"><summary><span class="${op}">${html(marks[op])}<span class="word"> ${word}</span></span><span class="name">${html(shortName(urn))}</span><span class="type">${html(shortType(type))}</span><span class="judged${broken.length > 0 ? " bad" : ""}">${judged}</span></summary>${details === "" ? "" : `<div class="more">${details}</div>`}</details>`;
}

function judgedText(passed: number): string {
  return passed === 0 ? "" : `${passed} passed`;
}
