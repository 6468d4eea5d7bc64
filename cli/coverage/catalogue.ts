import { readFileSync } from "node:fs";
import { type Document, isNode, LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import { UserError } from "../../local/user-error";
import type { SystemName } from "../../runbooks/model";
import { readFault } from "../read-fault";

const statementSchema = z.looseObject({
  id: z.string().regex(/^(KIR|TES|STO|RET|CAS)-\d{3}$/),
  kind: z.string(),
  text: z.string().min(1),
  when: z.string(),
  enforce: z.enum(["declared", "policy", "evidence", "gate", "step", "notify", "manual"]),
});

/** A normative statement of a runbook. */
export type Statement = z.infer<typeof statementSchema>;

/** First letters of a statement's id to its system. */
const systems: Readonly<Record<string, SystemName>> = {
  KIR: "kirana-inventory",
  TES: "tesoro-xp",
  STO: "kirana-store",
  RET: "retail-agentic",
  CAS: "case-management",
};

const mend = "Each statement has id, kind, text, when and enforce; the head of the file says what they mean.";

/** @throws UserError when the file is not a catalogue; names the line, the statement and what is allowed there. */
export function readCatalogue(file: string): readonly Statement[] {
  const lines = new LineCounter();
  const document = parseDocument(textOf(file), { lineCounter: lines });
  const [broken] = document.errors;
  if (broken) {
    // The parser's own text goes on with a drawing of the place.
    const [what] = broken.message.split(/ at line \d+|\n/);
    throw new UserError(`${file}:${lines.linePos(broken.pos[0]).line}: it is no valid YAML: ${what}`, {
      mend,
    });
  }
  const parsed = z.array(statementSchema).min(1).safeParse(valuesIn(document, file));
  if (!parsed.success) throw faultAt(file, document, lines, parsed.error.issues[0]!);
  const seen = new Map<string, number>();
  for (const [index, { id }] of parsed.data.entries()) {
    const before = seen.get(id);
    if (before !== undefined) {
      const [first, second] = [before, index].map((at) => lineAt(document, lines, [at]));
      throw new UserError(`${file}:${second}: the statement ${id} stands in line ${first} already`, { mend });
    }
    seen.set(id, index);
  }
  return parsed.data;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new UserError(`The catalogue ${file} cannot be read: ${readFault(cause)}`, { mend, cause });
  }
}

/** An alias without its anchor shows only when the values are asked for. */
function valuesIn(document: Document.Parsed, file: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    throw new UserError(`${file}: it is no valid YAML: ${error.message}; quote what begins with a *`, {
      mend,
    });
  }
}

function faultAt(
  file: string,
  document: Document.Parsed,
  lines: LineCounter,
  { path, message }: z.core.$ZodIssue,
): UserError {
  const [index, ...field] = path;
  const place = `${file}:${lineAt(document, lines, path)}`;
  if (index === undefined)
    return new UserError(`${place}: it must be a list of statements: ${message}`, { mend });
  const id = document.getIn([index, "id"]);
  const name = typeof id === "string" ? id : `number ${Number(index) + 1}`;
  const what = field.length === 0 ? "" : `, ${field.join(".")}`;
  return new UserError(`${place}: statement ${name}${what}: ${message}`, { mend });
}

/** Line of the part that a path leads to, or of the nearest above it that is there. */
function lineAt(document: Document.Parsed, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

export function systemOfStatement(id: string): SystemName {
  return systems[id.slice(0, 3)] as SystemName;
}
