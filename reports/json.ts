import type { Report } from "./model";

/** The report as JSON for machines; two spaces, one line feed at the end. */
export function renderJson(report: Report): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
