import assert from "node:assert/strict";
import type { HttpAnswer } from "../../../release/clients/http";
import type { HostRequest } from "../../../release/clients/surroundings";
import type { Asking } from "../../../release/gates/asking";
import { azureResourceProvider } from "../../../release/gates/azure-resource";
import type { GateContext, GateProvider, Sample } from "../../../release/gates/gate-provider";
import { logsProvider } from "../../../release/gates/logs";
import { toolProvider } from "../../../release/gates/tool";
import { vaultProvider } from "../../../release/gates/vault";
import { UserError } from "../../../release/user-error";
import type { CheckGate } from "../../../runbooks/entry-basics";

/** What is faked: the answers of Azure. What is not: the providers, and the tool that is run. */

const canary = "canary-bearer-token";
const now = new Date("2026-11-21T12:00:00Z");

function context(signal = new AbortController().signal): GateContext {
  return {
    environment: "staging",
    facts: {
      vault: { name: "kv", uri: "https://kv.vault.azure.net/", id: "/subscriptions/s/vaults/kv" },
      resources: { webApp: "/subscriptions/s/resourceGroups/g/providers/Microsoft.Web/sites/app" },
      workspace: { id: "/w", customerId: "w-1" },
      hosts: {},
    },
    candidate: { api: "green" },
    live: { api: "blue" },
    clock: { now: () => now, speed: 1 },
    signal,
  } as unknown as GateContext;
}

function gateOf(check: object, timeoutSeconds = 5): CheckGate {
  return { name: "gate", word: "checkGate", check, timeoutSeconds } as unknown as CheckGate;
}

function asking(parts: {
  arm?: () => Promise<unknown>;
  fetchHttp?: (request: HostRequest) => Promise<HttpAnswer>;
}): Asking {
  return {
    surroundings: {
      environment: "staging",
      outside: { login: { token: async () => canary } },
      arm: () => ({ get: parts.arm }),
      fetchHttp: parts.fetchHttp,
    },
  } as unknown as Asking;
}

async function outcome(provider: GateProvider<CheckGate>, check: object): Promise<string> {
  return said(await provider.look(gateOf(check), context()));
}

function said(sample: Sample): string {
  assert.doesNotMatch(JSON.stringify(sample), /canary/);
  if (sample.kind === "nothing") return `nothing: ${sample.why}`;
  assert.ok(sample.kind === "answer");
  return `${sample.holds}: ${sample.seen}`;
}

const refusal = (message: string) => async () => {
  throw new UserError(message, { mend: "grant Reader" });
};

describe("secrets of the vault", () => {
  const check = { provider: "vault", secrets: ["one"], minimumDays: 14 };
  const day = 24 * 60 * 60;
  const at = (days: number) => now.getTime() / 1000 + days * day;
  const rows: readonly (readonly [what: string, arm: () => Promise<unknown>, expected: RegExp])[] = [
    ["is there", async () => ({ properties: { attributes: { enabled: true } } }), /^true/],
    ["lasts", async () => ({ properties: { attributes: { enabled: true, exp: at(15) } } }), /^true/],
    [
      "ends too soon",
      async () => ({ properties: { attributes: { enabled: true, exp: at(13) } } }),
      /^false: one expires/,
    ],
    [
      "is disabled",
      async () => ({ properties: { attributes: { enabled: false } } }),
      /^false: one is disabled/,
    ],
    [
      "is not to be used yet",
      async () => ({ properties: { attributes: { enabled: true, nbf: at(1) } } }),
      /^false: one is not to be used before 2026-11-22/,
    ],
    [
      "is to be used by now",
      async () => ({ properties: { attributes: { enabled: true, nbf: at(-1), exp: at(15) } } }),
      /^true/,
    ],
    ["is not there", async () => undefined, /^false: one is not there/],
    ["cannot be read", refusal("Azure forbids it"), /^nothing: Azure forbids it; grant Reader/],
    ["has an end of another kind", async () => ({ properties: { attributes: { exp: "soon" } } }), /^nothing/],
  ];
  for (const [what, arm, expected] of rows) {
    it(`a secret that ${what}: ${expected.source}`, async () => {
      assert.match(await outcome(vaultProvider(asking({ arm })), check), expected);
    });
  }
});

describe("properties of a resource", () => {
  const expects = [{ path: "properties.state", operator: "equals", value: "Running" }];
  const check = { provider: "azureResource", resource: "webApp", expects };
  const rows: readonly (readonly [what: string, arm: () => Promise<unknown>, expected: RegExp])[] = [
    ["as it must be", async () => ({ properties: { state: "Running" } }), /^true/],
    [
      "otherwise",
      async () => ({ properties: { state: "Stopped" } }),
      /^false: properties.state is "Stopped"/,
    ],
    ["empty", async () => ({}), /^false: properties.state is not there/],
    ["gone", async () => undefined, /^false: webApp does not exist/],
    ["forbidden", refusal("Azure forbids it"), /^nothing: Azure forbids it/],
  ];
  for (const [what, arm, expected] of rows) {
    it(`${what}: ${expected.source}`, async () => {
      assert.match(await outcome(azureResourceProvider(asking({ arm })), check), expected);
    });
  }

  it("a resource that the stack does not name is nothing", async () => {
    const provider = azureResourceProvider(asking({}));
    assert.match(
      await outcome(provider, { ...check, resource: "slot" }),
      /^nothing: .* names no resource slot/,
    );
  });

  it("no answer in the gate's time is nothing, and the end of the release is no sample", async () => {
    const never = azureResourceProvider({
      surroundings: {
        arm: (signal: AbortSignal) => ({
          get: () =>
            new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
        }),
      },
    } as unknown as Asking);
    assert.match(said(await never.look(gateOf(check, 0.02), context())), /^nothing: no answer within 0.02 s/);
    const stop = new AbortController();
    const looked = never.look(gateOf(check), context(stop.signal));
    stop.abort(new Error("stopped"));
    await assert.rejects(looked, /stopped/);
  });

  it("a bug is thrown", async () => {
    const arm = async () => {
      throw new TypeError("bug");
    };
    await assert.rejects(outcome(azureResourceProvider(asking({ arm })), check), TypeError);
  });
});

describe("rows of a log query", () => {
  const check = {
    provider: "logs",
    query: 'T | where side == "$candidate"',
    lookBackMinutes: 5,
    atMostRows: 0,
    proofOfLogs: "T | take 1",
  };
  const text = (status: number, body: unknown) => async (): Promise<HttpAnswer> => ({
    status,
    headers: {},
    text: typeof body === "string" ? body : JSON.stringify(body),
  });
  const rows: readonly (readonly [what: string, fetchHttp: () => Promise<HttpAnswer>, expected: RegExp])[] = [
    ["none", text(200, { tables: [{ rows: [] }] }), /^true: 0 rows/],
    ["one", text(200, { tables: [{ rows: [["x"]] }] }), /^false: 1 rows, at most 0/],
    ["a part", text(200, { tables: [{ rows: [] }], error: { code: "PartialError" } }), /^nothing: .*part/],
    ["no table", text(200, { tables: [] }), /^nothing: .*no table/],
    ["a page of a proxy", text(200, "<html>"), /^nothing: .*no JSON/],
    ["401", text(401, { token: canary }), /^nothing: .*\(401\); .*Log Analytics Reader/],
    ["403", text(403, {}), /^nothing: .*\(403\)/],
    ["404", text(404, {}), /^nothing: .*no such workspace/],
    ["429", text(429, {}), /^nothing: .*too often/],
    ["503", text(503, {}), /^nothing: .*503/],
    [
      "nobody",
      refusal(`nothing listens there ${canary}`) as () => Promise<HttpAnswer>,
      /^nothing: nothing listens there \*\*\*/,
    ],
  ];
  const arrives = text(200, { tables: [{ rows: [["x"]] }] });
  const isProof = ({ body }: HostRequest) => String(body).includes("take 1");
  for (const [what, reply, expected] of rows) {
    it(`${what}: ${expected.source}`, async () => {
      const fetchHttp = (request: HostRequest) => (isProof(request) ? arrives() : reply());
      assert.match(await outcome(logsProvider(asking({ fetchHttp })), check), expected);
    });
  }

  it("no rows where no logs arrive say nothing; rows say what they say", async () => {
    const none = text(200, { tables: [{ rows: [] }] });
    const silent = logsProvider(asking({ fetchHttp: none }));
    assert.match(await outcome(silent, check), /^nothing: no logs have come: in 5 min nothing/);
    const broken = logsProvider(
      asking({ fetchHttp: (request) => (isProof(request) ? text(500, {}) : none)() }),
    );
    assert.match(await outcome(broken, check), /^nothing: .*500/);
    const heard = logsProvider(asking({ fetchHttp: (request) => (isProof(request) ? none : arrives)() }));
    assert.match(await outcome(heard, check), /^false: 1 rows/);
  });

  it("rows of before the traffic count where the check does not say otherwise", async () => {
    const spans = async (more: object, since: string) => {
      const found = new Set<unknown>();
      const fetchHttp = async ({ body }: HostRequest) => {
        found.add((JSON.parse(String(body)) as { timespan: string }).timespan);
        return arrives();
      };
      const gate = gateOf({ ...check, ...more });
      await logsProvider(asking({ fetchHttp })).look(gate, { ...context(), measuredSince: new Date(since) });
      return [...found];
    };
    const cut = { sinceTraffic: true };
    assert.deepEqual(await spans(cut, "2026-11-21T11:58:00Z"), [
      "2026-11-21T11:58:00.000Z/2026-11-21T12:00:00.000Z",
    ]);
    assert.deepEqual(await spans(cut, "2026-11-21T11:50:00Z"), ["PT5M"]);
    assert.deepEqual(await spans({}, "2026-11-21T11:58:00Z"), ["PT5M"]);
  });

  it("the candidate's side is filled in", async () => {
    const bodies: unknown[] = [];
    const fetchHttp = async (request: HostRequest) => {
      bodies.push(JSON.parse(String(request.body)));
      return arrives();
    };
    await outcome(logsProvider(asking({ fetchHttp })), check);
    assert.deepEqual(bodies, [
      { query: 'T | where side == "green"', timespan: "PT5M" },
      { query: "T | take 1", timespan: "PT5M" },
    ]);
  });
});

describe("tools of this machine", () => {
  const rows: readonly (readonly [check: object, expected: RegExp])[] = [
    [{ tool: "node", minimumVersion: "20.0.0" }, /^true: \d+\.\d+\.\d+, at least 20.0.0/],
    [{ tool: "node", minimumVersion: "999.0.0" }, /^false: /],
    [{ tool: "no-such-tool" }, /^false: no-such-tool is not on PATH/],
    [{ tool: "no-such-tool", replacedBy: "a library" }, /^true: not needed: its work is done by a library$/],
    [{ tool: "false" }, /^nothing: false does not tell its version/],
  ];
  for (const [check, expected] of rows) {
    it(`${JSON.stringify(check)}: ${expected.source}`, async () => {
      assert.match(await outcome(toolProvider(), { provider: "tool", ...check }), expected);
    });
  }
});
