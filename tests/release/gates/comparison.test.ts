import assert from "node:assert/strict";
import { type Comparison, compare, compareAll, valueAt } from "../../../release/gates/comparison";
import { contracts } from "../../../runbooks/contracts";

type Row = readonly [
  answer: unknown,
  path: string,
  operator: Comparison["operator"],
  value: Comparison["value"],
  holds: boolean,
];

const rows: readonly Row[] = [
  [{ status: "UP" }, "status", "equals", "UP", true],
  [{ status: "DOWN" }, "status", "equals", "UP", false],
  [{ status: "UPPER" }, "status", "equals", "UP", false],
  [{}, "status", "equals", "UP", false],
  [{ status: null }, "status", "equals", "UP", false],
  ["UP", "status", "equals", "UP", false],
  [undefined, "$", "equals", "UP", false],
  ["PONG", "$", "equals", "PONG", true],
  [{ "x-limit": "60" }, "x-limit", "equals", 60, true],
  [{ a: 1 }, "a", "equals", "1", true],
  [{ a: "" }, "a", "equals", 0, false],
  [{ a: true }, "a", "equals", "true", false],
  [{ a: 1 }, "a", "equals", true, false],
  [{ a: 2 }, "a", "notEquals", 1, true],
  [{ a: 1 }, "a", "notEquals", 1, false],
  [{}, "a", "notEquals", 1, false],
  [{ checks: [{ name: "db" }] }, "checks.0.name", "equals", "db", true],
  [{ checks: [] }, "checks.0.name", "equals", "db", false],
  [["test", "build"], "$", "contains", "build", true],
  [["test-all"], "$", "contains", "test", false],
  [[{ id: "20261101_add_index", at: "x" }], "0", "contains", "20261101_add_index", true],
  [[{ id: "20261101_add_index" }], "0", "contains", "20261102", false],
  ["PostgreSQL 16.4 on", "$", "contains", "PostgreSQL 16", true],
  [{ host: "a.azurestaticapps.net" }, "host", "matches", "\\.azurestaticapps\\.net$", true],
  [{ host: "a.azurestaticapps.net.evil" }, "host", "matches", "\\.azurestaticapps\\.net$", false],
  [{ host: {} }, "host", "matches", ".", false],
  [{ a: 0.8 }, "a", "atLeast", 0.8, true],
  [{ a: 0.79 }, "a", "atLeast", 0.8, false],
  [{ a: "12" }, "a", "atLeast", 1, true],
  [{ a: Number.NaN }, "a", "atLeast", 0, false],
  [{ a: Number.NaN }, "a", "atMost", 0, false],
  [{ a: "" }, "a", "atMost", 5, false],
  [{ a: [] }, "a", "atMost", 5, false],
  [{ a: null }, "a", "atMost", 5, false],
  [{ a: false }, "a", "atMost", 5, false],
  [{ a: 5 }, "a", "atMost", 5, true],
  [{ a: 6 }, "a", "atMost", 5, false],
  [{ a: 0 }, "a", "exists", undefined, true],
  [{ a: null }, "a", "exists", undefined, false],
  [{}, "constructor", "exists", undefined, false],
  [[1], "length", "exists", undefined, true],
  [{}, "a", "absent", undefined, true],
  [{ a: null }, "a", "absent", undefined, true],
  [{ a: 0 }, "a", "absent", undefined, false],
  [{ "rollback.md": true }, "rollback.md", "exists", undefined, true],
  [{ "../monitoring.md": true }, "../monitoring.md", "exists", undefined, true],
  [{ rollback: { md: false } }, "rollback.md", "equals", false, true],
  [{ a: { "b.c": { d: 1 } } }, "a.b.c.d", "equals", 1, true],
];

describe("comparisons on an answer", () => {
  for (const [answer, path, operator, value, holds] of rows) {
    it(`${JSON.stringify(answer)}: ${path} ${operator} ${JSON.stringify(value)} ${holds ? "holds" : "does not hold"}`, () => {
      assert.equal(compare({ path, operator, value }, answer).holds, holds);
    });
  }

  it("names what fails, with the value and what was expected", () => {
    const all = compareAll(
      [
        { path: "status", operator: "equals", value: "UP" },
        { path: "count", operator: "atLeast", value: 3 },
        { path: "name", operator: "exists" },
      ],
      { status: "UP", count: 2 },
    );
    assert.deepEqual(all, { holds: false, seen: "count is 2, not at least 3; name is not there" });
  });

  it("says what was seen when all hold", () => {
    const all = compareAll([{ path: "status", operator: "equals", value: "UP" }], { status: "UP" });
    assert.deepEqual(all, { holds: true, seen: 'status is "UP"' });
  });

  it("says of a long answer what was found in it", () => {
    const all = compareAll(
      [{ path: "$", operator: "contains", value: "needle" }],
      `${"hay ".repeat(99)}needle`,
    );
    assert.deepEqual(all, { holds: true, seen: 'the answer contains "needle"' });
  });

  it("never shows what stands at the place of a secret, by path or below it", () => {
    const answer = { token: "canary-value", user: { password: "canary-value", name: "a" } };
    const seen = [
      compare({ path: "token", operator: "matches", value: "^ey" }, answer),
      compare({ path: "token", operator: "exists" }, answer),
      compare({ path: "user", operator: "equals", value: "b" }, answer),
      compare({ path: "$", operator: "contains", value: "zzz" }, answer),
    ].map((compared) => compared.seen);
    assert.doesNotMatch(seen.join(), /canary/);
  });

  it("cuts long answers", () => {
    assert.ok(compare({ path: "$", operator: "equals", value: "x" }, "y".repeat(5000)).seen.length < 200);
  });

  it("a path that leads nowhere is undefined", () => {
    assert.equal(valueAt({ a: "text" }, "a.b.c"), undefined);
    assert.equal(valueAt(null, "a"), undefined);
  });

  it("every pattern of every contract is one", () => {
    const patterns = [
      ...JSON.stringify(contracts).matchAll(/"operator":"matches","value":("(?:[^"\\]|\\.)*")/g),
    ];
    assert.ok(patterns.length > 0);
    for (const [, pattern] of patterns) new RegExp(JSON.parse(pattern!) as string);
  });
});
