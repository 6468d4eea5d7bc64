import assert from "node:assert/strict";
import fc from "fast-check";
import { blockedBy, spellingsOf } from "../../policies/azure/edge-firewall";
import { tells } from "../../policies/azure/prometheus-alerts";
import { switchedComponent } from "../../policies/kubernetes/cluster-systems";
import { plainSecret } from "../../policies/kubernetes/plain-secrets";
import { quantityOf } from "../../policies/kubernetes/quantity";
import { rulesByName } from "../../policies/registry";
import { secretInText } from "../../policies/secret-detection";
import { changed } from "./support/change";
import type { FixtureResource } from "./support/fixture";
import { declared, failingRules, findingsOf, judge, unknownText } from "./support/judge";
import { stackOf } from "./support/stacks";

describe("a quantity of Kubernetes", () => {
  it("is a number of cores or bytes", () => {
    for (const [text, value] of [
      ["250m", 0.25],
      ["2", 2],
      ["0.5", 0.5],
      ["512Mi", 512 * 2 ** 20],
      ["1Gi", 2 ** 30],
      ["1k", 1000],
    ] as const) {
      assert.equal(quantityOf(text), value, text);
    }
    for (const text of ["", "m", "1 Gi", "1GB", "-1", "1e3", true, undefined])
      assert.equal(quantityOf(text), undefined, String(text));
  });

  it("grows with its digits, whatever its unit", () => {
    const unit = fc.constantFrom("m", "", "Ki", "Mi", "Gi");
    fc.assert(
      fc.property(fc.nat(10_000), unit, (digits, suffix) => {
        assert.ok(quantityOf(`${digits + 1}${suffix}`)! > quantityOf(`${digits}${suffix}`)!);
      }),
    );
  });
});

describe("a Deployment's name", () => {
  it("says which component it is a colour of, and of none otherwise", () => {
    assert.equal(switchedComponent("retail-backend-blue")?.name, "retail-backend");
    assert.equal(switchedComponent("kirana-store-frontend-green")?.name, "kirana-store-frontend");
    for (const name of ["retail-backend", "retail-backend-red", "other-blue", "-blue", "blue"])
      assert.equal(switchedComponent(name), undefined, name);
  });
});

describe("a variable in clear", () => {
  it("is a secret by its name or its value", () => {
    for (const [name, value] of [
      ["JWT_SECRET", "abc"],
      ["DATABASE_PASSWORD", "1234"],
      ["URL", "postgresql://user:word@host/db"],
      ["JWT_EXPIRATION", "not a number"],
      ["SSL_KEY", "abc.key"],
    ] as const) {
      assert.ok(plainSecret(name, value), name);
    }
  });

  it("is none when it only sounds like one", () => {
    for (const [name, value] of [
      ["JWT_EXPIRATION", "86400000"],
      ["TOKEN_TTL", "15m"],
      ["ENABLE_TOKEN_REFRESH", "true"],
      ["PGSSLROOTCERT", "system"],
      ["xpack.security.http.ssl.key", "/usr/share/elasticsearch/config/certificates/tls.key"],
      ["API_URL", "https://api.example.org"],
    ] as const) {
      assert.equal(plainSecret(name, value), undefined, name);
    }
  });

  it("is seen in a script unless the script takes it from its surroundings", () => {
    for (const text of ["curl https://user:word@host", "x\nexport A=-----BEGIN PRIVATE KEY-----"])
      assert.ok(secretInText(text), text);
    for (const text of [
      `printf 'uri: "%s"\\n' "$MONGODB_URI" > /scratch/login`,
      'pg_dump "postgresql://$USER:$PASSWORD@$HOST/db"',
      "echo sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    ]) {
      assert.equal(secretInText(text), undefined, text);
    }
  });
});

describe("a variable whose value preview does not know", () => {
  const job = "platform-observability-dashboards-job";
  const stack = stackOf("retail-agentic", "production");
  const env = "spec/jobTemplate/spec/template/spec/containers/0/env/0";

  it("is let through when it is an address that Azure makes up", () => {
    const unknown = changed(stack, { at: job, set: `${env}/value`, to: unknownText });
    assert.deepEqual(failingRules(unknown, "production", stack), []);
  });

  it("is refused under any other name", () => {
    const named = changed(stack, { at: job, set: env, to: { name: "GRAFANA", value: unknownText } });
    assert.deepEqual(failingRules(named, "production", stack), ["pod-no-plain-secret"]);
  });
});

describe("a stack whose platform another stack carries", () => {
  it("sends its logs there, and is held to everything of its own", () => {
    const whole = stackOf("retail-agentic", "production");
    const own = whole.filter(({ path }) => path?.startsWith("switchyard:systems:RetailAgentic"));
    assert.deepEqual(failingRules(own, "production"), []);
    const silent = own.filter(({ key }) => key !== "retail-agentic-relational-diagnostics");
    assert.deepEqual(failingRules(silent, "production", own), ["diagnostics-to-workspace"]);
  });
});

describe("a colour that nobody declared", () => {
  it("is refused although its parts are right by themselves", () => {
    const stack = stackOf("retail-agentic", "dev");
    const tracks = stack.filter(({ type }) => type === "switchyard:index:Track");
    const withoutGreen = tracks.reduce<readonly FixtureResource[]>(
      (kept, track) => changed(kept, { at: track.key, drop: "sides/green" }),
      stack,
    );
    const findings = findingsOf(judge(rulesByName.get("side-whole")!, withoutGreen, "dev"));
    // Five parts of three components.
    assert.equal(findings.filter(({ message }) => message.includes("which has no block")).length, 15);
  });
});

describe("the edge's firewall", () => {
  const policy = (conditions: readonly object[]) =>
    declared(
      {
        key: "policy",
        type: "azure-native:frontdoor:Policy",
        props: {
          customRules: { rules: [{ ruleType: "MatchRule", action: "Block", matchConditions: conditions }] },
        },
        protect: false,
        ignoreChanges: [],
      },
      "production",
    );
  const path = {
    matchVariable: "RequestUri",
    operator: "RegEx",
    matchValue: ["^https?://[^/]+(?:/metrics)(?:[/?;]|$)"],
    transforms: ["Lowercase", "UrlDecode"],
  };

  it("refuses a path in every spelling, and no path that only begins like it", () => {
    const rule = "customRules.rules.0";
    for (const address of spellingsOf("/metrics"))
      assert.equal(blockedBy(policy([path]), rule, address), "everybody", address);
    for (const address of ["https://host/metricsX", "https://host/api?x=/metrics", "https://host/"])
      assert.equal(blockedBy(policy([path]), rule, address), undefined, address);
  });

  it("is told apart from one that spares addresses, and from one with another condition", () => {
    const rule = "customRules.rules.0";
    const outsiders = {
      matchVariable: "SocketAddr",
      operator: "IPMatch",
      negateCondition: true,
      matchValue: [],
    };
    const header = { matchVariable: "RequestHeader", selector: "Host", operator: "Equal", matchValue: ["a"] };
    assert.equal(blockedBy(policy([path, outsiders]), rule, "https://host/metrics"), "outsiders");
    assert.equal(blockedBy(policy([path, header]), rule, "https://host/metrics"), undefined);
  });
});

describe("an action group", () => {
  it("reaches a receiver by the name that it was given", () => {
    const group = (props: object) =>
      declared(
        {
          key: "group",
          type: "azure-native:monitor:ActionGroup",
          props: { ...props },
          protect: false,
          ignoreChanges: [],
        },
        "production",
      );
    assert.ok(
      tells(group({ webhookReceivers: [{ name: "pagerduty" }] }), { channel: "pagerDuty", secret: "x" }),
    );
    assert.ok(tells(group({ webhookReceivers: [{ name: "n8n" }] }), { channel: "webhook", secret: "n8n" }));
    assert.ok(
      !tells(group({ webhookReceivers: [{ name: "n8n" }] }), { channel: "webhook", secret: "other" }),
    );
    assert.ok(!tells(group({ emailReceivers: [{ name: "a", emailAddress: "" }] }), { channel: "mail" }));
    assert.ok(tells(group({ emailReceivers: [{ name: "a", emailAddress: "a@b.c" }] }), { channel: "mail" }));
  });
});
