import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { kiranaInventory } from "../../runbooks/kirana-inventory";
import {
  cosmosThroughput,
  cpuPercent,
  failedRequests,
  llmBudget,
} from "../../runbooks/kirana-inventory/limits";
import { root } from "../support/root";

describe("kirana-inventory's contract", () => {
  const { alerts } = kiranaInventory;

  it("says the figures of its limits in the alerts' descriptions, as people read them", () => {
    const described = (name: string, ...figures: readonly string[]) => {
      const alert = alerts.find((candidate) => candidate.name === name);
      for (const figure of figures) assert.ok(alert?.description.includes(figure), `${name}: ${figure}`);
    };
    described("errors-count", `${failedRequests.limit} failed`, `${failedRequests.windowMinutes} minutes`);
    described("llm-cost-warning", `${llmBudget.warningUsdPerDay} USD`);
    described("llm-cost-missing", "6 hours");
    described(
      "cosmos-request-units",
      `${cosmosThroughput.requestUnitsPerSecond} RU/s`,
      "24,000 RU per minute",
    );
    described("functions-cpu", `${cpuPercent.limit}%`, "5 minutes");
    described("error-rate-critical", "10%");
    described("error-rate-rollback", "1%", "5 minutes");
    described("error-rate-hold", "0.1%", "30 minutes");
    described("latency-critical", "5 s");
    described("latency-rollback", "2 s over 5 minutes");
    described("latency-hold", "1 s over 30 minutes");
    described("latency-warning", "500 ms over 15 minutes");
  });

  it("tells when nothing is logged, of which no rate and no percentile says anything", () => {
    const silence = alerts.find(({ name }) => name === "requests-not-logged");
    assert.ok(silence?.kind === "log");
    // An aggregate without `by` has a row of no requests too, without which a rule on less than one would never fire.
    assert.match(silence.query, /^AppRequests\n\| summarize logged = count\(\)$/);
    assert.deepEqual([silence.operator, silence.threshold, silence.channels], ["LessThan", 1, ["slack"]]);
  });

  it("wakes nobody for a certificate that is valid yet; each host's lifetime is a test of its own", () => {
    const probes = alerts.filter((alert) => alert.kind === "availability");
    const early = probes.filter((alert) => "certificateMinimumDays" in alert);
    assert.deepEqual(
      early.map(({ probe, severity, channels }) => [probe, severity, channels]),
      [
        ["api", 2, ["slack"]],
        ["app", 2, ["slack"]],
      ],
    );
    assert.equal(probes.length, 4);
  });

  it("states in words no figure that stands among its limits", () => {
    for (const file of ["alerts.ts", "entries/alerts.ts"]) {
      const text = readFileSync(join(root, "runbooks", "kirana-inventory", file), "utf8");
      const stated = text
        .split("\n")
        .filter((line) => /^\s*(?:description|title|note): |^\s*["`]/.test(line))
        .map((line) => line.replace(/\$\{[^}]*\}/g, ""))
        // Names of percentiles, of urgencies and of answers of HTTP are no limits.
        .filter((line) => /\d/.test(line.replace(/\bp95\b|\(P[0-3]\)|\b(?:429|500)\b(?! ms)/g, "")));
      assert.deepEqual(stated, [], file);
    }
  });
});
