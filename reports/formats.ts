import { renderHtml } from "./html/page";
import { renderJson } from "./json";
import { renderJunit } from "./junit";
import { renderMarkdown } from "./markdown";
import type { Report } from "./model";
import { renderSarif } from "./sarif";
import { renderText } from "./text";

export const reportFormats = ["text", "json", "markdown", "html", "sarif", "junit"] as const;
export type ReportFormat = (typeof reportFormats)[number];

/**
 * A report in one of the formats.
 *
 * @param version Version of this tool, for the formats that name it.
 */
export function renderReport(report: Report, format: ReportFormat, version: string): string {
  const renderers: Readonly<Record<ReportFormat, () => string>> = {
    text: () => renderText(report),
    json: () => renderJson(report),
    markdown: () => renderMarkdown(report),
    html: () => renderHtml(report),
    sarif: () => renderSarif(report, version),
    junit: () => renderJunit(report),
  };
  return renderers[format]();
}
