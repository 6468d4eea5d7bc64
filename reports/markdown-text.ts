/**
 * Text of the program, of Azure or of a pull request's author, as Markdown for GitHub that shows it as it is. Nothing in
 * it is markup, a mention, a reference or a link afterwards, and it stays in one line, also in a table.
 *
 * Entities are no markup (CommonMark 6.2), but GitHub looks for mentions, references and links after they are decoded:
 * a zero-width space breaks those.
 */
export function prose(text: string): string {
  return text
    .replace(/[^\p{L}\p{N} .,;'?=%\n/+-]/gu, entity)
    .replace(/&#(?:64|35);/g, "$&&#8203;")
    .replace(/&#58;\/\//g, "&#58;&#8203;//")
    .replace(/\b(?:www|gh)(?=[.-])/gi, "$&&#8203;")
    .replace(/^(\s*)([+=-]|\d+(?=[.)]))/gm, (_, space: string, mark: string) => `${space}&#8203;${mark}`)
    .replace(/\s*\n\s*/g, "<br>");
}

/** A name or a value, in `<code>`, which GitHub leaves alone; back-ticks would end at a back-tick. */
export function code(text: string): string {
  return `<code>${text.replace(/\s+/g, " ").replace(/[^\p{L}\p{N} .,;?=%/+-]/gu, entity)}</code>`;
}

/** The text's beginning, at most so many characters, with an ellipsis where it was longer. */
export function clip(text: string, characters: number): string {
  if (text.length <= characters) return text;
  return `${text.slice(0, characters).replace(/[\ud800-\udbff]$/, "")}…`;
}

function entity(character: string): string {
  if (/[\ud800-\udfff]/.test(character) && character.length === 1) return "&#65533;";
  if (/[\p{Extended_Pictographic}…–—·]/u.test(character)) return character;
  return `&#${character.codePointAt(0)};`;
}
