import assert from "node:assert/strict";
import type { Asking } from "../../../release/gates/asking";
import { dnsProvider, type Records } from "../../../release/gates/dns";
import type { GateContext, GateProvider } from "../../../release/gates/gate-provider";
import { serviceHealthProvider } from "../../../release/gates/service-health";
import { UserError } from "../../../release/user-error";
import type { CheckGate } from "../../../runbooks/entry-basics";

/** What is faked: the name server's and Azure's answers. */

const context = {
  facts: {
    resourceGroupId: "/subscriptions/s/resourceGroups/g",
    location: "westus2",
    hosts: { api: { url: "https://api.example.com" } },
    outputs: { "api.siteHost": "app.azurewebsites.net" },
  },
  signal: new AbortController().signal,
} as unknown as GateContext;

async function outcome(
  provider: GateProvider<CheckGate>,
  check: object,
  timeoutSeconds = 5,
): Promise<string> {
  const sample = await provider.look({ name: "g", check, timeoutSeconds } as unknown as CheckGate, context);
  if (sample.kind === "nothing") return `nothing: ${sample.why}`;
  assert.ok(sample.kind === "answer");
  return `${sample.holds}: ${sample.seen}`;
}

describe("records of a host", () => {
  const check = { provider: "dns", host: "api", record: "CNAME", equalsOutput: "api.siteHost" };
  const fails = (code: string) => async () => {
    throw Object.assign(new Error(code), { code });
  };
  const of = (resolveCname: () => Promise<string[]>, cancel = () => {}) =>
    dnsProvider({} as Asking, () => ({ resolveCname, cancel }) as unknown as Records);
  const rows: readonly (readonly [what: string, answers: () => Promise<string[]>, expected: RegExp])[] = [
    ["as the stack says", async () => ["App.azurewebsites.net."], /^true/],
    ["another", async () => ["other.net"], /^false: api.example.com is other.net, expected app/],
    [
      "another beside it",
      async () => ["app.azurewebsites.net", "other.net"],
      /^false: .*, other.net, expected/,
    ],
    ["empty", async () => [], /^false: .*without records/],
    ["no such name", fails("ENOTFOUND"), /^false: api.example.com has no CNAME/],
    ["no such record", fails("ENODATA"), /^false/],
    ["unreachable", fails("ECONNREFUSED"), /^nothing: nothing listens/],
    ["silent", fails("ETIMEOUT"), /^nothing: .*does not answer/],
    ["refused", fails("EREFUSED"), /^nothing: .*refuses/],
    ["failed", fails("ESERVFAIL"), /^nothing: .*failed/],
    ["malformed", fails("EBADRESP"), /^nothing: .*malformed/],
    ["not known to the server", fails("ENOTIMP"), /^nothing: .*does not know such a question/],
    ["cut off", fails("EOF"), /^nothing: .*cut its answer off/],
  ];
  for (const [what, answers, expected] of rows) {
    it(`${what}: ${expected.source}`, async () => {
      assert.match(await outcome(of(answers), check), expected);
    });
  }

  it("at the end of its time the question is withdrawn", async () => {
    let withdraw = (_: Error) => {};
    const never = () =>
      new Promise<string[]>((_, reject) => {
        withdraw = reject;
      });
    const provider = of(never, () => withdraw(Object.assign(new Error(), { code: "ECANCELLED" })));
    assert.match(await outcome(provider, check, 0.02), /^nothing: no answer within 0.02 s/);
  });

  it("an output that the stack does not have is nothing", async () => {
    const provider = of(async () => []);
    assert.match(await outcome(provider, { ...check, equalsOutput: "x" }), /^nothing: .*has no x/);
  });

  it("a bug is thrown", async () => {
    await assert.rejects(outcome(of(fails("EOTHER")), check), /EOTHER/);
  });

  it("texts are put together from their parts", async () => {
    const records = {
      resolveTxt: async () => [["v=spf1 -all"], ["app.azure", "websites.net"]],
      cancel: () => {},
    };
    const provider = dnsProvider({} as Asking, () => records as unknown as Records);
    assert.match(await outcome(provider, { ...check, record: "TXT" }), /^true/);
  });
});

describe("health of Azure's services", () => {
  const check = { provider: "serviceHealth", services: ["App Service"] };
  const event = (service: string, more: object = {}) => ({
    properties: {
      eventType: "ServiceIssue",
      status: "Active",
      title: "Outage",
      impact: [{ impactedService: service }],
      ...more,
    },
  });
  const inRegions = (...names: string[]) => ({
    impact: [
      {
        impactedService: "App Service",
        impactedRegions: names.map((impactedRegion) => ({ impactedRegion, status: "Active" })),
      },
    ],
  });
  const over = (ended: string, active: string) => ({
    impact: [
      {
        impactedService: "App Service",
        impactedRegions: [
          { impactedRegion: ended, status: "Resolved" },
          { impactedRegion: active, status: "Active" },
        ],
      },
    ],
  });
  const fails = (message: string) => async () => {
    throw new UserError(message, { mend: "grant Reader" });
  };
  const rows: readonly (readonly [what: string, events: () => Promise<unknown>, expected: RegExp])[] = [
    ["no event", async () => [], /^true: no active/],
    [
      "an incident of the service",
      async () => [event("App Service (Linux)")],
      /^false: Outage \(App Service/,
    ],
    ["in the region", async () => [event("App Service", inRegions("West US 2"))], /^false: Outage/],
    [
      "in another region",
      async () => [event("App Service", inRegions("West Europe"))],
      /^true: .* in westus2/,
    ],
    ["in several", async () => [event("App Service", inRegions("East US", "West US 2"))], /^false: Outage/],
    [
      "that is over in the region, and not in another",
      async () => [event("App Service", over("West US 2", "East US"))],
      /^true: .* in westus2/,
    ],
    [
      "that is over in another region",
      async () => [event("App Service", over("East US", "West US 2"))],
      /^false: Outage/,
    ],
    ["everywhere", async () => [event("App Service", inRegions("Global"))], /^false: Outage/],
    ["in a list of no region", async () => [event("App Service", inRegions())], /^false: Outage/],
    ["in a region without a name", async () => [event("App Service", inRegions(""))], /^false: Outage/],
    ["by its full name", async () => [event("Azure App Service", inRegions("westus2"))], /^false: Outage/],
    ["of another", async () => [event("Storage")], /^true/],
    ["resolved", async () => [event("App Service", { status: "Resolved" })], /^true/],
    ["planned work", async () => [event("App Service", { eventType: "PlannedMaintenance" })], /^true/],
    ["malformed", async () => [{}], /^nothing: .*without type/],
    ["no subscription", async () => undefined, /^nothing: Azure knows no such subscription/],
    ["forbidden", fails("Azure forbids it"), /^nothing: Azure forbids it; grant Reader/],
    ["asked too often", fails("Azure refused it: status 429"), /^nothing: .*429/],
    ["unreachable", fails("Azure cannot be reached"), /^nothing: .*cannot be reached/],
  ];
  for (const [what, collection, expected] of rows) {
    it(`${what}: ${expected.source}`, async () => {
      const asking = { surroundings: { arm: () => ({ collection }) } } as unknown as Asking;
      assert.match(await outcome(serviceHealthProvider(asking), check), expected);
    });
  }
});
