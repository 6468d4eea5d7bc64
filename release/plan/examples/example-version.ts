/**
 * The version after a version: its last number raised by one, with as many digits. `1.4.2` becomes `1.4.3`, `2026.11.02`
 * becomes `2026.11.03`.
 */
export function nextVersion(version: string): string {
  const [, before, number, after] = /^(.*?)(\d+)(\D*)$/.exec(version) ?? [];
  if (number === undefined) return `${version}.1`;
  return `${before}${String(Number(number) + 1).padStart(number.length, "0")}${after}`;
}
