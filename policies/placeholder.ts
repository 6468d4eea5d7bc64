/** Marks by which a value is known to stand in for one that nobody has given yet. */
const marks = [
  /^\s*$/,
  /placeholder/i,
  /^<[^<>]*>$/,
  /<\s*owner\b/i,
  /\bexample\.(?:com|org|net)\b/i,
  /\byourdomain\.com\b/i,
  /^(?:change[-_ ]?me|replace[-_ ]?me|to[-_ ]?do|tbd|fixme|dummy|none|null|undefined|x+|\*+|\.+)$/i,
];

/** Whether a text stands in for a value that only the owner knows. */
export function isPlaceholder(text: string): boolean {
  return marks.some((mark) => mark.test(text));
}

/** The same of a list or a map: whether anything in it is left to be given. */
export function holdsPlaceholder(value: unknown): boolean {
  if (typeof value === "string") return isPlaceholder(value);
  return typeof value === "object" && value !== null && Object.values(value).some(holdsPlaceholder);
}
