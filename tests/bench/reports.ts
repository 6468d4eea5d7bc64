import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseEventLog } from "../../reports/engine-event";
import { renderReport, reportFormats } from "../../reports/formats";
import { buildReport } from "../../reports/from-events";
import { browserPath, launch } from "../reports/support/browser";
import { eventsOf, rules } from "../reports/support/events";
import { largeReport } from "../reports/support/sample";
import { inTurn, type Spread, spread } from "./measure";

const sizes = [800, 5000] as const;

export interface ReportFigures {
  /** By size, then by what was done. */
  readonly rendering: ReadonlyMap<number, Readonly<Record<string, Spread>>>;
  /** Of the HTML of 5,000 resources from its request to the end of `load`; absent without a browser. */
  readonly opening?: Spread;
}

/** Seconds to make the model from an event log and each format from the model, and to open the page in Chromium. */
export async function measureReports(rounds: number): Promise<ReportFigures> {
  const rendering = new Map<number, Readonly<Record<string, Spread>>>();
  for (const size of sizes) {
    const log = eventsOf(size)
      .map((event) => `${JSON.stringify(event)}\n`)
      .join("");
    const report = largeReport(size);
    const cases: Record<string, () => Promise<unknown>> = {
      "event log to model": async () =>
        buildReport({
          subject: { kind: "preview", stack: "dev", offline: false },
          events: parseEventLog(log),
          exitCode: 0,
          rules,
        }),
    };
    for (const format of reportFormats) cases[format] = async () => renderReport(report, format, "0.1.0");
    rendering.set(size, await inTurn(rounds, cases));
  }
  const opening = await openingTime(rounds);
  return { rendering, ...(opening && { opening }) };
}

/** With which power of the number of resources a case grows. */
export function growth({ rendering }: ReportFigures, name: string): number {
  const [small, large] = sizes.map((size) => rendering.get(size)?.[name]?.minimum ?? Number.NaN) as [
    number,
    number,
  ];
  return Math.log(large / small) / Math.log(sizes[1] / sizes[0]);
}

async function openingTime(rounds: number): Promise<Spread | undefined> {
  const path = browserPath();
  if (path === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), "switchyard-bench-"));
  const browser = await launch(path);
  try {
    const file = join(folder, "report.html");
    writeFileSync(file, renderReport(largeReport(5000), "html", "0.1.0"));
    const times: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      await page.goto(pathToFileURL(file).href);
      const timing = "performance.getEntriesByType('navigation')[0].loadEventEnd";
      times.push(((await page.evaluate(timing)) as number) / 1000);
      await page.close();
    }
    return spread(times);
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
