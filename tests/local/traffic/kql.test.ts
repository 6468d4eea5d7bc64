import assert from "node:assert/strict";
import { tableColumns } from "../../../local/traffic/counts/tables";
import { runQuery } from "../../../local/traffic/kql/evaluate";
import { KqlError } from "../../../local/traffic/kql/kql-error";
import { contracts } from "../../../runbooks/contracts";

const now = new Date("2026-03-01T12:00:00Z");
const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000);

const requests = [
  {
    TimeGenerated: ago(1),
    AppRoleName: "shop",
    Name: "GET /a",
    ItemCount: 30,
    Success: true,
    ResultCode: "200",
    DurationMs: 10,
    Type: "AppRequests",
  },
  {
    TimeGenerated: ago(2),
    AppRoleName: "shop-staging",
    Name: "GET /a",
    ItemCount: 10,
    Success: false,
    ResultCode: "500",
    DurationMs: 100,
    Type: "AppRequests",
  },
  {
    TimeGenerated: ago(90),
    AppRoleName: "Shop-Staging",
    Name: "GET /b",
    ItemCount: 60,
    Success: true,
    ResultCode: "200",
    DurationMs: 20,
    Type: "AppRequests",
  },
];
const exceptions = [
  { TimeGenerated: ago(3), ProblemId: "new", OuterMessage: "m", ItemCount: 1, Type: "AppExceptions" },
  { TimeGenerated: ago(4), ProblemId: "old", OuterMessage: "m", ItemCount: 1, Type: "AppExceptions" },
  { TimeGenerated: ago(300), ProblemId: "old", OuterMessage: "m", ItemCount: 1, Type: "AppExceptions" },
];

function run(query: string, empty = false): unknown[][] {
  const tables: Record<string, readonly Record<string, unknown>[]> = {
    AppRequests: requests,
    AppExceptions: exceptions,
  };
  const rows = (table: string) =>
    tableColumns[table] === undefined ? undefined : empty ? [] : (tables[table] ?? []);
  return runQuery(query, { rows, columns: tableColumns, now }).rows as unknown[][];
}

/** Every KQL text of the contracts. */
function queriesIn(value: unknown, found = new Set<string>()): Set<string> {
  if (typeof value === "string") {
    const first = /^(?:union )?([A-Za-z0-9]+)/.exec(value)?.[1] ?? "";
    if (tableColumns[first] !== undefined && value.includes("|")) found.add(value);
  } else if (typeof value === "object" && value !== null) {
    for (const part of Object.values(value)) queriesIn(part, found);
  }
  return found;
}

describe("KQL", () => {
  const cases: readonly [what: string, query: string, rows: unknown][] = [
    [
      "sums weighted rows",
      "AppRequests | summarize total = sum(ItemCount), failed = sumif(ItemCount, Success == false)",
      [[100, 10]],
    ],
    [
      "takes a weighted percentile",
      "AppRequests | summarize percentilew(DurationMs, ItemCount, 95)",
      [[100]],
    ],
    [
      "divides",
      "AppRequests | summarize t = sum(ItemCount), f = sumif(ItemCount, Success == false) | project 100.0 * f / t",
      [[10]],
    ],
    [
      "groups and orders",
      "AppRequests | summarize n = sum(ItemCount) by Name | order by n desc",
      [
        ["GET /b", 60],
        ["GET /a", 40],
      ],
    ],
    [
      "names an aggregate that has no name",
      "AppRequests | summarize count() by ResultCode | order by count_ asc | project ResultCode",
      [["500"], ["200"]],
    ],
    ["looks back", "AppRequests | where TimeGenerated > ago(1h) | count", [[2]]],
    ["looks between", "AppRequests | where TimeGenerated between (ago(1d) .. ago(15m)) | count", [[1]]],
    ["begins a day", "AppRequests | where TimeGenerated > startofday(now()) | count", [[3]]],
    [
      "tells cases apart",
      'AppRequests | where AppRoleName endswith "-staging" and AppRoleName !~ "x" | count',
      [[2]],
    ],
    ["negates", 'AppRequests | where AppRoleName !startswith "shop-" | count', [[1]]],
    [
      "finds what is new",
      "AppExceptions | where TimeGenerated > ago(15m) | join kind=leftanti (AppExceptions | where TimeGenerated between (ago(1d) .. ago(15m)) | distinct ProblemId) on ProblemId | project ProblemId",
      [["new"]],
    ],
    [
      "unites tables",
      'union AppRequests, AppExceptions | summarize a = sumif(ItemCount, Type == "AppRequests"), b = sumif(ItemCount, Type == "AppExceptions")',
      [[100, 3]],
    ],
    ["keeps the first rows", "AppRequests | top 1 by TimeGenerated desc | project ItemCount", [[30]]],
    ["finds terms", 'AppRequests | where Name has "a" and Name has_any ("b", "get") | count', [[2]]],
    ["lists", 'AppRequests | where ResultCode in ("500", "502") | project DurationMs', [[100]]],
    [
      "computes columns",
      "AppRequests | extend seconds = DurationMs / 1000 | where seconds > 0.05 | project-away Name | count",
      [[1]],
    ],
    [
      "makes bins",
      "AppRequests | summarize n = count() by bin(TimeGenerated, 1h) | order by TimeGenerated asc | project n",
      [[1], [2]],
    ],
    ["ignores comments", "AppRequests // all of them\n| count", [[3]]],
  ];
  for (const [what, query, rows] of cases) it(what, () => assert.deepEqual(run(query), rows));

  it("gives one row of nothing without groups, and none with groups or below the least number", () => {
    assert.deepEqual(run("AppRequests | summarize total = sum(ItemCount)", true), [[0]]);
    assert.deepEqual(run("AppRequests | summarize total = sum(ItemCount) by Name", true), []);
    assert.deepEqual(run("AppRequests | summarize total = sum(ItemCount) | where total >= 20", true), []);
  });

  it("writes what is no number as a text, as the query API does", () => {
    assert.deepEqual(run("AppRequests | summarize a = 0.0 * sum(ItemCount) | project a / a"), [["NaN"]]);
  });

  const faults: readonly [query: string, line: number, position: number, message: RegExp][] = [
    ["AppRequests | wher x", 1, 14, /Unknown operator: 'wher'/],
    ["AppRequests\n| where Nam == 1", 2, 8, /named 'Nam'/],
    ["Nothing | count", 1, 0, /table or column expression named 'Nothing'/],
    ["AppRequests | where f(1)", 1, 20, /Unknown function: 'f'/],
    ["AppRequests | where count() > 1", 1, 20, /aggregate/],
    ["AppRequests | where (1 == 1", 1, 27, /'\)' is expected/],
    ["AppRequests | join kind=sideways (AppExceptions) on Type", 1, 24, /Unknown join kind/],
    ['AppRequests | where Name == "open', 1, 28, /Unexpected character/],
  ];
  for (const [query, line, position, message] of faults) {
    it(`refuses ${JSON.stringify(query)} at ${line}:${position}`, () =>
      assert.throws(
        () => run(query, true),
        (error) =>
          error instanceof KqlError &&
          error.line === line &&
          error.position === position &&
          message.test(error.message),
      ));
  }

  it("runs every query of the five contracts", () => {
    const queries = [...queriesIn(contracts)];
    assert.ok(queries.length >= 25, `${queries.length} queries`);
    for (const query of queries) {
      for (const empty of [false, true])
        assert.doesNotThrow(() => run(query.replaceAll("$candidate", "blue"), empty), query);
    }
  });
});
