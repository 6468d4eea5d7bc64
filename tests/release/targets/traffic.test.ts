import assert from "node:assert/strict";
import fc from "fast-check";
import { backendRefs, gatewayTraffic, initialRoute } from "../../../release/targets/gateway";
import type { Json } from "../../../release/targets/json";
import { initialService, selectorTo, selectorTraffic } from "../../../release/targets/selector";
import { slotTraffic } from "../../../release/targets/slots";
import { gatewayTarget, selectorTarget, slotsTarget } from "../support/targets";

const service = (selector: Json): Json => ({ spec: { selector } });
const route = (...rules: (readonly Json[])[]): Json => ({
  spec: { rules: rules.map((refs) => ({ backendRefs: refs })) },
});
const label = fc.stringMatching(/^[a-z]{1,8}$/);

describe("traffic of a Service", () => {
  it("is whole with the colour that the selector names, in whatever order its labels stand", () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          label.filter((key) => key !== "deployment"),
          label,
          { minKeys: 1 },
        ),
        fc.constantFrom("blue" as const, "green" as const),
        (labels, colour) => {
          const target = { ...selectorTarget, selector: labels };
          const selector = selectorTo(target, colour);
          const turned = Object.fromEntries(Object.entries(selector).reverse());
          const expected = { blue: colour === "blue" ? 100 : 0, green: colour === "green" ? 100 : 0 };
          assert.deepEqual(selectorTraffic(target, service(turned)), expected);
        },
      ),
    );
  });

  it("cannot be told from a selector with any other label, colour or value: the message has what is there and what may be", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom("app", "deployment", "tier"), label), (selector) => {
        assert.throws(() => selectorTraffic(selectorTarget, service(selector)), {
          name: "UserError",
          message:
            /Service shop\/web selects .* which is neither colour; allowed are .*"blue".* and .*"green"/,
        });
      }),
    );
    assert.throws(() => selectorTraffic(selectorTarget, service({ app: "web", deployment: "purple" })), {
      mend: /kubectl -n shop patch service web/,
    });
  });

  it("cannot be told from a Service without a selector", () => {
    assert.throws(() => selectorTraffic(selectorTarget, { spec: {} }), /selects \{\}/);
  });

  it("is the initial colour's in the Service as it is first made", () => {
    const made = initialService(selectorTarget, "shop", "green");
    assert.deepEqual(selectorTraffic(selectorTarget, made), { blue: 0, green: 100 });
    assert.deepEqual((made.spec as Json).ports, [
      { name: "http", port: 80, targetPort: "http", protocol: "TCP" },
    ]);
  });
});

describe("traffic of an HTTPRoute", () => {
  it("is its weights, whatever the number of rules and the order of backends", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 100 }),
        fc.integer({ min: 1, max: 4 }),
        fc.boolean(),
        (green, rules, turned) => {
          const refs = [...backendRefs(gatewayTarget, { blue: 100 - green, green })];
          if (turned) refs.reverse();
          assert.deepEqual(
            gatewayTraffic(gatewayTarget, route(...Array.from({ length: rules }, () => refs))),
            {
              blue: 100 - green,
              green,
            },
          );
        },
      ),
    );
  });

  it("is refused when weights do not add up to 100", () => {
    fc.assert(
      fc.property(fc.nat(300), fc.nat(300), (blue, green) => {
        fc.pre(blue + green !== 100);
        assert.throws(
          () => gatewayTraffic(gatewayTarget, route(backendRefs(gatewayTarget, { blue, green }))),
          {
            message: new RegExp(`blue ${blue} and green ${green}, together ${blue + green};`),
            mend: /kubectl -n shop edit httproute shop/,
          },
        );
      }),
    );
  });

  it("counts a backend that is left out as 0, and one without a weight as 1", () => {
    assert.deepEqual(gatewayTraffic(gatewayTarget, route([{ name: "web-blue", weight: 100 }])), {
      blue: 100,
      green: 0,
    });
    assert.throws(() => gatewayTraffic(gatewayTarget, route([{ name: "web-blue" }])), /together 1/);
  });

  it("is refused for a backend that is neither colour, a weight that is no whole number, rules that disagree, no rules", () => {
    const refused = (object: Json) => {
      try {
        gatewayTraffic(gatewayTarget, object);
      } catch (error) {
        return (error as Error).message;
      }
      throw new Error("was let through");
    };
    assert.match(
      refused(route([{ name: "web-purple", weight: 100 }])),
      /rule 0 to "web-purple", which is neither/,
    );
    assert.match(refused(route([{ name: "web-blue", weight: -5 }])), /gives blue the weight -5/);
    assert.match(refused(route([{ name: "web-blue", weight: 99.5 }])), /gives blue the weight 99.5/);
    assert.match(refused(route([{ name: "web-blue", weight: "100" }])), /gives blue the weight "100"/);
    const [left, right] = [
      backendRefs(gatewayTarget, { blue: 90, green: 10 }),
      backendRefs(gatewayTarget, { blue: 10, green: 90 }),
    ];
    assert.match(refused(route(left, right)), /rule 0 blue 90 and green 10, rule 1 blue 10 and green 90/);
    assert.match(refused({ spec: {} }), /has no rules/);
  });

  it("is the initial colour's in the route as it is first made", () => {
    const made = initialRoute(gatewayTarget, "shop", "blue");
    assert.deepEqual(gatewayTraffic(gatewayTarget, made), { blue: 100, green: 0 });
    assert.deepEqual((made.spec as Json).parentRefs, [
      { group: "gateway.networking.k8s.io", kind: "Gateway", name: "edge", namespace: "platform" },
    ]);
  });
});

describe("traffic of a site with a slot", () => {
  const hosts = ["shop-functions-staging.azurewebsites.net"];
  const rules = (...list: Json[]): Json => ({ properties: { experiments: { rampUpRules: list } } });
  const rule = (reroutePercentage: unknown, actionHostName = hosts[0]) => ({
    name: "staging",
    actionHostName,
    reroutePercentage,
  });

  it("stays with production but for the share of the ramp rule, host names compared without case", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), (share) => {
        assert.deepEqual(slotTraffic(slotsTarget, rules(rule(share, hosts[0]!.toUpperCase())), hosts), {
          production: 100 - share,
          staging: share,
        });
      }),
    );
  });

  it("is all production's without rules, as after a swap", () => {
    for (const configuration of [{}, { properties: { experiments: null } }, rules()]) {
      assert.deepEqual(slotTraffic(slotsTarget, configuration, hosts), { production: 100, staging: 0 });
    }
  });

  it("is refused for a rule to another host, no percentage, or more than there is", () => {
    assert.throws(
      () => slotTraffic(slotsTarget, rules(rule(10, "elsewhere.test")), hosts),
      /10 % to "elsewhere.test", which is not the slot/,
    );
    assert.throws(() => slotTraffic(slotsTarget, rules(rule("10")), hosts), /reroutes "10" percent/);
    assert.throws(() => slotTraffic(slotsTarget, rules(rule(Number.NaN)), hosts), /percent/);
    assert.throws(() => slotTraffic(slotsTarget, rules(rule(60), rule(60)), hosts), {
      message: /together reroute 120 percent/,
      mend: /az webapp traffic-routing clear/,
    });
  });

  it("does not care where a rule of 0 percent leads", () => {
    assert.deepEqual(slotTraffic(slotsTarget, rules(rule(0, "elsewhere.test")), hosts).staging, 0);
  });
});
