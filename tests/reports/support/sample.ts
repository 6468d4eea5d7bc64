import { buildReport, type ReportInput } from "../../../reports/from-events";
import type { Report } from "../../../reports/model";
import { eventsOf, rules } from "./events";

/** A preview of dev with these events; everything else can be given too. */
export function reportOf(input: Partial<ReportInput> = {}): Report {
  return buildReport({
    subject: { kind: "preview", stack: "dev", offline: false },
    events: [],
    exitCode: 0,
    rules,
    ...input,
  });
}

/** A refused preview of so many resources. */
export function largeReport(resources: number): Report {
  const events = eventsOf(resources);
  const sources = new Map(
    events.flatMap(({ resourcePreEvent }) => {
      const found = resourcePreEvent?.metadata;
      return found ? [[found.urn, { file: "infra/azure/storage.ts", line: 29, column: 5 }] as const] : [];
    }),
  );
  return reportOf({ events, exitCode: 1, sources });
}
