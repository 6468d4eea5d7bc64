import assert from "node:assert/strict";
import type { Row } from "../../../local/traffic/counts/tables";
import { tableColumns } from "../../../local/traffic/counts/tables";
import { runQuery } from "../../../local/traffic/kql/evaluate";
import { contracts } from "../../../runbooks/contracts";
import * as kirana from "../../../runbooks/kirana-inventory/expressions";
import { functionApp } from "../../../runbooks/kirana-inventory/names";
import { exceptionRate, meanLatency } from "../../../runbooks/tesoro-xp/entries/measurements";
import * as tesoro from "../../../runbooks/tesoro-xp/queries";
import { databaseDiagnostics, webApp } from "../../../runbooks/tesoro-xp/web-app";

const now = new Date("2026-11-21T12:00:00Z");

interface Of {
  readonly path: string;
  readonly count: number;
  readonly status?: number;
  /** @default as of a web app: below 400 */
  readonly success?: boolean;
  readonly milliseconds?: number;
  /** @default a minute */
  readonly minutesAgo?: number;
}

function requests({ path, count, status = 200, success, milliseconds = 10, minutesAgo = 1 }: Of): Row {
  return {
    TimeGenerated: new Date(now.getTime() - minutesAgo * 60_000),
    Type: "AppRequests",
    ItemCount: count,
    Name: `GET ${path}`,
    Url: path,
    Success: success ?? status < 400,
    ResultCode: String(status),
    DurationMs: milliseconds,
  };
}

function asked(query: string, ...rows: readonly Row[]): unknown {
  return runQuery(query, { rows: () => rows, columns: tableColumns, now }).rows[0]?.[0];
}

/** By the embedded Log Analytics. What is faked: the rows, in the forms that the platform and the front give them. */
describe("requests of users, by the queries of the systems on App Service", () => {
  const systems = [
    {
      system: "kirana-inventory",
      queries: kirana,
      machines: [functionApp.healthPath, functionApp.slotHealthPath],
    },
    {
      system: "tesoro-xp",
      queries: { ...tesoro, requestCount: tesoro.requestsCounted },
      machines: [webApp.healthPath, webApp.apiHealthPath, databaseDiagnostics.path],
    },
  ];

  for (const { system, queries, machines } of systems) {
    describe(system, () => {
      const user = "https://api.example/api/items?after=3";

      it("an answer 500 is a failure, though the invocation succeeded", () => {
        const good = requests({ path: user, count: 90 });
        const bad = requests({ path: user, count: 10, status: 500, success: true });
        assert.equal(asked(queries.errorRate, good, bad), 10);
      });

      it("a request that the caller got wrong is what the platform says that it is", () => {
        const rows = [true, false].map((success) =>
          requests({ path: user, count: 50, status: 404, success }),
        );
        assert.equal(asked(queries.errorRate, ...rows), 50);
      });

      for (const path of machines) {
        it(`${path} stands for no user: in no sample, no share and no percentile`, () => {
          for (const url of [path, `https://api.example${path}`, `https://api.example${path}?probe=1`]) {
            const probes = requests({ path: url, count: 1000, milliseconds: 1 });
            const good = requests({ path: user, count: 90, milliseconds: 700 });
            const bad = requests({ path: user, count: 10, status: 503, milliseconds: 700 });
            assert.equal(asked(queries.errorRate, probes, good, bad), 10, url);
            assert.equal(asked(queries.latency, probes, good, bad), 700, url);
            assert.equal(asked(queries.requestCount, probes, good, bad), 100, url);
            assert.equal(asked(queries.errorRate, probes, requests({ path: user, count: 19 })), undefined);
          }
        });
      }

      it("only these very paths: what is named alike is a user's", () => {
        for (const path of machines) {
          const alike = [`${path}y`, `${path}/records`, `https://api.example/of${path}`];
          for (const url of alike)
            assert.equal(asked(queries.requestCount, requests({ path: url, count: 5 })), 5, url);
        }
      });
    });
  }

  it("kirana-inventory: the number of failures is of all, also where the invocation succeeded", () => {
    const bad = requests({ path: "/api/items", count: 7, status: 502, success: true });
    const sick = requests({ path: functionApp.healthPath, count: 5, status: 503, success: true });
    assert.equal(asked(kirana.failedCount, bad, sick, requests({ path: "/", count: 90 })), 12);
  });

  it("tesoro-xp: mean and exceptions have no probes in their denominators, nor has the baseline of the alert", () => {
    const probes = requests({ path: webApp.healthPath, count: 900, milliseconds: 1 });
    const users = requests({ path: "/orders", count: 100, milliseconds: 40 });
    assert.equal(asked(meanLatency, probes, users), 40);
    const exceptions = { TimeGenerated: now, Type: "AppExceptions", ItemCount: 2, Url: "" };
    assert.equal(asked(exceptionRate, probes, users, exceptions), 2);
    const before = requests({ path: "/orders", count: 100, milliseconds: 10, minutesAgo: 30 });
    assert.equal(asked(tesoro.latencyOfBaseline, probes, users, before), 4);
  });

  it("no query of a contract takes Success alone for the truth", () => {
    const texts = JSON.stringify(contracts).match(/[^"]*Success == false[^"]*/g) ?? [];
    assert.ok(texts.length > 5);
    for (const text of texts) assert.match(text, /Success == false or toint\(ResultCode\) >= 500/);
  });
});
