import assert from "node:assert/strict";
import type { HttpAnswer } from "../../../release/clients/http";
import type { HostRequest } from "../../../release/clients/surroundings";
import type { Asking } from "../../../release/gates/asking";
import { channelProvider } from "../../../release/gates/channel";
import { dashboardsProvider } from "../../../release/gates/dashboards";
import type { GateContext, Sample } from "../../../release/gates/gate-provider";
import { pagerDutyProvider } from "../../../release/gates/pager-duty";
import { isJson, type Json } from "../../../release/targets/json";
import { UserError } from "../../../release/user-error";
import type { CheckGate } from "../../../runbooks/entry-basics";
import type { ReleaseFacts } from "../../../runbooks/release-facts";
import { canary, checkGate, contextAt, surroundingsWith } from "../support/gates";

/** What is faked: PagerDuty, Grafana and whoever takes messages. What is not: how they are asked and understood. */

type Reply = Json | readonly Json[] | number | Error;

interface Asked {
  readonly requests: HostRequest[];
  readonly asking: Asking;
}

/** @param replies by the beginning of the path */
function world(replies: Readonly<Record<string, Reply>>, secret: string | Error = canary): Asked {
  const requests: HostRequest[] = [];
  const fetchHttp = async (request: HostRequest): Promise<HttpAnswer> => {
    requests.push(request);
    const reply = Object.entries(replies).find(([path]) => request.url.pathname.startsWith(path))?.[1];
    if (reply instanceof Error) throw reply;
    if (typeof reply === "number" || reply === undefined)
      return { status: reply ?? 404, headers: {}, text: `<html>${canary}</html>` };
    const { $status: status = 200, ...rest } = reply as Json;
    const body = isJson(reply) ? rest : reply;
    return { status: Number(status), headers: {}, text: JSON.stringify(body) };
  };
  return {
    requests,
    asking: {
      surroundings: surroundingsWith({ fetchHttp }),
      view: { release: "r-1" },
      secret: async () => {
        if (secret instanceof Error) throw secret;
        return secret;
      },
    } as unknown as Asking,
  };
}

function said(sample: Sample): string {
  assert.ok(!JSON.stringify(sample).includes(canary), JSON.stringify(sample));
  if (sample.kind === "nothing") return `nothing: ${sample.why}`;
  assert.ok(sample.kind === "answer");
  return `${sample.holds}: ${sample.seen}`;
}

function contextWith(facts: Partial<ReleaseFacts>, more: Partial<GateContext> = {}): GateContext {
  const context = contextAt("http://127.0.0.1:1", more);
  return { ...context, facts: { ...context.facts, ...facts } };
}

const gone = new UserError("nobody answers", { retriable: true });

describe("PagerDuty", () => {
  const facts = { pagerDuty: { serviceId: "PS1", tokenSecret: "pagerduty-api-token" } };
  const service: Json = { service: { escalation_policy: { id: "PE1" } } };
  const reachable = { id: "U1", name: "Ann", contact_methods: [{ type: "phone_contact_method" }] };
  const onCall = (user: Json, level = 1, schedule?: string): Json => ({
    escalation_level: level,
    user,
    schedule: schedule === undefined ? null : { id: schedule },
  });
  const outcome = async (expects: string, replies: Readonly<Record<string, Reply>>, more = facts) => {
    const gate = checkGate({ provider: "pagerDuty", expects } as never) as never;
    return said(await pagerDutyProvider(world(replies).asking).look(gate, contextWith(more)));
  };
  const calls = (...oncalls: Json[]) => ({ "/services/PS1": service, "/oncalls": { oncalls } });
  /** A level for each schedule, and behind them somebody who is on call always. */
  const policy = (...schedules: string[]) => {
    const targets = [
      ...schedules.map((id) => ({ id, type: "schedule_reference" })),
      { id: "U1", type: "user_reference" },
    ];
    const escalation_rules = targets.map((target) => ({ targets: [target] }));
    return {
      "/services/PS1": service,
      "/escalation_policies/PE1": { escalation_policy: { escalation_rules } },
    };
  };
  const filled = (percent: number, name?: string): Json => ({
    schedule: { name, final_schedule: { rendered_coverage_percentage: percent } },
  });

  const rows: readonly (readonly [string, string, Readonly<Record<string, Reply>>, RegExp])[] = [
    ["somebody on call", "onCallReachable", calls(onCall(reachable)), /^true: on call and reachable: Ann/],
    ["nobody on call", "onCallReachable", calls(), /^false: nobody is on call at the first level/],
    ["the second level alone", "onCallReachable", calls(onCall(reachable, 2)), /^false: nobody/],
    [
      "somebody who has a mailbox only",
      "onCallReachable",
      calls(onCall({ ...reachable, contact_methods: [{ type: "email_contact_method" }] })),
      /^false: Ann on call, whom nothing reaches/,
    ],
    ["no incident", "noOpenIncident", { "/incidents": { incidents: [] } }, /^true: no incident is open/],
    [
      "an incident",
      "noOpenIncident",
      { "/incidents": { incidents: [{ id: "I", title: "Shop down" }], more: true } },
      /^false: open: Shop down; and more/,
    ],
    [
      "a filled schedule",
      "scheduleFilled",
      { ...policy("S1"), "/schedules/S1": filled(100) },
      /^true: 1 schedules are filled for 24 h/,
    ],
    [
      "a schedule with a gap",
      "scheduleFilled",
      { ...policy("S1"), "/schedules/S1": filled(66.7, "Primary") },
      /^false: Primary is filled for 66.7 % of the next 24 h/,
    ],
    [
      "a schedule on which nobody is on call now, behind one that is filled",
      "scheduleFilled",
      {
        ...policy("S1", "S2"),
        ...calls(onCall(reachable, 1, "S1")),
        "/schedules/S1": filled(100),
        "/schedules/S2": filled(0, "Managers"),
      },
      /^false: Managers is filled for 0 % of the next 24 h/,
    ],
    ["no schedule", "scheduleFilled", policy(), /^false: .*names no schedule/],
    [
      "a schedule that does not tell",
      "scheduleFilled",
      { ...policy("S1"), "/schedules/S1": { schedule: {} } },
      /^nothing: .*how much of the schedule S1/,
    ],
    [
      "a policy that does not tell",
      "scheduleFilled",
      { "/services/PS1": service, "/escalation_policies/PE1": {} },
      /^nothing: PagerDuty answered without escalation_rules/,
    ],
    ["no list", "noOpenIncident", { "/incidents": {} }, /^nothing: PagerDuty answered without incidents/],
    [
      "no JSON",
      "noOpenIncident",
      { "/incidents": 200 },
      /^nothing: PagerDuty answered 200 with what is no JSON/,
    ],
    [
      "no right",
      "noOpenIncident",
      { "/incidents": 401 },
      /^nothing: PagerDuty refuses .*pagerduty-api-token must be/,
    ],
    ["too often", "noOpenIncident", { "/incidents": 429 }, /^nothing: .*too often/],
    [
      "an unknown service",
      "onCallReachable",
      {},
      /^nothing: PagerDuty knows no \/services\/PS1; is kirana-store:pagerDutyServiceId right/,
    ],
    ["nobody", "noOpenIncident", { "/incidents": gone }, /^nothing: nobody answers/],
  ];
  for (const [what, expects, replies, expected] of rows) {
    it(`${expects} with ${what}: ${expected.source}`, async () =>
      assert.match(await outcome(expects, replies), expected));
  }

  it("asks for incidents of any time: PagerDuty lists those of a month by itself", async () => {
    const { requests, asking } = world({ "/incidents": { incidents: [] } });
    const gate = checkGate({ provider: "pagerDuty", expects: "noOpenIncident" });
    await pagerDutyProvider(asking).look(gate, contextWith(facts));
    assert.deepEqual(
      requests.map(({ url }) => url.searchParams.get("date_range")),
      ["all"],
    );
  });

  describe("onCallReachable until the release is planned to have ended (STO-226)", () => {
    const now = new Date("2026-11-24T18:00:00Z");
    const until = new Date("2026-11-25T01:00:00Z");
    const shift = (user: Json, start: string | null, end: string | null, level = 1) => ({
      ...onCall(user, level),
      start,
      end,
    });
    const bob = { ...reachable, id: "U2", name: "Bob" };
    const mailbox = { id: "U3", name: "Cid", contact_methods: [{ type: "email_contact_method" }] };
    const look = async (...pages: readonly (readonly Json[])[]) => {
      const { requests, asking } = world({ "/services/PS1": service });
      let page = 0;
      const fetchHttp = async (request: HostRequest): Promise<HttpAnswer> => {
        if (request.url.pathname !== "/oncalls") return asking.surroundings.fetchHttp(request);
        requests.push(request);
        const body = { oncalls: pages[page], more: page < pages.length - 1 };
        page++;
        return { status: 200, headers: {}, text: JSON.stringify(body) };
      };
      const surroundings = surroundingsWith({ fetchHttp });
      const gate = checkGate({ provider: "pagerDuty", expects: "onCallReachable" });
      const context = contextWith(facts);
      const clock = { ...context.clock, now: () => now };
      const provider = pagerDutyProvider({ ...asking, surroundings, plannedEnd: () => until });
      const sample = await provider.look(gate, { ...context, clock });
      return { requests, seen: said(sample) };
    };

    it("asks for the whole time, and all pages of it", async () => {
      const first = shift(reachable, "2026-11-24T10:00:00Z", "2026-11-24T22:00:00Z");
      const { requests, seen } = await look([first], [shift(bob, "2026-11-24T22:00:00Z", null)]);
      assert.equal(seen, "true: on call and reachable: Ann, Bob, until 2026-11-25T01:00:00.000Z");
      const asked = requests
        .filter(({ url }) => url.pathname === "/oncalls")
        .map(({ url }) => url.searchParams);
      assert.deepEqual(
        asked.map((query) => [query.get("since"), query.get("until"), query.get("offset")]),
        ["0", "1"].map((offset) => [now.toISOString(), until.toISOString(), offset]),
      );
    });

    it("is not met by somebody whose shift ends before", async () => {
      const { seen } = await look([shift(reachable, "2026-11-24T10:00:00Z", "2026-11-24T18:10:00Z")]);
      assert.match(
        seen,
        /^false: nobody who can be reached from 2026-11-24T18:10:00.000Z to 2026-11-25T01:00:00.000Z; on call .*Ann$/,
      );
    });

    it("names each gap, and counts nobody whom nothing reaches or who is of the second level", async () => {
      const { seen } = await look([
        shift(bob, "2026-11-24T23:00:00Z", "2026-11-25T06:00:00Z"),
        shift(reachable, "2026-11-24T18:30:00Z", "2026-11-24T21:00:00Z"),
        shift(mailbox, "2026-11-24T21:00:00Z", "2026-11-24T23:00:00Z"),
        shift({ ...bob, id: "U4" }, null, null, 2),
      ]);
      assert.match(seen, /^false: .*from 2026-11-24T18:00:00.000Z to 2026-11-24T18:30/);
      assert.match(seen, /, from 2026-11-24T21:00:00.000Z to 2026-11-24T23:00:00.000Z; .*Cid on call, whom/);
    });

    it("is met by who is on call always, and by shifts that overlap", async () => {
      assert.match((await look([shift(reachable, null, null)])).seen, /^true: /);
      const overlapping = [
        shift(reachable, "2026-11-24T10:00:00Z", "2026-11-24T20:00:00Z"),
        shift(bob, "2026-11-24T19:00:00Z", "2026-11-25T02:00:00Z"),
        shift(reachable, "2026-11-24T19:30:00Z", "2026-11-24T19:40:00Z"),
      ];
      assert.match((await look(overlapping)).seen, /^true: /);
    });

    it("is nothing with a time that cannot be read", async () => {
      assert.match((await look([shift(reachable, "soon", null)])).seen, /^nothing: .*not as a time: soon/);
    });
  });

  it("asks for incidents of the system's own service, as its token's owner", async () => {
    const { requests, asking } = world({ "/incidents": { incidents: [] } });
    await pagerDutyProvider(asking).look(
      checkGate({ provider: "pagerDuty", expects: "noOpenIncident" }),
      contextWith(facts),
    );
    assert.deepEqual(requests[0]!.url.searchParams.getAll("service_ids[]"), ["PS1"]);
    assert.equal(requests[0]!.headers!.authorization, `Token token=${canary}`);
  });

  it("is nothing without a service in the facts, or a token in the vault", async () => {
    assert.match(
      await outcome("noOpenIncident", {}, {} as never),
      /^nothing: .*set kirana-store:pagerDutyServiceId/,
    );
    const { asking } = world({}, new UserError("the secret cannot be read", { mend: "put it there" }));
    const gate = checkGate({ provider: "pagerDuty", expects: "noOpenIncident" });
    const sample = await pagerDutyProvider(asking).look(gate, contextWith(facts));
    assert.match(said(sample), /^nothing: the secret cannot be read; put it there/);
  });
});

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

describe("a channel", () => {
  const address = `https://hooks.example/services/${canary}`;
  const gateOf = (check: object) =>
    checkGate({ provider: "channel", ...check } as never, {} as Partial<CheckGate>) as never;
  const outcome = async (
    check: object,
    replies: Readonly<Record<string, Reply>>,
    secret: string | Error = address,
  ) => said(await channelProvider(world(replies, secret).asking).look(gateOf(check), contextWith({})));
  const slack = { channel: "slack", secret: "slack-webhook", message: "hello" };
  const taken: Json = { $status: 202, status: "success" };

  const rows: readonly (readonly [string, object, Readonly<Record<string, Reply>>, RegExp])[] = [
    ["that takes the message", slack, { "/services": {} }, /^true: slack took the message at 20/],
    [
      "by a webhook",
      { channel: "webhook", secret: "n8n" },
      { "/services": {} },
      /^true: webhook took the message at/,
    ],
    [
      "whose address is stale",
      slack,
      { "/services": 404 },
      /^false: Slack at hooks.example refused it \(status 404\)/,
    ],
    ["that fails", slack, { "/services": 503 }, /^nothing: Slack at .* \(status 503\)/],
    ["that is asked too often", slack, { "/services": 429 }, /^nothing: Slack at .* \(status 429\)/],
    [
      "that nobody answers for",
      slack,
      { "/services": gone },
      /^nothing: Slack at hooks.example does not answer/,
    ],
    ["without a secret", { channel: "webhook" }, {}, /^nothing: the contract names no secret/],
    ["by mail", { channel: "mail" }, {}, /^nothing: no mail server tells whether/],
    [
      "by a page",
      { channel: "pagerDuty" },
      { "/v2/enqueue": taken },
      /^true: pagerDuty took the message at .*the page is resolved/,
    ],
    [
      "by a page with a stale key",
      { channel: "pagerDuty" },
      { "/v2/enqueue": 400 },
      /^false: PagerDuty at .* \(status 400\)/,
    ],
  ];
  for (const [what, check, replies, expected] of rows) {
    it(`${what}: ${expected.source}`, async () => assert.match(await outcome(check, replies), expected));
  }

  it("whose secret cannot be read is nothing, and one that is no address fails", async () => {
    const unread = new UserError("the secret cannot be read");
    assert.match(await outcome(slack, {}, unread), /^nothing: the secret cannot/);
    assert.match(await outcome(slack, {}, "not an address"), /^false: .*no https address; its owner has to/);
  });

  it("by a page that cannot be resolved says so", async () => {
    const { requests, asking } = world({}, "routing-key-of-a-test");
    const fetchHttp = async (request: HostRequest): Promise<HttpAnswer> => {
      requests.push(request);
      if (requests.length > 1) throw gone;
      return { status: 202, headers: {}, text: "{}" };
    };
    const provider = channelProvider({ ...asking, surroundings: surroundingsWith({ fetchHttp }) });
    const sample = await provider.look(gateOf({ channel: "pagerDuty" }), contextWith({}));
    assert.match(said(sample), /^true: .*could not be resolved: resolve it by hand/);
  });

  it("is written to once, however often its gate is looked at in a phase", async () => {
    const { requests, asking } = world({ "/services": {} }, address);
    const provider = channelProvider(asking);
    const context = contextWith({});
    for (let look = 0; look < 3; look++)
      assert.match(said(await provider.look(gateOf(slack), context)), /^true/);
    assert.equal(requests.length, 1);
    await provider.look(gateOf(slack), { ...context, phaseBegan: new Date() });
    assert.equal(requests.length, 2);
  });

  it("raises and resolves one page by the same key", async () => {
    const { requests, asking } = world({ "/v2/enqueue": taken }, "routing-key-of-a-test");
    await channelProvider(asking).look(gateOf({ channel: "pagerDuty" }), contextWith({}));
    const events = requests.map(({ body }) => JSON.parse(String(body)) as Json);
    assert.deepEqual(
      events.map(({ event_action }) => event_action),
      ["trigger", "resolve"],
    );
    assert.equal(events[0]!.dedup_key, events[1]!.dedup_key);
  });
});
