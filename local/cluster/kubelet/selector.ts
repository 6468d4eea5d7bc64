/** One requirement of a label selector. */
interface Requirement {
  readonly key: string;
  readonly operator: "=" | "!=" | "exists";
  readonly value: string;
}

/** The text is no label selector. */
export class SelectorError extends Error {
  override readonly name = "SelectorError";
}

/** Reads `app=web,deployment!=blue,canary`, as `kubectl -l` takes it; an empty one selects everything. */
export function parseSelector(text: string): (labels: Readonly<Record<string, string>>) => boolean {
  const requirements = text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map(parseRequirement);
  return (labels) => requirements.every((requirement) => holds(requirement, labels));
}

function parseRequirement(part: string): Requirement {
  const match = /^([A-Za-z0-9][\w./-]*)(?:(!=|==?)([\w.-]*))?$/.exec(part);
  if (!match) {
    throw new SelectorError(
      `"${part}" is no requirement on labels: allowed are name=value, name!=value and name, with commas between`,
    );
  }
  const [, key = "", sign, value = ""] = match;
  if (sign === undefined) return { key, operator: "exists", value };
  return { key, operator: sign === "!=" ? "!=" : "=", value };
}

function holds({ key, operator, value }: Requirement, labels: Readonly<Record<string, string>>): boolean {
  if (operator === "exists") return labels[key] !== undefined;
  return (labels[key] === value) === (operator === "=");
}
