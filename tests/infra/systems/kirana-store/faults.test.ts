import assert from "node:assert/strict";
import { readSettings } from "../../../../infra/settings";
import type { Environment } from "../../../../runbooks/model";
import { type Changes, changed, refusal } from "../../support/refusal";
import { stackFile } from "../../support/stack-settings";

const systems = { "switchyard:systems": '["platform", "kirana-store"]' };

function settings(environment: Environment, changes: Changes) {
  return changed(stackFile(environment), { ...systems, ...prefixed(changes) });
}

function prefixed(changes: Changes): Changes {
  return Object.fromEntries(Object.entries(changes).map(([key, value]) => [`kirana-store:${key}`, value]));
}

function fault(changes: Changes, environment: Environment = "dev"): string {
  return refusal(settings(environment, changes), environment, environment !== "dev");
}

const image = (name: string, digit: string) => `registry.invalid/${name}@sha256:${digit.repeat(64)}`;

function block(version: string, digit: string, changes: Readonly<Record<string, string>> = {}) {
  const images = {
    "kirana-store-backend": image("kirana-backend", digit),
    "kirana-store-frontend": image("kirana-frontend", digit),
    ...changes,
  };
  return { version, images };
}

describe("faults of kirana-store's settings", () => {
  // Fault, what is changed, and what the message must say about it.
  const table: readonly [string, () => string, readonly RegExp[]][] = [
    [
      "an image by a tag that moves (STO-098)",
      () =>
        fault({
          sides: JSON.stringify({
            blue: block("4.0.0", "a", { "kirana-store-backend": "kirana-backend:prod" }),
          }),
        }),
      [
        /kirana-store:sides\.blue\.images\.kirana-store-backend/,
        /received: "kirana-backend:prod"/,
        /by digest/,
      ],
    ],
    [
      "a side without one of its components",
      () =>
        fault({
          sides: JSON.stringify({
            blue: { version: "4.0.0", images: { "kirana-store-backend": image("b", "a") } },
          }),
        }),
      [/kirana-store:sides\.blue\.images\.kirana-store-frontend\n\s+received: nothing/],
    ],
    [
      "a colour that is neither",
      () => fault({ sides: JSON.stringify({ blue: block("4.0.0", "a"), purple: block("5.0.0", "b") }) }),
      [/kirana-store:sides\n\s+received: unknown "purple"/],
    ],
    ["no colour at all", () => fault({ sides: "{}" }), [/kirana-store:sides/, /at least one colour/]],
    [
      "two versions of the same images",
      () => fault({ sides: JSON.stringify({ blue: block("4.0.0", "a"), green: block("5.0.0", "a") }) }),
      [/received: "4\.0\.0" and "5\.0\.0" with the same images/, /one version for one set of images/],
    ],
    [
      "the same version of different images",
      () => fault({ sides: JSON.stringify({ blue: block("4.0.0", "a"), green: block("4.0.0", "b") }) }),
      [/received: "4\.0\.0" on both sides with different images/],
    ],
    [
      "a replica beside the database",
      () => fault({ replicaLocation: "westus2" }),
      [/kirana-store:replicaLocation\n\s+received: "westus2"\n\s+allowed:\s+another region/],
    ],
    [
      "a database without a replica outside dev",
      () => fault({ databaseTier: "M20" }, "production"),
      [/kirana-store:databaseTier\n\s+received: "M20"\n\s+allowed:\s+M30 or more/],
    ],
    [
      "admin functions open to everybody (STO-059)",
      () => fault({ adminRanges: '["0.0.0.0/0"]' }),
      [/kirana-store:adminRanges\n\s+received: \["0\.0\.0\.0\/0"\]\n\s+allowed:.*at most \/16/],
    ],
    [
      "admin functions open to nobody",
      () => fault({ adminRanges: "[]" }),
      [/kirana-store:adminRanges/, /at least one address/],
    ],
    [
      "a rate limit that counts nobody (STO-051)",
      () => fault({ loadTestRanges: '["203.0.113.7", "10.0.0.0/8"]' }),
      [/kirana-store:loadTestRanges\n\s+received: \["10\.0\.0\.0\/8"\]/],
    ],
    [
      "an example's host",
      () => fault({ host: "store.example.com" }),
      [/kirana-store:host\n\s+received: "store\.example\.com"/],
    ],
    [
      "an exporter without an image",
      () => fault({ exporterImages: JSON.stringify({ mongodb: image("m", "a"), redis: image("r", "b") }) }),
      [/kirana-store:exporterImages\.blackbox\n\s+received: nothing/],
    ],
    [
      "a secret in clear",
      () => fault({ paymentApiKey: "sk_live_hunter2" }, "production"),
      [/kirana-store:paymentApiKey\n\s+received: a value in clear, not shown/],
    ],
  ];
  for (const [name, message, patterns] of table) {
    it(`${name} is refused`, () => {
      const text = message();
      for (const pattern of patterns) assert.match(text, pattern);
      assert.ok(!text.includes("hunter2"));
    });
  }

  it("one colour is enough, and two with versions and images of their own are right", () => {
    for (const sides of [
      { blue: block("4.0.0", "a") },
      { blue: block("4.0.0", "a"), green: block("5.0.0", "b") },
      { blue: block("4.0.0", "a"), green: block("4.0.0", "a") },
    ]) {
      readSettings(settings("dev", { sides: JSON.stringify(sides) }), { stack: "dev", offline: true });
    }
  });

  it("every mark of the owner in staging and production is listed by an offline preview", () => {
    for (const environment of ["staging", "production"] as const) {
      const read = readSettings(settings(environment, {}), { stack: environment, offline: true });
      const asked = read.placeholders.filter(({ key }) => key.startsWith("kirana-store:"));
      assert.ok(asked.length >= 20, String(asked.length));
      assert.throws(() => readSettings(settings(environment, {}), { stack: environment, offline: false }));
    }
  });
});
