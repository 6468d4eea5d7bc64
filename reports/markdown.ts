import { type Exempted, exemptedText } from "./exempted";
import {
  caveat,
  changesTitle,
  changeWords,
  controlNames,
  marks,
  ownMessage,
  plural,
  propertyText,
  summaryLine,
  verdictCounts,
  verdictText,
} from "./headline";
import { clip, code, prose } from "./markdown-text";
import type { Diagnostic, PolicyVerdict, Report, ResourceChange, RuleDescription } from "./model";
import { shortName, shortType, typeOf } from "./urn";

/** GitHub refuses a comment of 65,536 characters. Counted in bytes here, which are never fewer. */
const limit = 65_536;
/** Kept free for what is added last. */
const reserve = 1_024;
const listed = 120;

/**
 * The report as a comment on a pull request: verdict and sums first, then what refuses it, everything else folded. It is
 * always shorter than GitHub allows; what has no room is counted and named as far as it goes.
 */
export function renderMarkdown(report: Report): string {
  const page = new Page(limit - reserve);
  page.always(head(report));
  const rules = new Map(report.rules.map((rule) => [rule.name, rule]));
  const found = report.policies.filter(({ verdict }) => verdict !== "pass");
  const refusing = found.filter(({ level }) => level === "mandatory");
  const advisory = found.filter(({ level }) => level !== "mandatory");
  const errorRows = { items: report.errors, row: diagnostic, name: diagnosticName };
  page.section({ title: `Errors (${report.errors.length})`, open: true, share: 0.25, ...errorRows });
  // What a rule is for stands with its first finding.
  const firsts = new Map([...found].reverse().map((policy) => [policy.rule, policy]));
  const findingRow = (policy: PolicyVerdict) => {
    const rule = rules.get(policy.rule);
    return `${finding(policy, rule)}${rule && firsts.get(policy.rule) === policy ? whatFor(rule) : ""}`;
  };
  page.section({
    title: `${report.subject.kind === "drift" ? "Findings" : "Violations of mandatory policies"} (${refusing.length})`,
    open: true,
    share: 0.45,
    items: refusing,
    row: findingRow,
    name: findingName,
  });
  page.section({
    title: `Advisory findings (${advisory.length})`,
    open: false,
    share: 0.3,
    items: advisory,
    row: findingRow,
    name: findingName,
  });
  page.section({
    title: `Exempted (${report.exempted.length})`,
    open: true,
    share: 0.3,
    items: report.exempted,
    row: exemptedRow,
    name: ({ rule, urn }) => `${rule} ${shortName(urn)}`,
  });
  if (report.subject.kind !== "check") {
    for (const op of ["delete", "replace", "update", "create"] as const) changes(page, report, op);
  }
  const warningRows = { items: report.warnings, row: diagnostic, name: diagnosticName };
  page.section({ title: `Warnings (${report.warnings.length})`, open: false, share: 0.9, ...warningRows });
  const noteRows = { items: report.notes ?? [], row: diagnostic, name: diagnosticName };
  page.section({ title: "Live sides, which are no drift", open: false, share: 0.9, ...noteRows });
  return page.text();
}

function findingName({ rule, urn }: PolicyVerdict): string {
  return `${rule} ${shortName(urn)}`;
}

function diagnosticName({ message }: Diagnostic): string {
  return clip(message, 40);
}

/** First line of a comment, by which a later run finds it and updates it: one per stack and kind of run. */
export function commentMarker({ subject }: Pick<Report, "subject">): string {
  const stack = subject.stack.replace(/[^A-Za-z0-9_.]+/g, "-").slice(0, 100);
  return `<!-- switchyard:${subject.kind}:${stack} -->`;
}

function head(report: Report): string {
  const { subject, summary } = report;
  const { passed, failed, undecided } = verdictCounts(report);
  const words = changeWords(report);
  const note = caveat(subject);
  const sign = report.succeeded ? "✅" : "❌";
  const sums = `| ${words.create} | ${words.update} | ${words.replace} | ${words.delete} | unchanged |\n|--:|--:|--:|--:|--:|\n| ${summary.create} | ${summary.update} | ${summary.replace} | ${summary.delete} | ${summary.same} |`;
  return [
    commentMarker(report),
    `## ${sign} ${code(clip(subject.stack, listed))} ${subject.kind}: ${prose(verdictText(report))}`,
    "",
    subject.kind === "check" ? prose(clip(summaryLine(report), 200)) : sums,
    "",
    `**Policies:** ${report.rules.length - report.notApplicable.length} of ${plural(report.rules.length, "rule")} apply, ${plural(passed, "verdict")} passed, ${failed} failed, ${undecided} undecided.`,
    ...(note === "" ? [] : ["", `_${prose(note)}_`]),
    "",
  ].join("\n");
}

function finding(policy: PolicyVerdict, described: RuleDescription | undefined): string {
  const { rule, urn, verdict, level } = policy;
  const where =
    urn === ""
      ? "the stack"
      : `${code(clip(shortName(urn), listed))} ${code(clip(shortType(typeOf(urn)), listed))}`;
  const severity = described?.severity ? `${described.severity}, ` : "";
  const mend = described?.remediation ? `<br>Mend: ${prose(clip(described.remediation, 400))}` : "";
  const what = clip(ownMessage(policy, described), 600);
  return `- **${prose(rule)}** (${severity}${prose(level)}${verdict === "undecided" ? ", undecided" : ""}) ${where}<br>${prose(what)}${mend}`;
}

/** Controls that a rule serves, and its page. */
function whatFor(rule: RuleDescription): string {
  const controls = controlNames(rule);
  const page = rule.url ? `<br>See ${code(clip(rule.url, 200))}` : "";
  return `${controls === "" ? "" : `<br>For ${prose(clip(controls, 400))}`}${page}`;
}

function exemptedRow(one: Exempted): string {
  const where = `${code(clip(shortName(one.urn), listed))} ${code(clip(shortType(typeOf(one.urn)), listed))}`;
  return `- **${prose(one.rule)}** ${where}<br>${prose(clip(exemptedText(one), 600))}`;
}

function diagnostic({ message, urn }: Diagnostic): string {
  return `- ${urn ? `${code(clip(shortName(urn), listed))}: ` : ""}${prose(clip(message, 1_000))}`;
}

function changes(page: Page, report: Report, op: "create" | "update" | "replace" | "delete"): void {
  const resources = report.resources.filter((resource) => resource.op === op);
  page.section({
    title: `${changesTitle(report)}: ${resources.length} ${changeWords(report)[op]}`,
    open: op === "delete" || op === "replace",
    share: op === "create" ? 0.8 : 0.5,
    items: resources,
    row: changed,
    name: ({ urn }) => shortName(urn),
  });
}

function changed({ op, type, urn, diff }: ResourceChange): string {
  const head = `- ${code(marks[op])} ${code(clip(shortName(urn), listed))} ${prose(clip(shortType(type), listed))}`;
  const shown = diff
    .slice(0, 20)
    .map((change) => `  - ${code(clip(change.path, listed))}: ${code(propertyText(change))}`);
  const more = diff.length > 20 ? [`  - ${diff.length - 20} more properties`] : [];
  return [head, ...shown, ...more].join("\n");
}

interface Section<Item> {
  readonly title: string;
  readonly open: boolean;
  /** Part of the room that is left which it may take. */
  readonly share: number;
  readonly items: readonly Item[];
  row(item: Item): string;
  /** How an item is named whose row has no room. */
  name(item: Item): string;
}

/** Lines up to a number of bytes. */
class Page {
  private readonly parts: string[] = [];
  private left: number;

  constructor(bytes: number) {
    this.left = bytes;
  }

  always(part: string): void {
    this.parts.push(part);
    this.left -= bytesOf(part);
  }

  section<Item>({ title, open, share, items, row, name }: Section<Item>): void {
    if (items.length === 0) return;
    const before = `\n<details${open ? " open" : ""}><summary>${title}</summary>\n\n`;
    const after = "\n</details>\n";
    const room = Math.max(0, this.left * share - bytesOf(before) - bytesOf(after));
    const whole = takeWhileFits(items, row, room);
    // Names of the rest take a quarter of the section at most.
    const rows = whole.length === items.length ? whole : takeWhileFits(whole, (text) => text, room * 0.75);
    const body = rows.join("\n");
    const omitted = items.slice(rows.length);
    const rest = omitted.length === 0 ? "" : remainder(omitted, name, Math.max(0, room - bytesOf(body)));
    const part = `${before}${body}${rest}${after}`;
    // Even the title may have no room after many large sections: then its one line is what is left of it.
    this.always(bytesOf(part) <= this.left ? part : `\n${title}: no room here.\n`);
  }

  text(): string {
    return this.parts.join("");
  }
}

function remainder<Item>(items: readonly Item[], name: (item: Item) => string, room: number): string {
  const shown = takeWhileFits(items, (item) => code(clip(name(item), 80)), Math.max(0, room - 120));
  const unnamed = items.length - shown.length;
  const tail = unnamed > 0 ? `${shown.length > 0 ? " and " : ""}${unnamed} that have no room here` : "";
  return `\n\n_${items.length} more:_ ${shown.join(" ")}${tail}`;
}

/** Texts of the first items that fit; nobody makes the others. */
function takeWhileFits<Item>(items: readonly Item[], text: (item: Item) => string, room: number): string[] {
  const taken: string[] = [];
  let used = 0;
  for (const item of items) {
    const made = text(item);
    used += bytesOf(made) + 1;
    if (used > room) break;
    taken.push(made);
  }
  return taken;
}

function bytesOf(text: string): number {
  return Buffer.byteLength(text);
}
