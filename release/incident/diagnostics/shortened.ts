const mostLines = 20;
const mostCharacters = 300;

/** Lines that a person reads; of many the first ones, and how many there are. */
export function shortened(lines: readonly string[]): string {
  const shown = lines
    .slice(0, mostLines)
    .map((line) => (line.length <= mostCharacters ? line : `${line.slice(0, mostCharacters)}…`));
  if (lines.length > mostLines) shown.push(`… ${lines.length} in all`);
  return shown.join("\n");
}
