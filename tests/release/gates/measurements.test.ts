import assert from "node:assert/strict";
import { exchange } from "../../../release/clients/http";
import type { Surroundings } from "../../../release/clients/surroundings";
import { systemClock } from "../../../release/engine/system-clock";
import { azureMonitorProvider } from "../../../release/gates/azure-monitor";
import type { Sample } from "../../../release/gates/gate-provider";
import { beside } from "../../../release/gates/live-side";
import { logAnalyticsProvider } from "../../../release/gates/log-analytics";
import { prometheusProvider } from "../../../release/gates/prometheus";
import type { MetricGateOf } from "../../../release/gates/provider-gate";
import type { Json } from "../../../release/targets/json";
import { UserError } from "../../../release/user-error";
import { canary, contextAt, metricGate, surroundingsWith } from "../support/gates";
import { type Answer, HttpServer, type Received } from "../support/http-server";

/** What is faked: the answers of the three stores, over HTTP for Prometheus. What is not: the providers. */

function said(sample: Sample): string {
  assert.doesNotMatch(JSON.stringify(sample), new RegExp(canary));
  if (sample.kind === "value") return `${sample.value} of ${sample.count}`;
  return sample.kind === "nothing" ? `nothing: ${sample.why}` : "answer";
}

describe("numbers from Prometheus", () => {
  let server: HttpServer;
  let answers: (query: string, request: Received) => Answer;
  const gate = metricGate({
    provider: "prometheus",
    query: 'sum(rate(errors_total{deployment="$candidate"}[5m]))',
  });
  const newest = Date.now() / 1000;
  const vector = (...values: (number | string)[]) => ({
    status: 200,
    body: {
      status: "success",
      data: {
        resultType: "vector",
        result: values.map((one) => ({ metric: {}, value: [newest, String(one)] })),
      },
    },
  });
  /** The question itself gets the answer; age and count are as they should be. */
  const asked = (answer: Answer) => (query: string) =>
    query.includes("timestamp(") ? vector(newest) : query.includes("count_over_time(") ? vector(10) : answer;
  const look = (context = contextAt(server.url), of = gate) =>
    prometheusProvider(surroundingsWith({})).look(of, context);

  before(async () => {
    server = await HttpServer.start((request) => {
      if (request.headers.authorization !== `Bearer ${canary}`) return { status: 401, body: {} };
      return answers(new URLSearchParams(request.body).get("query") ?? "", request);
    });
  });
  after(() => server.stop());

  const cases: readonly (readonly [string, Answer, string | RegExp])[] = [
    ["one series", vector(0.25), "0.25 of 10"],
    [
      "a scalar",
      { status: 200, body: { status: "success", data: { resultType: "scalar", result: [newest, "3"] } } },
      "3 of 10",
    ],
    ["no series", vector(), /^nothing: Prometheus has no such series/],
    ["several series", vector(1, 2), /^nothing: Prometheus answered 2 series, .*aggregate/],
    ["NaN as text", vector("NaN"), "nothing: the answer is NaN, which is no number"],
    ["infinite", vector("+Inf"), "nothing: the answer is Infinity, which is no number"],
    ["an empty text", vector(""), "nothing: the answer is NaN, which is no number"],
    [
      "a matrix",
      { status: 200, body: { status: "success", data: { resultType: "matrix", result: [] } } },
      /^nothing: Prometheus answered a matrix/,
    ],
    [
      "a page of a proxy",
      { status: 200, text: "<html>" },
      /^nothing: Prometheus .* answered 200: no answer of its API/,
    ],
    [
      "a query it cannot read",
      { status: 400, body: { status: "error", error: "parse error" } },
      /answered 400: parse error/,
    ],
    [
      "somebody without the right",
      { status: 403, body: {} },
      /answered 403: .*; whoever runs the release needs Monitoring Data Reader/,
    ],
    ["too many questions", { status: 429, body: {} }, /^nothing: .*answered 429/],
    ["a broken store", { status: 503, text: "down" }, /^nothing: .*answered 503/],
  ];
  for (const [name, answer, expected] of cases) {
    it(`${name} is ${String(expected).slice(0, 50)}`, async () => {
      answers = asked(answer);
      const found = said(await look());
      if (typeof expected === "string") assert.equal(found, expected);
      else assert.match(found, expected);
    });
  }

  for (const [of, isMeant] of [
    ["the question", (query: string) => query.startsWith("sum(rate(")],
    ["its age", (query: string) => query.includes("timestamp(")],
    ["its count", (query: string) => query.includes("count_over_time(")],
  ] as const) {
    it(`an answer to ${of} of which Prometheus warns is nothing: a part of it may be missing`, async () => {
      answers = (query) => {
        const answer = asked(vector(0))(query) as { status: number; body: Json };
        const warnings = isMeant(query) ? ["remote_read: connection refused"] : [];
        return { ...answer, body: { ...answer.body, warnings } };
      };
      assert.equal(
        said(await look()),
        "nothing: Prometheus warns of its own answer: remote_read: connection refused",
      );
    });
  }

  it("the age is that of the newest datum, not of the question", async () => {
    answers = (query) => (query.includes("timestamp(") ? vector(1_700_000_000.5) : vector(1));
    const sample = await look();
    assert.equal(sample.kind === "value" && sample.at.getTime(), 1_700_000_000_500);
  });

  it("a value of series without any recent sample is nothing", async () => {
    answers = (query) => (query.includes("timestamp(") ? vector() : vector(1));
    assert.match(said(await look()), /^nothing: no series of the query has a recent sample/);
  });

  it("no events is a count of 0", async () => {
    const events = {
      ...gate,
      minimumSample: { of: "events", atLeast: 20, query: "sum(increase(requests_total{}[5m]))" },
    } as const;
    answers = (query) =>
      query.includes("timestamp(") ? vector(newest) : query.includes("requests_total") ? vector() : vector(1);
    assert.equal(said(await look(contextAt(server.url), events)), "1 of 0");
  });

  it("asks for the candidate, in a rehearsal over shorter ranges, and shows what Prometheus remarks", async () => {
    const queries: string[] = [];
    answers = (query) => {
      queries.push(query);
      const answer = asked(vector(1))(query) as { status: number; body: Json };
      return { ...answer, body: { ...answer.body, infos: ["metric might not be a counter"] } };
    };
    const sample = await look(contextAt(server.url, { clock: systemClock(60) }));
    assert.ok(queries.includes('sum(rate(errors_total{deployment="green"}[5000ms]))'), queries.join("\n"));
    assert.match(sample.question, /Prometheus remarks: metric might not be a counter/);
  });

  it("tracks on different colours have no one candidate to ask for", async () => {
    const one = contextAt(server.url);
    const [track] = one.facts.tracks;
    const facts = { ...one.facts, tracks: [track!, { ...track!, name: "admin" }] };
    const sample = await look({ ...one, facts, candidate: { shop: "green", admin: "blue" } });
    assert.match(said(sample), /^nothing: the tracks are on different colours \(shop green, admin blue\)/);
  });

  it("nobody there is nothing; a release that ends is not", async () => {
    assert.match(
      said(await look(contextAt("http://127.0.0.1:1"))),
      /^nothing: .*cannot be reached: nothing listens/,
    );
    const stop = AbortSignal.abort(new Error("the release ended"));
    await assert.rejects(look(contextAt(server.url, { signal: stop })), /the release ended/);
  });

  it("beside the live side the value is a factor of what that one has", async () => {
    answers = (query) => asked(vector(query.includes('"green"') ? 3 : 2))(query);
    const context = contextAt(server.url, { clock: systemClock() });
    const provider = prometheusProvider(surroundingsWith({}));
    assert.equal(said(await beside(provider, gate, context)), "1.5 of 10");
    answers = (query) => asked(vector(query.includes('"green"') ? 3 : 0))(query);
    assert.match(said(await beside(provider, gate, context)), /^nothing: the live side has 0/);
    answers = (query) => asked(query.includes('"green"') ? vector(3) : vector())(query);
    assert.match(
      said(await beside(provider, gate, context)),
      /^nothing: of the live side: Prometheus has no such/,
    );
  });
});

describe("platform metrics of Azure", () => {
  const gate: MetricGateOf<"azureMonitor"> = metricGate(
    {
      provider: "azureMonitor",
      resource: "sqlDatabase",
      namespace: "Microsoft.Sql/servers/databases",
      metric: "cpu_percent",
      aggregation: "Average",
    },
    { telemetryDelaySeconds: 120 },
  );
  const now = new Date("2026-11-21T12:00:30Z");
  const clock = { ...systemClock(), now: () => now };
  let query: Readonly<Record<string, string>> = {};

  function look(answer: Json | undefined | Error, of = gate, speed = 1) {
    const arm = () => ({
      get: async (_id: string, _version: string, asked: Readonly<Record<string, string>>) => {
        query = asked;
        if (answer instanceof Error) throw answer;
        return answer;
      },
    });
    const surroundings = surroundingsWith({ arm: arm as unknown as Surroundings["arm"] });
    return azureMonitorProvider(surroundings).look(
      of,
      contextAt("https://x", { clock: { ...clock, speed } }),
    );
  }
  const metrics = (...data: Json[]) => ({ value: [{ errorCode: "Success", timeseries: [{ data }] }] });
  const point = (minute: number, average?: number) => ({
    timeStamp: `2026-11-21T11:${minute}:00Z`,
    ...(average !== undefined && { average }),
  });

  it("averages what was measured; a minute without a datum is missing, not 0", async () => {
    const sample = await look(metrics(point(54, 40), point(55), point(56, 60)));
    assert.equal(said(sample), "50 of 2");
    assert.equal(sample.kind === "value" && sample.at.toISOString(), "2026-11-21T11:57:00.000Z");
    assert.equal(query.timespan, "2026-11-21T11:53:00.000Z/2026-11-21T11:58:00.000Z");
    assert.deepEqual([query.interval, query.aggregation], ["PT1M", "Average"]);
  });

  it("a total of a minute is of one minute, whichever minutes Azure gives for it", async () => {
    const measurement = { ...gate.measurement, aggregation: "Total" } as const;
    const minutes = [57, 58].map((minute) => ({ timeStamp: `2026-11-21T11:${minute}:00Z`, total: 20_000 }));
    const sample = await look(metrics(...minutes), { ...gate, measurement, windowSeconds: 60 });
    assert.equal(query.timespan, "2026-11-21T11:57:00.000Z/2026-11-21T11:58:00.000Z");
    assert.equal(said(sample), "20000 of 1");
  });

  it("a total is the sum, a filter names the dimensions, in a rehearsal a minute is the least", async () => {
    const measurement = { ...gate.measurement, aggregation: "Total", dimensions: { Name: "a'b" } } as const;
    const sample = await look(
      metrics(
        { timeStamp: "2026-11-21T12:00:00Z", total: 3 },
        { timeStamp: "2026-11-21T11:59:00Z", total: 4 },
      ),
      { ...gate, measurement },
      60,
    );
    assert.equal(said(sample), "7 of 2");
    assert.equal(query.$filter, "Name eq 'a''b'");
    assert.equal(query.timespan, "2026-11-21T11:59:28.000Z/2026-11-21T12:00:28.000Z");
    assert.equal(sample.kind === "value" && sample.at.toISOString(), "2026-11-21T12:00:28.000Z");
  });

  const silent: readonly (readonly [string, Json | undefined | Error, RegExp])[] = [
    ["only empty minutes", metrics(point(55), point(56)), /nothing was measured in the window/],
    ["no series", { value: [{ timeseries: [] }] }, /nothing was measured in the window/],
    ["several series", { value: [{ timeseries: [{}, {}] }] }, /answered 2 series, not one/],
    ["no metric", { value: [] }, /answered no metrics/],
    ["an error in the metric", { value: [{ errorCode: "InternalError" }] }, /answered InternalError/],
    ["a resource that is gone", undefined, /is not there/],
    ["a text for a number", metrics({ ...point(55), average: "NaN" }), /nothing was measured/],
    ["Azure not reached", new UserError("Azure cannot be reached"), /Azure cannot be reached/],
  ];
  for (const [name, answer, expected] of silent) {
    it(`${name} is nothing`, async () => {
      const sample = await look(answer);
      assert.equal(sample.kind, "nothing");
      assert.match(said(sample), expected);
    });
  }

  it("a resource that the stack does not name is nothing", async () => {
    const sample = await look({}, { ...gate, measurement: { ...gate.measurement, resource: "plan" } });
    assert.match(said(sample), /names no resource plan/);
  });
});

describe("numbers from Log Analytics", () => {
  const gate = metricGate(
    { provider: "logAnalytics", query: "AppRequests | project errorPercent", column: "errorPercent" },
    {
      minimumSample: { of: "events", atLeast: 20, query: "AppRequests | count" },
      telemetryDelaySeconds: 180,
    },
  );
  const now = new Date("2026-11-21T12:00:00Z");
  const clock = { ...systemClock(), now: () => now };
  let asked: Json[] = [];

  function look(
    answer: object | string,
    status = 200,
    count: unknown = 25,
    { of = gate, measuredSince }: { of?: typeof gate; measuredSince?: Date } = {},
  ) {
    asked = [];
    const surroundings = surroundingsWith({
      fetchHttp: async ({ body, url, headers }) => {
        assert.equal(url.href, "https://api.loganalytics.io/v1/workspaces/w-1/query");
        assert.equal(headers?.authorization, `Bearer ${canary}`);
        const question = JSON.parse(String(body)) as Json;
        asked.push(question);
        const counting = String(question.query).endsWith("count");
        const text = counting
          ? JSON.stringify(table(["Count"], [count]))
          : typeof answer === "string"
            ? answer
            : JSON.stringify(answer);
        return { status: counting ? 200 : status, headers: {}, text };
      },
    });
    const context = contextAt("https://x", { clock, ...(measuredSince && { measuredSince }) });
    return logAnalyticsProvider(surroundings).look(of, context);
  }
  const table = (columns: string[], ...rows: unknown[][]) => ({
    tables: [{ name: "PrimaryResult", columns: columns.map((name) => ({ name, type: "real" })), rows }],
  });

  it("reads the window as far back as the telemetry is late, and counts by the gate's own query", async () => {
    const sample = await look(table(["errorPercent"], [0.5]));
    assert.equal(said(sample), "0.5 of 25");
    assert.equal(sample.kind === "value" && sample.at.toISOString(), "2026-11-21T11:57:00.000Z");
    assert.deepEqual(
      asked.map(({ timespan }) => timespan),
      Array(2).fill("2026-11-21T11:52:00.000Z/2026-11-21T11:57:00.000Z"),
    );
  });

  it("of the time in which the traffic was another's it reads nothing, unless the gate reaches back", async () => {
    const answer = table(["errorPercent"], [0.5]);
    const spans = async (since: string, of = gate) => {
      const sample = await look(answer, 200, 25, { of, measuredSince: new Date(since) });
      return [said(sample), ...new Set(asked.map(({ timespan }) => timespan))];
    };
    assert.deepEqual(await spans("2026-11-21T11:54:00Z"), [
      "0.5 of 25",
      "2026-11-21T11:54:00.000Z/2026-11-21T11:57:00.000Z",
    ]);
    assert.deepEqual(await spans("2026-11-21T11:00:00Z"), [
      "0.5 of 25",
      "2026-11-21T11:52:00.000Z/2026-11-21T11:57:00.000Z",
    ]);
    assert.deepEqual(await spans("2026-11-21T11:58:00Z"), [
      "nothing: logs are 180 s late, and too little is there of the time since the traffic came",
    ]);
    const [tooLittle] = await spans("2026-11-21T11:58:00Z");
    assert.deepEqual(await spans("2026-11-21T11:56:30Z"), [tooLittle]);
    assert.deepEqual(await spans("2026-11-21T11:54:00Z", { ...gate, wholeWindow: true }), [tooLittle]);
    assert.deepEqual(await spans("2026-11-21T11:52:00Z", { ...gate, wholeWindow: true }), [
      "0.5 of 25",
      "2026-11-21T11:52:00.000Z/2026-11-21T11:57:00.000Z",
    ]);
    assert.deepEqual(await spans("2026-11-21T11:58:00Z", { ...gate, reachesBack: true }), [
      "0.5 of 25",
      "2026-11-21T11:52:00.000Z/2026-11-21T11:57:00.000Z",
    ]);
  });

  it("a count that is no number is 0 events", async () => {
    assert.equal(said(await look(table(["errorPercent"], [0.5]), 200, null)), "0.5 of 0");
  });

  const silent: readonly (readonly [string, object | string, number, RegExp])[] = [
    ["no row", table(["errorPercent"]), 200, /yields no row/],
    ["two rows", table(["errorPercent"], [1], [2]), 200, /yields 2 rows/],
    ["another column", table(["other"], [1]), 200, /has no column errorPercent/],
    ["null", table(["errorPercent"], [null]), 200, /errorPercent is null/],
    ["NaN as text", table(["errorPercent"], ["NaN"]), 200, /errorPercent is "NaN"/],
    ["a row that is too short", table(["a", "errorPercent"], [1]), 200, /does not fit its columns/],
    [
      "a part of the answer",
      { ...table(["errorPercent"], [1]), error: { code: "PartialError" } },
      200,
      /a part of the answer only: PartialError/,
    ],
    ["no table", {}, 200, /gave no table/],
    ["a page of a proxy", "<html>", 200, /no JSON/],
    ["a workspace that is gone", {}, 404, /knows no such workspace/],
    ["no right", {}, 403, /refuses who asks \(403\); whoever runs the release needs Log Analytics Reader/],
    ["too many questions", {}, 429, /asked too often/],
    ["a broken service", "", 500, /answered 500/],
  ];
  for (const [name, answer, status, expected] of silent) {
    it(`${name} is nothing`, async () => {
      const sample = await look(answer, status);
      assert.equal(sample.kind, "nothing");
      assert.match(said(sample), expected);
    });
  }

  it("nobody there is nothing", async () => {
    const surroundings = surroundingsWith({
      fetchHttp: async (request) => {
        try {
          return await exchange({ ...request, url: new URL("http://127.0.0.1:1/") });
        } catch (error) {
          throw new UserError("nothing listens there", { cause: error, retriable: true });
        }
      },
    });
    const sample = await logAnalyticsProvider(surroundings).look(gate, contextAt("https://x", { clock }));
    assert.match(said(sample), /^nothing: nothing listens there/);
  });
});
