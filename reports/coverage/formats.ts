import { renderCoverageHtml } from "./html";
import { renderCoverageMarkdown } from "./markdown";
import type { CoverageReport } from "./model";
import { renderCoverageText } from "./text";

export const coverageFormats = ["text", "json", "markdown", "html"] as const;
export type CoverageFormat = (typeof coverageFormats)[number];

export function renderCoverage(report: CoverageReport, format: CoverageFormat): string {
  const renderers: Readonly<Record<CoverageFormat, () => string>> = {
    text: () => renderCoverageText(report),
    json: () => `${JSON.stringify(report, null, 2)}\n`,
    markdown: () => renderCoverageMarkdown(report),
    html: () => renderCoverageHtml(report),
  };
  return renderers[format]();
}
