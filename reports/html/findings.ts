import { frameworkText } from "../headline";
import { html } from "../markup";
import type { Diagnostic, PolicyVerdict, Report, RuleDescription } from "../model";
import { shortName, shortType, typeOf } from "../urn";

/** What the policies found, those that refuse the run first; nothing where there is nothing. */
export function findingsSection(report: Report): string {
  const rules = new Map(report.rules.map((rule) => [rule.name, rule]));
  const sources = new Map(report.resources.map(({ urn, source }) => [urn, source]));
  const found = report.policies.filter(({ verdict }) => verdict !== "pass");
  if (found.length === 0) return "";
  const refusing = found.filter(({ level }) => level === "mandatory");
  const ordered = [...refusing, ...found.filter(({ level }) => level !== "mandatory")];
  const items = ordered.map((verdict) => {
    const source = sources.get(verdict.urn);
    return finding(verdict, rules.get(verdict.rule), source && `${source.file}:${source.line}`);
  });
  return `<section aria-labelledby="findings"><h2 id="findings">Findings <small>${found.length}</small></h2>
<ul class="list">${items.join("\n")}</ul></section>`;
}

function finding(
  verdict: PolicyVerdict,
  rule: RuleDescription | undefined,
  source: string | undefined,
): string {
  const { urn, level, message } = verdict;
  // The engine puts the rule's description before the message.
  const own = rule?.description ? message.replace(rule.description, "").trim() : message;
  const framework = rule ? frameworkText(rule) : "";
  const tags = [
    verdict.verdict === "undecided" ? "undecided" : "",
    rule?.severity ?? "",
    level,
    framework,
    (rule?.ids ?? []).join(", "),
  ].filter((tag) => tag !== "");
  const where =
    urn === ""
      ? "the stack"
      : `<code>${html(shortName(urn))}</code> <span class="tag">${html(shortType(typeOf(urn)))}</span>`;
  const lines = [
    `<p>${where}${source ? ` <span class="tag">${html(source)}</span>` : ""}</p>`,
    `<p>${html(own || message)}</p>`,
    ...(rule?.description && own ? [`<p class="tag">${html(rule.description)}</p>`] : []),
    ...(rule?.remediation ? [`<p class="tag">Mend: ${html(rule.remediation)}</p>`] : []),
  ];
  return `<li class="finding${level === "mandatory" ? " refusing" : ""}"><strong>${html(verdict.rule)}</strong> <span class="tag">${html(tags.join(" · "))}</span>${lines.join("")}</li>`;
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
    return `<tr><td><code>${html(rule.name)}</code></td><td>${html(rule.description ?? rule.title ?? "")}</td><td>${html([rule.severity, rule.level].filter(Boolean).join(", "))}</td><td>${judged}${bad}</td></tr>`;
  });
  return `<section aria-labelledby="rules"><h2 id="rules">Rules <small>${report.rules.length}, ${report.notApplicable.length} of them without anything to judge</small></h2>
<details class="rules"><summary>Show them</summary><table><thead><tr><th>rule</th><th>what must be so</th><th>weight</th><th>verdicts</th></tr></thead><tbody>
${rows.join("\n")}
</tbody></table></details></section>`;
}
