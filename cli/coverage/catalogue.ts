import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import { UserError } from "../../local/user-error";
import type { SystemName } from "../../runbooks/model";

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

/** @throws UserError when the file is not a catalogue; names the entry and the field. */
export function readCatalogue(file: string): readonly Statement[] {
  const parsed = z
    .array(statementSchema)
    .min(1)
    .safeParse(parse(readFileSync(file, "utf8")));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UserError(
    `${file}, statement ${String(issue?.path[0])}: ${issue?.path.slice(1).join(".")}: ${issue?.message}`,
    {
      mend: "Each statement has id, kind, text, when and enforce; the head of the file says what they mean.",
    },
  );
}

export function systemOfStatement(id: string): SystemName {
  return systems[id.slice(0, 3)] as SystemName;
}
