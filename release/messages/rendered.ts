/** Said where the release does not know a field: a message with a gap is better than none. */
export const unknownField = "(not known)";

/** A message's text, and the fields for which nothing is known. */
export interface Rendered {
  readonly text: string;
  readonly unknown: readonly string[];
}

/** Fills the fields in braces. Never refuses: whoever waits for a message is told what is known. */
export function rendered(template: string, fields: Readonly<Record<string, string>>): Rendered {
  const unknown = new Set<string>();
  const text = template.replace(/\{(\w+)\}/g, (_braces, field: string) => {
    const value = fields[field];
    if (value !== undefined && value !== "") return value;
    unknown.add(field);
    return unknownField;
  });
  return { text, unknown: [...unknown] };
}
