import { readFileSync } from "node:fs";

/** What a file of JSON holds; undefined when there is none, or it was cut off. */
export function readRecord<T>(file: string): T | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
  try {
    return (JSON.parse(text) ?? undefined) as T | undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * An endpoint that a daemon has written; undefined when what is there is not whole. Without the start of its process that
 * cannot be told from a later one with the same pid, and must not be signalled.
 *
 * @param texts what it has to say besides
 */
export function readEndpointRecord<T extends { readonly pid: number; readonly processStart: string }>(
  file: string,
  texts: readonly (keyof T)[],
): T | undefined {
  const value = readRecord<Partial<T>>(file);
  const whole =
    typeof value?.pid === "number" &&
    ["processStart" as const, ...texts].every((name) => typeof value[name] === "string");
  return whole ? (value as T) : undefined;
}
