import assert from "node:assert/strict";
import { RequestCounts } from "../../../local/traffic/counts/request-counts";
import { tableRows } from "../../../local/traffic/counts/tables";

describe("tables of what was served", () => {
  const began = Date.parse("2026-03-01T12:00:00Z");
  let now = began;
  const counts = new RequestCounts(() => now);
  const serve = (siteId: string) =>
    counts.add({
      siteId,
      role: "shop",
      name: "GET /",
      status: 200,
      milliseconds: 5,
      failed: false,
      success: true,
      trackedMetrics: { orders: 1 },
    } as Parameters<RequestCounts["add"]>[0]);
  before(() => {
    for (let second = 0; second < 3600; second++) {
      now = began + second * 1000;
      serve("/sites/shop");
    }
  });

  it("have the rows of the span that is asked for, its ends among them", () => {
    const span = { from: began + 60_000, to: began + 90_000 };
    for (const table of ["AppRequests", "AppMetrics"]) {
      const rows = tableRows(table, counts, () => true, span)!;
      assert.equal(rows.length, 31, table);
      assert.deepEqual(
        [rows[0]!.TimeGenerated, rows.at(-1)!.TimeGenerated],
        [new Date(span.from), new Date(span.to)],
      );
    }
  });

  it("look at nothing else: what hours of traffic left is no work for a query of some minutes", () => {
    let asked = 0;
    const hears = () => {
      asked++;
      return true;
    };
    tableRows("AppRequests", counts, hears, { from: now - 59_000, to: now });
    assert.equal(asked, 60);
  });
});
