import { caveat, changeWords, summaryLine, verdictCounts, verdictText } from "../headline";
import { html, jsonForScript } from "../markup";
import type { Report } from "../model";
import { pageAssets } from "./assets";
import { exemptedSection, findingsSection, messagesSection, rulesSection } from "./findings";
import { type RowData, resourcesSection } from "./resources";

/**
 * The report as one HTML file that needs nothing else: no network, no font, no library. It reads without its script
 * too; the script adds filters, search, keys and the list of passed rules of each resource.
 */
export function renderHtml(report: Report): string {
  const { subject } = report;
  const { style, script } = pageAssets();
  const policy = `default-src 'none'; style-src '${style.digest}'; script-src '${script.digest}'; base-uri 'none'; form-action 'none'`;
  const title = `${subject.stack}: ${subject.kind}, ${verdictText(report)}`;
  const resources = resourcesSection(report);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${html(title)}</title>
<style>${style.text}</style>
</head>
<body>
<a class="skip" href="#resources">Skip to the resources</a>
<header>
<h1>${html(subject.stack)} <small>${subject.kind}</small></h1>
<p class="verdict${report.succeeded ? "" : " bad"}">${html(verdictText(report))}</p>
<button type="button" id="theme">Colours: auto</button>
</header>
<main>
${sums(report)}
${messagesSection("Errors", report.errors, true)}
${findingsSection(report)}
${exemptedSection(report)}
${messagesSection("Warnings", report.warnings, false)}
${messagesSection("Traffic", report.notes ?? [], true)}
${resources.markup}
${rulesSection(report)}
</main>
<footer>switchyard. <button type="button" id="keys">Keys</button></footer>
${helpDialog}
<script type="application/json" id="data">${jsonForScript(resources.data satisfies RowData)}</script>
<script>${script.text}</script>
</body>
</html>
`;
}

function sums(report: Report): string {
  const { subject, summary } = report;
  const words = changeWords(report);
  const { passed, failed, undecided } = verdictCounts(report);
  const item = (count: number, word: string, style: string) =>
    `<div class="${count === 0 ? "zero" : ""}"><dt>${html(word)}</dt><dd class="${count === 0 ? "" : style}">${count}</dd></div>`;
  const changes =
    subject.kind === "check"
      ? item(report.resources.length, "resources checked", "")
      : [
          item(summary.create, words.create, "create"),
          item(summary.update, words.update, "update"),
          item(summary.replace, words.replace, "replace"),
          item(summary.delete, words.delete, "delete"),
          item(summary.same, "unchanged", ""),
        ].join("");
  const verdicts = [
    item(passed, "passed", ""),
    item(failed, "failed", "bad"),
    item(undecided, "undecided", "bad"),
  ].join("");
  const note = caveat(subject);
  return `<section aria-label="Sums">
<p class="said">${html(summaryLine(report))}</p>
<dl class="sums">${changes}<div class="apart"><dt>of ${report.rules.length} rules apply</dt><dd>${report.rules.length - report.notApplicable.length}</dd></div>${verdicts}</dl>
${note === "" ? "" : `<p class="note">${html(note)}</p>`}
</section>`;
}

const helpDialog = `<dialog id="help" aria-labelledby="help-title"><h2 id="help-title">Keys</h2><dl>
<dt><kbd>/</kbd></dt><dd>search</dd>
<dt><kbd>j</kbd> <kbd>k</kbd></dt><dd>next and previous resource</dd>
<dt><kbd>Enter</kbd></dt><dd>open or close it</dd>
<dt><kbd>Esc</kbd></dt><dd>clear search and filters</dd>
<dt><kbd>?</kbd></dt><dd>this list</dd>
</dl><button type="button" id="close">Close</button></dialog>`;
