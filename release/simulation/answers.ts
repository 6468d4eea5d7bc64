import type { EntryOfWord } from "../engine/parts";

type Question = EntryOfWord<"manual">;

/** An answer that the runbook wants to hear. */
export function goodAnswer({ answer, expects }: Question): unknown {
  if (answer === "done") return "done";
  if (expects === undefined) return answer === "yesNo" ? "yes" : answer === "number" ? 1 : "seen";
  const { operator, value } = expects;
  switch (operator) {
    case "equals":
      return value;
    case "notEquals":
      return typeof value === "boolean" ? !value : typeof value === "number" ? value + 1 : `not ${value}`;
    case "exists":
      return "seen";
    case "contains":
      return String(value);
    case "atLeast":
    case "atMost":
      return value;
    case "lessThan":
      return Number(value) - 1;
    case "greaterThan":
      return Number(value) + 1;
  }
}

/** One that it does not. */
export function otherAnswer({ answer, expects }: Question): unknown {
  if (answer === "done") return "not yet";
  if (expects === undefined) return answer === "yesNo" ? "no" : "";
  const { operator, value } = expects;
  switch (operator) {
    case "equals":
      return typeof value === "boolean" ? !value : typeof value === "number" ? value + 1 : `not ${value}`;
    case "notEquals":
      return value;
    case "exists":
    case "contains":
      return "";
    case "atLeast":
    case "greaterThan":
      return Number(value) - 1;
    case "atMost":
    case "lessThan":
      return Number(value) + 1;
  }
}
