import assert from "node:assert/strict";
import { customRules } from "../../../infra/azure/edge-firewall";

const base = {
  subscriptionId: "s",
  resourceGroupName: "g",
  location: "westus2",
  tags: {},
  guarded: false,
  policyName: "edge",
  requestsPerMinute: 100,
  uncountedRanges: [],
  blockedPaths: ["/metrics", "/actuator"],
  mode: "Prevention",
} as const;

const ruleOf = (args: Parameters<typeof customRules>[0], name: string) =>
  customRules(args).find((rule) => rule.name === name);

/** Whether a rule on the request's address means this one. Front Door writes the whole address, with the port. */
const meets = (path: string, address: string) => {
  const [condition] = ruleOf({ ...base, blockedPaths: [path] }, "BlockedPaths")!.matchConditions;
  return new RegExp(condition!.matchValue[0]!).test(address.toLowerCase());
};

describe("the firewall of a site", () => {
  it("means a path and all below it, with a query or without, and no path that only begins alike", () => {
    for (const path of ["/metrics", "/metrics/", "/metrics?a=b", "/METRICS", "/metrics/heap", "/metrics;a"]) {
      assert.equal(meets("/metrics", `https://api.test:443${path}`), true, path);
    }
    for (const path of ["/metrics-of-sales", "/api/metrics", "/?next=/metrics", "/"]) {
      assert.equal(meets("/metrics", `https://api.test:443${path}`), false, path);
    }
    assert.equal(meets("/a.b", "https://api.test:443/axb"), false, "a full stop is no wildcard");
  });

  it("counts every address but those that are let through", () => {
    const [all] = ruleOf(base, "RateLimit")!.matchConditions;
    assert.deepEqual([all!.matchValue, all!.negateCondition], [["0.0.0.0/0", "::/0"], undefined]);
    const [others] = ruleOf({ ...base, uncountedRanges: ["203.0.113.0/28"] }, "RateLimit")!.matchConditions;
    assert.deepEqual([others!.matchValue, others!.negateCondition], [["203.0.113.0/28"], true]);
  });

  it("lets only the given addresses to what is restricted, and nobody where none is given", () => {
    const restricted = { hosts: ["admin.test"], pathPrefixes: ["/admin"], allowedRanges: ["203.0.113.0/28"] };
    for (const name of ["RestrictedHosts", "RestrictedPaths"]) {
      const [, inside] = ruleOf({ ...base, restricted }, name)!.matchConditions;
      assert.deepEqual([inside!.matchValue, inside!.negateCondition], [["203.0.113.0/28"], true], name);
      const closed = ruleOf({ ...base, restricted: { ...restricted, allowedRanges: [] } }, name)!;
      assert.equal(closed.matchConditions.length, 1, name);
      assert.equal(closed.action, "Block");
    }
    assert.equal(ruleOf(base, "RestrictedHosts"), undefined);
  });

  it("gives no two rules the same priority, and blocks before it counts", () => {
    const restricted = { hosts: ["admin.test"], pathPrefixes: ["/admin"], allowedRanges: [] };
    const rules = customRules({ ...base, restricted });
    const priorities = rules.map(({ priority }) => priority);
    assert.deepEqual(
      priorities,
      [...new Set(priorities)].sort((left, right) => left - right),
    );
    assert.equal(rules.at(-1)?.name, "RateLimit");
  });
});
