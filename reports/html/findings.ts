import { exemptedText } from "../exempted";
import { catalogueNames, controlNames, controlTexts, ownMessage } from "../headline";
import { html } from "../markup";
import {
  compare,
  type Diagnostic,
  type PolicyVerdict,
  type Report,
  type RuleDescription,
  type SourceLine,
} from "../model";
import { shortName, shortType, typeOf } from "../urn";

/** What the policies found, by rule, those that refuse the run first; nothing where there is nothing. */
export function findingsSection(report: Report): string {
  const rules = new Map(report.rules.map((rule) => [rule.name, rule]));
  const sources = new Map(report.resources.map(({ urn, source }) => [urn, source]));
  const found = new Map<string, PolicyVerdict[]>();
  let count = 0;
  for (const verdict of report.policies) {
    if (verdict.verdict === "pass") continue;
    const key = `${verdict.level === "mandatory" ? 0 : 1} ${verdict.rule}`;
    const known = found.get(key);
    if (known) known.push(verdict);
    else found.set(key, [verdict]);
    count++;
  }
  if (count === 0) return "";
  const items = [...found]
    .sort(([a], [b]) => compare(a, b))
    .map(([, verdicts]) => ruleFindings(verdicts, rules.get(verdicts[0]?.rule ?? ""), sources));
  return `<section aria-labelledby="findings"><h2 id="findings">Findings <small>${count}</small></h2>
<ul class="list">${items.join("\n")}</ul></section>`;
}

function ruleFindings(
  verdicts: readonly PolicyVerdict[],
  rule: RuleDescription | undefined,
  sources: ReadonlyMap<string, SourceLine | undefined>,
): string {
  const [{ rule: name, level }] = verdicts as readonly [PolicyVerdict];
  const tags = [
    rule?.severity ?? "",
    level,
    ...(rule ? controlTexts(rule) : []),
    (rule?.ids ?? []).join(", "),
  ].filter((tag) => tag !== "");
  const items = verdicts.map(
    (verdict) => `<li>${where(verdict, sources)}\n${html(ownMessage(verdict, rule))}</li>`,
  );
  return `<li class="finding${level === "mandatory" ? " refusing" : ""}"${cataloguesData(rule)}><strong>${html(name)}</strong> <span class="tag">${html(tags.join(" · "))}</span>
${rule?.description ? `<p>${html(rule.description)}</p>` : ""}${rule?.remediation ? `<p class="tag">Mend: ${html(rule.remediation)}</p>` : ""}${rule?.url ? `<p class="tag">See ${pageLink(rule.url)}</p>` : ""}<ul>${items.join("")}</ul></li>`;
}

/** What the script picks rules by: the catalogues of controls that a rule serves. */
function cataloguesData(rule: RuleDescription | undefined): string {
  return ` data-catalogues="${html(JSON.stringify(rule ? catalogueNames(rule) : []))}"`;
}

/** An address can be followed; a path of the repository is shown. */
function pageLink(url: string): string {
  const text = `<code>${html(url)}</code>`;
  return url.startsWith("https://") ? `<a href="${html(url)}" rel="noreferrer">${text}</a>` : text;
}

function where(
  { urn, verdict }: PolicyVerdict,
  sources: ReadonlyMap<string, SourceLine | undefined>,
): string {
  const source = sources.get(urn);
  const tags = [
    ...(urn === "" ? [] : [shortType(typeOf(urn))]),
    ...(source ? [`${source.file}:${source.line}`] : []),
    ...(verdict === "undecided" ? ["undecided"] : []),
  ];
  const name = urn === "" ? "the stack" : `<code>${html(shortName(urn))}</code>`;
  return `${name} <span class="tag">${html(tags.join(" · "))}</span>`;
}

/** What is let stand, by whom and for how long; nothing where there is nothing. */
export function exemptedSection({ exempted }: Report): string {
  if (exempted.length === 0) return "";
  const items = exempted.map(
    (one) =>
      `<li><strong>${html(one.rule)}</strong> <code>${html(shortName(one.urn))}</code> <span class="tag">${html(shortType(typeOf(one.urn)))}</span>\n${html(exemptedText(one))}</li>`,
  );
  return `<section aria-labelledby="exempted"><h2 id="exempted">Exempted <small>${exempted.length}</small></h2>
<ul class="list">${items.join("\n")}</ul></section>`;
}

/** Errors are open, warnings folded. */
export function messagesSection(title: string, messages: readonly Diagnostic[], open: boolean): string {
  if (messages.length === 0) return "";
  const id = title.toLowerCase();
  const items = messages.map(({ message, urn }) => {
    const where = urn ? `<code>${html(shortName(urn))}</code> ` : "";
    return `<li>${where}${html(message)}</li>`;
  });
  const heading = `<h2 id="${id}">${title} <small>${messages.length}</small></h2>`;
  return `<section aria-labelledby="${id}">${heading}<details class="folded"${open ? " open" : ""}><summary>${open ? "What the engine says" : "Show them"}</summary>
<ul class="list">${items.join("\n")}</ul></details></section>`;
}

export function rulesSection(report: Report): string {
  const counts = new Map<string, { passed: number; broken: number }>();
  for (const { rule, verdict } of report.policies) {
    const count = counts.get(rule) ?? { passed: 0, broken: 0 };
    count[verdict === "pass" ? "passed" : "broken"]++;
    counts.set(rule, count);
  }
  const rows = report.rules.map((rule) => {
    const { passed, broken } = counts.get(rule.name) ?? { passed: 0, broken: 0 };
    const judged = passed + broken === 0 ? "does not apply" : `${passed} passed`;
    const bad = broken > 0 ? ` <span class="bad">${broken} not</span>` : "";
    const page = rule.url ? `<br><span class="tag">${pageLink(rule.url)}</span>` : "";
    return `<tr${cataloguesData(rule)}><td><code>${html(rule.name)}</code>${page}</td><td>${html(rule.description ?? rule.title ?? "")}</td><td>${html(controlNames(rule))}</td><td>${html([rule.severity, rule.level].filter(Boolean).join(", "))}</td><td>${judged}${bad}</td></tr>`;
  });
  const catalogues = [...new Set(report.rules.flatMap(catalogueNames))].sort(compare);
  const choice =
    catalogues.length === 0
      ? ""
      : `<p><select id="catalogue" aria-label="Catalogue of controls"><option value="">all catalogues of controls</option>${catalogues.map((name) => `<option>${html(name)}</option>`).join("")}</select> <output id="rule-count" aria-live="polite">${report.rules.length} of ${report.rules.length}</output></p>
`;
  return `<section aria-labelledby="rules"><h2 id="rules">Rules <small>${report.rules.length}, ${report.notApplicable.length} of them without anything to judge</small></h2>
${choice}<details class="rules"><summary>Show them</summary><table><thead><tr><th>rule</th><th>what must be so</th><th>asked for by</th><th>weight</th><th>verdicts</th></tr></thead><tbody>
${rows.join("\n")}
</tbody></table></details></section>`;
}
