import assert from "node:assert/strict";
import { dashboardsProvider } from "../../../release/gates/dashboards";
import type { Json } from "../../../release/targets/json";
import type { ReleaseFacts } from "../../../runbooks/release-facts";
import { checkGate } from "../support/gates";
import { contextWith, gone, type Reply, said, world } from "./support/people-world";

describe("dashboards", () => {
  const grafanaUrl = "https://grafana.example";
  const panel: Json = {
    title: "Errors",
    type: "timeseries",
    targets: [{ refId: "A", datasource: { type: "prometheus", uid: "$" + "{prometheus}" }, expr: "up" }],
  };
  const board = (...panels: Json[]): Json => ({ dashboard: { panels } });
  const now = new Date("2026-11-24T18:00:00Z");
  /** Rows whose newest is so old, as Grafana gives them: columns in the order of the fields. */
  const frame = (minutesOld: number): Json => {
    const newest = now.getTime() - minutesOld * 60_000;
    return {
      schema: {
        fields: [
          { name: "Time", type: "time" },
          { name: "Value", type: "number" },
        ],
      },
      data: {
        values: [
          [newest - 60_000, newest],
          [0.5, 0.5],
        ],
      },
    };
  };
  const data: Json = { results: { A: { frames: [frame(1)] } } };
  const sources = { "/api/datasources": [{ type: "prometheus", uid: "P1" }] };
  const outcome = async (
    replies: Readonly<Record<string, Reply>>,
    facts: Partial<ReleaseFacts> = { grafanaUrl },
  ) => {
    const gate = checkGate({ provider: "dashboards", uids: ["shop"] });
    const context = contextWith(facts);
    const clock = { ...context.clock, now: () => now };
    return said(await dashboardsProvider(world(replies).asking).look(gate, { ...context, clock }));
  };
  const all = (board: Json, said: Reply = data) => ({
    "/api/dashboards/uid/shop": board,
    ...sources,
    "/api/ds/query": said,
  });

  const [query] = panel.targets as readonly [Json];
  const twoQueries = { ...panel, targets: [query, { ...query, refId: "B" }] };
  const logsOf = (minutesOld: number) =>
    all(board({ ...panel, targets: [{ ...query, azureLogAnalytics: { query: "AppRequests" } }] }), {
      results: { A: { frames: [frame(minutesOld)] } },
    });

  const rows: readonly (readonly [string, Readonly<Record<string, Reply>>, RegExp])[] = [
    ["that show data", all(board(panel)), /^true: 1 dashboards are there, 1 panels show data/],
    [
      "with a panel without data",
      all(board(panel), { results: { A: { frames: [] } } }),
      /^false: shop, Errors: no data/,
    ],
    [
      "with a panel of empty columns",
      all(board(panel), { results: { A: { frames: [{ data: { values: [[], []] } }] } } }),
      /^false: shop, Errors: no data/,
    ],
    [
      "with a second query without data",
      all(board(twoQueries), { results: { A: { frames: [frame(1)] }, B: { frames: [] } } }),
      /^false: shop, Errors: query B: no data$/,
    ],
    [
      "with a second query that Grafana leaves out",
      all(board(twoQueries), { results: { A: { frames: [frame(1)] } } }),
      /^false: shop, Errors: query B: no data$/,
    ],
    [
      "whose data are five hours old",
      all(board(panel), { results: { A: { frames: [frame(300)] } } }),
      /^false: shop, Errors: its newest data are 300 min old, and 15 are allowed$/,
    ],
    [
      "of which one series goes on",
      all(board(panel), { results: { A: { frames: [frame(300), frame(2)] } } }),
      /^true: /,
    ],
    [
      "with a table that has no time",
      all(board(panel), { results: { A: { frames: [{ data: { values: [["a"]] } }] } } }),
      /^true: /,
    ],
    ["with logs that are summed up", logsOf(25), /^true: /],
    ["with logs of an hour ago", logsOf(60), /^false: .* 60 min old, and 30 are allowed$/],
    [
      "with a query that fails",
      all(board(panel), { results: { A: { error: "parse error" } } }),
      /^false: shop, Errors: parse error/,
    ],
    ["without panels", all(board()), /^false: shop has no panels/],
    ["that are not there", sources, /^false: shop is not there/],
    ["of a Grafana that refuses", { "/api/dashboards": 403 }, /^nothing: Grafana refuses .*Grafana Viewer/],
    [
      "of a Grafana that shows no sources",
      { ...all(board(panel)), "/api/datasources": [] },
      /^nothing: .*no data source/,
    ],
    ["whose answer has no results", all(board(panel), {}), /^nothing: .*without results/],
    ["of nobody", { "/api/dashboards": gone }, /^nothing: nobody answers/],
  ];
  for (const [what, replies, expected] of rows) {
    it(`${what}: ${expected.source}`, async () => assert.match(await outcome(replies), expected));
  }

  it("are asked of the workspace's own data source, logs of the system's workspace", async () => {
    const logs: Json = {
      title: "Logs",
      targets: [
        {
          refId: "A",
          datasource: { type: "grafana-azure-monitor-datasource" },
          azureLogAnalytics: { query: "AppRequests", resources: ["$workspace"] },
        },
      ],
    };
    const { requests, asking } = world({
      ...all(board(panel, logs)),
      "/api/datasources": [
        { type: "prometheus", uid: "P1" },
        { type: "grafana-azure-monitor-datasource", uid: "L1" },
      ],
    });
    const gate = checkGate({ provider: "dashboards", uids: ["shop"] });
    await dashboardsProvider(asking).look(gate, contextWith({ grafanaUrl }));
    const queries = requests
      .filter(({ url }) => url.pathname === "/api/ds/query")
      .map(({ body }) => (JSON.parse(String(body)) as { queries: readonly Json[] }).queries[0]!);
    assert.deepEqual(queries[0]!.datasource, { type: "prometheus", uid: "P1" });
    assert.deepEqual(queries[1]!.azureLogAnalytics, { query: "AppRequests", resources: ["/w"] });
  });

  it("are nothing where the stack names no Grafana", async () => {
    assert.match(await outcome({}, {}), /^nothing: .*names no Grafana/);
  });
});
