import { existsSync, readFileSync } from "node:fs";
import { isAbsolute, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { SourcePosition } from "../../infra/source-positions";
import type { SourceLine } from "../../reports/model";

/**
 * Where each resource was declared, by URN, from the file that the program wrote: paths from the checkout on.
 * Positions outside of it, and those of a program that wrote none, are left out.
 */
export function readPositions(file: string, root: string): Map<string, SourceLine> {
  const lines = new Map<string, SourceLine>();
  if (!existsSync(file)) return lines;
  const text = readFileSync(file, "utf8");
  // A line without its end is one that the program was writing when it was ended.
  for (const entry of text.slice(0, text.lastIndexOf("\n") + 1).split("\n")) {
    if (entry === "") continue;
    const [urn, { uri, line, column }] = JSON.parse(entry) as [string, SourcePosition];
    if (!uri.startsWith("file:")) continue;
    const path = relative(root, fileURLToPath(uri));
    if (path.startsWith("..") || isAbsolute(path)) continue;
    lines.set(urn, { file: path.split(sep).join("/"), line, column });
  }
  return lines;
}
