import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pagesFolder, policyPages } from "./support/policy-pages";

/** Writes docs/policies anew, without the pages of rules that are gone. */
const pages = policyPages();
mkdirSync(pagesFolder, { recursive: true });
for (const file of readdirSync(pagesFolder)) if (!pages.has(file)) rmSync(join(pagesFolder, file));
for (const [file, page] of pages) writeFileSync(join(pagesFolder, file), page);
