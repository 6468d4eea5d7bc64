import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../../local/daemon/free-port";
import { systemClock } from "../../../release/engine/system-clock";
import type { Sample } from "../../../release/gates/gate-provider";
import { prometheusProvider } from "../../../release/gates/prometheus";
import type { MetricGateOf } from "../../../release/gates/provider-gate";
import { next } from "../../../release/gates/verdict";
import { requireTool } from "../../monitoring/support/tool";
import { until } from "../../support/until";
import { contextAt, metricGate, surroundingsWith } from "../support/gates";
import { HttpServer } from "../support/http-server";

/**
 * A real Prometheus that scrapes a server of ours: that the questions asked of it are PromQL, and what it says when series
 * stop. Not shown here: Azure's own query address, which has the same API behind a login.
 */
describe("gates and a real Prometheus", function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), "switchyard-gate-prometheus-"));
  let target: HttpServer;
  let prometheus: ChildProcess | undefined;
  let url = "";
  let requests = 0;
  let failing = false;

  before(async function () {
    requireTool(this, "prometheus");
    target = await HttpServer.start(() => {
      requests += 50;
      const errors = failing ? requests : 0;
      return {
        status: 200,
        text: [
          "# TYPE requests_total counter",
          `requests_total{deployment="green"} ${requests}`,
          "# TYPE errors_total counter",
          `errors_total{deployment="green"} ${errors}`,
          "# TYPE level gauge",
          `level{deployment="green"} 7`,
          "",
        ].join("\n"),
      };
    });
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const config = join(folder, "prometheus.yml");
    const { host } = new URL(target.url);
    writeFileSync(
      config,
      JSON.stringify({
        global: { scrape_interval: "250ms", scrape_timeout: "200ms" },
        scrape_configs: [{ job_name: "shop", static_configs: [{ targets: [host] }] }],
      }),
    );
    prometheus = spawn(
      "prometheus",
      [
        `--config.file=${config}`,
        `--storage.tsdb.path=${folder}/data`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      { stdio: "ignore" },
    );
  });

  after(async () => {
    if (prometheus !== undefined && prometheus.exitCode === null) {
      prometheus.kill();
      await once(prometheus, "exit");
    }
    await target?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const ratio = metricGate(
    {
      provider: "prometheus",
      query:
        'sum(rate(errors_total{deployment="$candidate"}[5m])) / sum(rate(requests_total{deployment="$candidate"}[5m]))',
    },
    {
      minimumSample: {
        of: "events",
        atLeast: 20,
        query: 'sum(increase(requests_total{deployment="$candidate"}[5m]))',
      },
    },
  );
  const level: MetricGateOf<"prometheus"> = metricGate(
    { provider: "prometheus", query: 'max(level{deployment="$candidate"})' },
    { minimumSample: { of: "dataPoints", atLeast: 3 } },
  );
  /** Five minutes are five seconds. */
  const clock = systemClock(60);

  function look(gate: MetricGateOf<"prometheus">, candidate = "green"): Promise<Sample> {
    const context = contextAt(url, { clock, candidate: { shop: candidate } });
    return prometheusProvider(surroundingsWith({})).look(gate, context);
  }
  function verdict(gate: MetricGateOf<"prometheus">, sample: Sample) {
    return next(undefined, gate, sample, { now: clock.now(), speed: 60, phaseBegan: new Date(0) });
  }

  it("a ratio over enough events passes, fresh, by the events of the window", async () => {
    const sample = await until("enough was scraped", async () => {
      const seen = await look(ratio);
      return seen.kind === "value" && seen.count >= 20 && seen;
    });
    assert.equal(sample.value, 0);
    assert.ok(Date.now() - sample.at.getTime() < 3000);
    assert.equal(verdict(ratio, sample).verdict, "pass");
  });

  it("a level counts its samples in the window", async () => {
    const sample = await until("three samples", async () => {
      const seen = await look(level);
      return seen.kind === "value" && seen.count >= 3 && seen;
    });
    assert.equal(sample.value, 7);
    assert.ok(sample.count <= 25, String(sample.count));
  });

  it("a side without series is nothing", async () => {
    const sample = await look(ratio, "blue");
    assert.ok(sample.kind === "nothing" && /no such series/.test(sample.why), JSON.stringify(sample));
  });

  it("errors are seen, and hold", async () => {
    failing = true;
    const sample = await until("errors were scraped", async () => {
      const seen = await look(ratio);
      return seen.kind === "value" && seen.value > 0.05 && seen;
    });
    assert.equal(verdict(ratio, sample).verdict, "hold");
  });

  it("a target that is gone is nothing, though its last numbers are still stored", async () => {
    await target.stop();
    const sample = await until("the series ended", async () => {
      const seen = await look(level);
      return seen.kind === "nothing" && seen;
    });
    assert.match(sample.why, /no such series|no series of the query has a recent sample/);
    const judged = verdict(ratio, await look(ratio));
    assert.equal(judged.verdict, "inconclusive", judged.why);
  });

  it("a Prometheus that is gone is nothing", async () => {
    prometheus!.kill();
    await once(prometheus!, "exit");
    const sample = await look(ratio);
    assert.ok(sample.kind === "nothing" && /cannot be reached: nothing listens/.test(sample.why));
  });
});
