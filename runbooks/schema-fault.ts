import type { z } from "zod";

/** Kinds of values as whoever writes YAML or JSON calls them. */
const kinds: Readonly<Record<string, string>> = {
  object: "a map",
  record: "a map",
  array: "a list",
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  null: "empty",
};

/**
 * What a schema found wrong with a value, in words. The value itself is never repeated: it may hold a secret.
 *
 * @param value that was looked at as a whole
 */
export function schemaFault(issue: z.core.$ZodIssue, value: unknown): string {
  const where = issue.path.map(String).join(".") || "it";
  if (issue.code === "unrecognized_keys") return `${where} has unknown keys: ${issue.keys.join(", ")}`;
  // A schema with words of its own has said what it wants.
  if (issue.code !== "invalid_type" || !issue.message.startsWith("Invalid input: expected"))
    return `${where}: ${issue.message}`;
  const received = kindOf(at(value, issue.path));
  if (received === undefined) return `${where} is missing`;
  return `${where} is ${kinds[received] ?? received} where ${kinds[issue.expected] ?? issue.expected} is wanted`;
}

function kindOf(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (found, key) =>
      typeof found === "object" && found !== null ? (found as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  );
}
