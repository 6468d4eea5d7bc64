import assert from "node:assert/strict";
import type { HttpAnswer } from "../../../release/clients/http";
import type { HostRequest } from "../../../release/clients/surroundings";
import { pagerDutyProvider } from "../../../release/gates/pager-duty";
import type { Json } from "../../../release/targets/json";
import { UserError } from "../../../release/user-error";
import { canary, checkGate, surroundingsWith } from "../support/gates";
import { contextWith, gone, type Reply, said, world } from "./support/people-world";

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
