import { parseDocument } from "yaml";
import { z } from "zod";
import { schemaFault } from "../../runbooks/schema-fault";
import type { ExemptionFields } from "./exemption";
import type { ExemptionFault } from "./ledger";

const day = z.iso.date({
  // Only what is written as a day is repeated: anything else may hold a secret.
  error: ({ input }) =>
    typeof input === "string" && /^\d{4}-\d{2}-\d{2}$/.test(input)
      ? `"${input}" is no day of the calendar; write YYYY-MM-DD`
      : "a day is written YYYY-MM-DD, such as 2026-12-31",
});
/** Words that reports and annotations put between punctuation. */
const word = z.string().regex(/^[^\s,]+$/, { error: "one word without spaces and commas" });

export const exemptionSchema = z.strictObject({
  rule: z.string().min(1),
  resource: z.string().min(1),
  reason: z
    .string()
    .trim()
    .min(20, { error: "a reason has 20 characters at least" })
    .regex(/^[^\r\n]*$/, { error: "a reason is one line" }),
  // A blank at the end would make the approver's own name another one.
  owner: z.string().regex(/^\S(?:[^\r\n]*\S)?$/, {
    error: "a person of the trust root, on one line, without blanks around it",
  }),
  approver: word,
  ticket: word,
  created: day,
  expires: day,
  signatures: z.array(z.strictObject({ keyid: z.string(), sig: z.base64().min(1) })).optional(),
});
export type ExemptionEntry = z.infer<typeof exemptionSchema> & ExemptionFields;

const fileSchema = z.strictObject({ exemptions: z.array(z.unknown()) });

export interface ExemptionsFile {
  readonly entries: readonly { readonly label: string; readonly entry: ExemptionEntry }[];
  readonly faults: readonly ExemptionFault[];
}

/** Reads the file as far as it can be read; each entry that cannot is a fault. */
export function parseExemptions(text: string): ExemptionsFile {
  const document = parseDocument(text);
  const [broken] = document.errors;
  if (broken) return fault("the file", `is not valid YAML: ${broken.message.split("\n")[0]}`);
  const read = yamlValue(document);
  if ("broken" in read) return fault("the file", `is not valid YAML: ${read.broken}`);
  const file = fileSchema.safeParse(read.value);
  if (!file.success) return fault("the file", faultText(file.error, read.value));
  const parsed = file.data.exemptions.map((value, index) => ({
    label: labelOf(value, index),
    value,
    result: exemptionSchema.safeParse(value),
  }));
  return {
    entries: parsed.flatMap(({ label, result }) => (result.success ? [{ label, entry: result.data }] : [])),
    faults: parsed.flatMap(({ label, value, result }) =>
      result.success ? [] : [{ entry: label, message: faultText(result.error, value) }],
    ),
  };
}

/** An alias without its anchor, such as an unquoted `*`, shows only when the values are asked for. */
function yamlValue(document: ReturnType<typeof parseDocument>): { value: unknown } | { broken: string } {
  try {
    return { value: document.toJS() };
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    return { broken: `${error.message}; quote what holds a *` };
  }
}

function fault(entry: string, message: string): ExemptionsFile {
  return { entries: [], faults: [{ entry, message }] };
}

function faultText(error: z.ZodError, value: unknown): string {
  return error.issues.map((issue) => schemaFault(issue, value)).join("; ");
}

/** Number and rule: the file is read by people. */
function labelOf(value: unknown, index: number): string {
  const rule = (value as { rule?: unknown } | null)?.rule;
  return `entry ${index + 1}${typeof rule === "string" ? ` (${rule.slice(0, 60)})` : ""}`;
}
