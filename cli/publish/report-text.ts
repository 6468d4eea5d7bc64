import { lstatSync, readFileSync } from "node:fs";
import { UserError } from "../../local/user-error";

/** A Markdown report as `preview`, `check` or `drift` wrote it. */
export interface ReportText {
  /** The first line, by which a comment or an issue is found again. */
  readonly marker: string;
  readonly kind: string;
  readonly stack: string;
  readonly text: string;
}

/** GitHub refuses a comment of 65,536 characters; a report has fewer bytes than that. */
const limitBytes = 65_536;

/**
 * Reads a report that may have been written by code nobody has reviewed: a pull request from a fork can change what
 * writes it. So it is taken only when it holds nothing that a report never holds: no mention, link, image or foreign tag.
 *
 * @throws UserError for anything that is not such a report
 */
export function readReportText(file: string): ReportText {
  const text = contentOf(file);
  const newline = text.indexOf("\n");
  const marker = newline < 0 ? text : text.slice(0, newline);
  const parts = /^<!-- switchyard:(preview|up|check|drift):([A-Za-z0-9_.-]{1,100}) -->$/.exec(marker);
  if (parts === null) {
    throw refused(file, "its first line is not the mark of a report");
  }
  const foreign = foreignMarkup(text.slice(marker.length));
  if (foreign !== undefined) {
    throw refused(file, `it holds ${foreign}, which no report of switchyard does`);
  }
  return { marker, kind: parts[1]!, stack: parts[2]!, text };
}

/**
 * The report with a line below its headline that says of which commit it is: a run that ends before it can report leaves the
 * former one's comment, and its verdict would be read as that of the newest commit. Left out where it has no room.
 *
 * @param commit its 40 hexadecimal digits, given by who runs this and not by the report
 */
export function withCommit({ text }: ReportText, commit: string | undefined): string {
  if (commit === undefined) return text;
  const [marker = "", headline = "", ...rest] = text.split("\n");
  const whole = [marker, headline, "", `Of commit <code>${commit}</code>.`, ...rest].join("\n");
  return Buffer.byteLength(whole) < limitBytes ? whole : text;
}

function contentOf(file: string): string {
  let bytes: Buffer;
  try {
    const found = lstatSync(file);
    if (!found.isFile()) throw refused(file, "it is not a plain file");
    if (found.size >= limitBytes) {
      throw refused(file, `it has ${found.size} bytes, and a comment has fewer than ${limitBytes}`);
    }
    bytes = readFileSync(file);
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw new UserError(`The report ${file} cannot be read: ${(cause as Error).message}`, {
      mend: "Name a file that --format markdown wrote.",
      cause,
    });
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw refused(file, "it is not UTF-8");
  }
}

const ownTags = /<(?:\/?code|br|details(?: open)?|\/details|\/?summary)>/g;

/** What a report never holds, because `reports/markdown-text.ts` makes an entity of it. */
function foreignMarkup(text: string): string | undefined {
  const untagged = text.replace(ownTags, "");
  // A name in <code> may hold one: it stays text there.
  const uncoded = text.replace(/<code>[^<]*<\/code>/g, "");
  if (/[<>]/.test(untagged)) return "a tag of its own";
  if (untagged.includes("@")) return "a mention";
  if (/\]\s*[([:]|!\[/.test(untagged)) return "a link";
  if (/:\/\/|\bwww\./i.test(uncoded)) return "an address";
  return undefined;
}

function refused(file: string, why: string): UserError {
  return new UserError(`${file} is not published: ${why}.`, {
    mend: "Look at the run that wrote it, and give a file as --format markdown writes it.",
  });
}
