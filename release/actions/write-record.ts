import type { Contract } from "../../runbooks/vocabulary";
import type { EngineParts } from "../engine/parts";
import { UserError } from "../user-error";
import type { OtherActions } from "./other-actions";

/** Writes a record of the same contract at the step that wants it. */
export function writerOf(
  { system, entries }: Pick<Contract, "system" | "entries">,
  record: EngineParts["record"],
): OtherActions["writeRecord"] {
  return async ({ record: name }, _entry, fields) => {
    const entry = entries.find((each) => each.word === "record" && each.name === name);
    if (entry?.word !== "record")
      throw new UserError(`the contract of ${system} has no record called ${name}`);
    const written = await record(entry, fields);
    return `${name}: ${Object.entries(written)
      .map(([field, value]) => `${field} ${value}`)
      .join(", ")}`;
  };
}
