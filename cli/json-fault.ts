/** Why a text is no JSON, in words. The parser's own message repeats a part of the text, which may be a secret's. */
export function jsonFault(text: string): string {
  if (text.trim() === "") return "it is empty";
  if (!/^\s*[{[]/.test(text)) return "it is no JSON in UTF-8";
  return /[}\]]\s*$/.test(text)
    ? "it is no valid JSON"
    : `it is cut off after ${Buffer.byteLength(text)} bytes`;
}
