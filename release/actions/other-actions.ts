import type { EntryOfWord } from "../engine/parts";

type Step = EntryOfWord<"step">;
type Fields = Readonly<Record<string, string>>;
export type ActionOf<Name extends Step["does"]["action"]> = Extract<Step["does"], { action: Name }>;

/** Actions on neither traffic nor data. Each may be repeated without harm, and says what it read back. */
export interface OtherActions {
  restart(does: ActionOf<"restart">, entry: Step, fields: Fields): Promise<string>;
  purge(does: ActionOf<"purge">, entry: Step, fields: Fields): Promise<string>;
  tag(does: ActionOf<"tag">, entry: Step, fields: Fields): Promise<string>;
  workflow(does: ActionOf<"workflow">, entry: Step, fields: Fields): Promise<string>;
  writeRecord(does: ActionOf<"write-record">, entry: Step, fields: Fields): Promise<string>;
}

export function otherActions(actions: OtherActions): (entry: Step, fields: Fields) => Promise<string> {
  return async (entry, fields) => {
    const { does } = entry;
    switch (does.action) {
      case "restart":
        return actions.restart(does, entry, fields);
      case "purge":
        return actions.purge(does, entry, fields);
      case "tag":
        return actions.tag(does, entry, fields);
      case "workflow":
        return actions.workflow(does, entry, fields);
      case "write-record":
        return actions.writeRecord(does, entry, fields);
      default:
        throw new Error(`${entry.name} is ${does.action}, which is carried out elsewhere`);
    }
  };
}
