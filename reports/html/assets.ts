import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

export interface Asset {
  readonly text: string;
  /** As a content security policy names it. */
  readonly digest: string;
}

export interface PageAssets {
  readonly style: Asset;
  readonly script: Asset;
}

/** The style of all pages, their button of colours with the script of one; they stand beside the sources and are not compiled. */
export function pageAssets(script: "html/page.js" | "coverage/page.js" = "html/page.js"): PageAssets {
  const folder = assetFolder(__dirname);
  return { style: asset(folder, "html/page.css"), script: asset(folder, "html/theme.js", script) };
}

function asset(folder: string, ...files: readonly string[]): Asset {
  const text = files.map((file) => readFileSync(join(folder, file), "utf8")).join("");
  return { text, digest: `sha256-${createHash("sha256").update(text).digest("base64")}` };
}

/** Compiled files lie below the folder that holds the sources, at a depth that the output folder decides. */
function assetFolder(from: string): string {
  const folder = join(from, "reports");
  if (existsSync(join(folder, "html", "page.css"))) return folder;
  const above = dirname(from);
  if (above === from) throw new Error("reports/html/page.css is missing from this checkout");
  return assetFolder(above);
}
