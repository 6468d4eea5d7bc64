import { parseDocument } from "yaml";
import { z } from "zod";
import type { ExemptionFields } from "./exemption";
import type { ExemptionFault } from "./ledger";

const day = z.iso.date({ error: "a day is written 2026-12-31" });
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
  owner: z.string().regex(/^\S[^\r\n]*$/, { error: "a person or a team" }),
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
  const file = fileSchema.safeParse(document.toJS());
  if (!file.success) return fault("the file", faultText(file.error));
  const read = file.data.exemptions.map((value, index) => ({
    label: labelOf(value, index),
    parsed: exemptionSchema.safeParse(value),
  }));
  return {
    entries: read.flatMap(({ label, parsed }) => (parsed.success ? [{ label, entry: parsed.data }] : [])),
    faults: read.flatMap(({ label, parsed }) =>
      parsed.success ? [] : [{ entry: label, message: faultText(parsed.error) }],
    ),
  };
}

function fault(entry: string, message: string): ExemptionsFile {
  return { entries: [], faults: [{ entry, message }] };
}

function faultText(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => `${path.join(".") || "it"}: ${message}`).join("; ");
}

/** Number and rule: the file is read by people. */
function labelOf(value: unknown, index: number): string {
  const rule = (value as { rule?: unknown } | null)?.rule;
  return `entry ${index + 1}${typeof rule === "string" ? ` (${rule.slice(0, 60)})` : ""}`;
}
