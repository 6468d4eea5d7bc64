import assert from "node:assert/strict";
import type { Row } from "../../../local/traffic/counts/tables";
import { tableColumns } from "../../../local/traffic/counts/tables";
import { runQuery } from "../../../local/traffic/kql/evaluate";
import { errorRate } from "../../../runbooks/tesoro-xp/queries";
import { databaseDiagnostics } from "../../../runbooks/tesoro-xp/web-app";

const now = new Date("2026-11-21T12:00:00Z");
const requests = (path: string, status: number, count: number): Row => ({
  TimeGenerated: now,
  Type: "AppRequests",
  ItemCount: count,
  Name: `GET ${path}`,
  Url: path,
  Success: status < 400,
  ResultCode: String(status),
});

function errorPercent(...rows: readonly Row[]): unknown {
  return runQuery(errorRate, { rows: () => rows, columns: tableColumns, now }).rows[0]?.[0];
}

/** By the embedded Log Analytics, which counts a 404 as failed as Application Insights does. */
describe("error rate of tesoro-xp", () => {
  const { path, refusal } = databaseDiagnostics;

  it("leaves out the refusals that the release's own check asks for", () => {
    assert.equal(errorPercent(requests("/", 200, 100), requests(path, refusal, 50)), 0);
  });

  it("counts every other failure, of that path too", () => {
    assert.equal(errorPercent(requests("/", 200, 90), requests("/orders", 404, 10)), 10);
    assert.equal(errorPercent(requests("/", 200, 90), requests(path, 500, 10)), 10);
  });
});
