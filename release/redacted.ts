/** What a program wrote, without passwords and keys that it may have repeated. */
export function redacted(text: string): string {
  return text
    .replace(/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@]*:[^\s/]*@/gi, "$1***@")
    .replace(
      /\b((?:account|access|shared)?key|password|passwd|pwd|secret|token|sig|authorization)(["']?\s*[=:]\s*)("[^"]*"|'[^']*'|(?:bearer\s+)?[^\s;&,"']+)/gi,
      "$1$2***",
    );
}

const shownCharacters = 1_500;

/** The end of what a program wrote, which says why it ended. */
export function lastWords(text: string): string {
  const clean = redacted(text.trim());
  return clean.length <= shownCharacters ? clean : `… ${clean.slice(-shownCharacters)}`;
}
