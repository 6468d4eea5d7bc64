import type { JournalEntry } from "../../../release/journal/entry";

/** An entry by what it says, which tells it from the others of its release; its number is another after each take-over. */
export function wordsOf(entry: JournalEntry): string {
  switch (entry.kind) {
    case "phase":
      return `phase ${entry.phase}`;
    case "intent":
    case "done":
    case "failed":
      return `${entry.kind} ${entry.step}`;
    case "verdict":
      return `verdict ${entry.gate}: ${entry.verdict} in ${entry.phase}`;
    case "baseline":
      return `baseline ${entry.gate}`;
    case "command":
      return `command ${entry.command} ${entry.entry ?? ""} ${entry.by}`;
    case "asked":
      return `asked ${entry.role}, ${entry.entry}`;
    case "told":
      return `told ${entry.entry} by ${entry.channel}`;
    case "recorded":
      return `recorded ${entry.entry}`;
    case "held":
      return `held by ${entry.gate ?? entry.step ?? "a person"}`;
    case "goesOn":
      return `goesOn: ${entry.why}`;
    case "ended":
      return `ended ${entry.outcome}`;
    default:
      return entry.kind;
  }
}
