import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

export interface Asset {
  readonly text: string;
  /** As a content security policy names it. */
  readonly digest: string;
}

/** The page's style and script, which stand beside this file's source and are not compiled. */
export function pageAssets(): { readonly style: Asset; readonly script: Asset } {
  const folder = assetFolder(__dirname);
  return { style: asset(join(folder, "page.css")), script: asset(join(folder, "page.js")) };
}

function asset(file: string): Asset {
  const text = readFileSync(file, "utf8");
  return { text, digest: `sha256-${createHash("sha256").update(text).digest("base64")}` };
}

/** Compiled files lie below the folder that holds the sources, at a depth that the output folder decides. */
function assetFolder(from: string): string {
  const folder = join(from, "reports", "html");
  if (existsSync(join(folder, "page.css"))) return folder;
  const above = dirname(from);
  if (above === from) throw new Error("reports/html/page.css is missing from this checkout");
  return assetFolder(above);
}
