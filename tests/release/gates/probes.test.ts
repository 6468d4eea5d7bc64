import assert from "node:assert/strict";
import type { HttpAnswer } from "../../../release/clients/http";
import type { Clock } from "../../../release/engine/clock";
import type { EngineView } from "../../../release/gates/engine-view";
import { Prober } from "../../../release/gates/prober";
import { probesProvider } from "../../../release/gates/probes";
import { publicAddresses, releaseFiguresProvider } from "../../../release/gates/release-figures";
import { next } from "../../../release/gates/verdict";
import { UserError } from "../../../release/user-error";
import { contracts } from "../../../runbooks/contracts";
import type { CheckGate, MetricGate } from "../../../runbooks/entry-basics";
import type { Environment } from "../../../runbooks/model";
import { contextAt, metricGate, surroundingsWith } from "../support/gates";

/** What is faked: time, which goes on by one interval whenever the prober waits, and the host's answers. */

type Told = number | "refused" | "noName" | "endedBySwap";

class Stepped {
  #now = Date.parse("2026-11-21T12:00:00Z");
  #waiting: { until: number; go: () => void }[] = [];

  readonly clock: Clock = {
    speed: 1,
    now: () => new Date(this.#now),
    monotonic: () => this.#now,
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        const end = () => reject(signal?.reason);
        signal?.addEventListener("abort", end, { once: true });
        const go = () => {
          signal?.removeEventListener("abort", end);
          resolve();
        };
        this.#waiting.push({ until: this.#now + milliseconds, go });
      }),
  };

  /** Seconds pass, with everything that falls due in them. */
  async pass(seconds: number): Promise<void> {
    const end = this.#now + seconds * 1000;
    for (;;) {
      await settled();
      const next = this.#waiting.sort((a, b) => a.until - b.until)[0];
      if (next === undefined || next.until > end) break;
      this.#waiting.shift();
      this.#now = next.until;
      next.go();
    }
    this.#now = end;
  }
}

function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function setup(answers: (count: number) => Told, environment: Environment = "staging") {
  let count = 0;
  const surroundings = surroundingsWith({
    environment,
    fetchHttp: async (): Promise<HttpAnswer> => {
      const told = answers(count++);
      if (typeof told === "number") return { status: told, headers: {}, text: "" };
      if (told === "endedBySwap") return { status: 502, headers: { "x-switchyard-cause": "swap" }, text: "" };
      const code = told === "refused" ? "ECONNREFUSED" : "ENOTFOUND";
      throw new UserError(told, { cause: Object.assign(new Error(told), { code }), retriable: true });
    },
  });
  const time = new Stepped();
  const prober = new Prober(surroundings);
  const stop = new AbortController();
  const context = contextAt("https://shop.example", { clock: time.clock, signal: stop.signal });
  return { time, prober, context, stop, asked: () => count };
}

const gate = metricGate(
  { provider: "probes", host: "api", path: "/health", measure: "failedPercent" },
  { windowSeconds: 60, intervalSeconds: 5, telemetryDelaySeconds: 0 },
);

describe("requests that the release sends by itself", () => {
  it("begin with the first look, which sees nothing, and are sent at the gate's interval", async () => {
    const { time, prober, context, asked } = setup(() => 200);
    const provider = probesProvider(prober);
    assert.equal((await provider.look(gate, context)).kind, "nothing");
    await time.pass(58);
    const sample = await provider.look(gate, context);
    assert.deepEqual(
      [sample.kind === "value" && sample.value, sample.kind === "value" && sample.count],
      [0, 12],
    );
    assert.equal(asked(), 12);
    await prober.close();
  });

  it("count errors of the host and connections that it refused, within the window only", async () => {
    const { time, prober, context } = setup((count) => (count < 6 ? 500 : count % 2 === 0 ? "refused" : 200));
    const provider = probesProvider(prober);
    await provider.look(gate, context);
    await time.pass(28);
    const first = await provider.look(gate, context);
    assert.equal(first.kind === "value" && first.value, 100);
    await time.pass(70);
    const later = await provider.look(gate, context);
    assert.ok(later.kind === "value" && later.value === 50 && later.count === 12, JSON.stringify(later));
    await prober.close();
  });

  it("say nothing of the host when they did not get out themselves", async () => {
    const { time, prober, context } = setup((count) => (count < 2 ? 200 : "noName"));
    const provider = probesProvider(prober);
    await provider.look(gate, context);
    await time.pass(58);
    const sample = await provider.look(gate, context);
    assert.ok(sample.kind === "nothing" && /10 of 12 requests did not get out: noName/.test(sample.why));
    await prober.close();
  });

  it("end with the phase, and when nobody asks any more", async () => {
    const one = setup(() => 200);
    await probesProvider(one.prober).look(gate, one.context);
    await one.time.pass(10);
    one.stop.abort(new Error("the phase is over"));
    await one.time.pass(100);
    assert.equal(one.asked(), 3);

    const two = setup(() => 200);
    await probesProvider(two.prober).look(gate, two.context);
    await two.time.pass(1000);
    assert.ok(two.asked() <= 22, `${two.asked()} requests`);
  });

  it("a fault of ours is thrown to whoever looks next, not taken for the host's", async () => {
    const prober = new Prober(
      surroundingsWith({
        fetchHttp: async () => {
          throw new TypeError("a bug");
        },
      }),
    );
    const time = new Stepped();
    const context = contextAt("https://shop.example", { clock: time.clock });
    await probesProvider(prober).look(gate, context);
    await time.pass(1);
    await assert.rejects(probesProvider(prober).look(gate, context), /a bug/);
    await prober.close();
  });
});

describe("what the release counts of itself", () => {
  const lost = metricGate(
    { provider: "release", measure: "lostRequests" },
    { windowSeconds: 60, intervalSeconds: 5, telemetryDelaySeconds: 0, unit: "count" },
  );
  const noFigures = { figures: { figure: () => undefined } } as Pick<EngineView, "figures">;

  it("requests that no application answered are lost, a 404 is not", async () => {
    const told: readonly Told[] = [200, 404, 502, "refused", 200];
    const { time, prober, context } = setup((count) => told[count] ?? 200);
    const provider = releaseFiguresProvider(noFigures, prober, [{ host: "api", path: "/" }]);
    await provider.look(lost, context);
    await time.pass(58);
    const sample = await provider.look(lost, context);
    assert.ok(sample.kind === "value" && sample.value === 2 && sample.count === 12, JSON.stringify(sample));
    await prober.close();
  });

  it("what a swap ended on dev is told beside them; elsewhere nobody can know that it was the swap, and it is lost", async () => {
    const told: readonly Told[] = [200, "endedBySwap", 503, 200];
    const look = async (environment: Environment) => {
      const { time, prober, context } = setup((count) => told[count] ?? 200, environment);
      const provider = releaseFiguresProvider(noFigures, prober, [{ host: "api", path: "/" }]);
      await provider.look(lost, context);
      await time.pass(58);
      const sample = await provider.look(lost, context);
      await prober.close();
      const now = time.clock.now();
      return { sample, why: next(undefined, lost, sample, { now, speed: 1, phaseBegan: now }).why };
    };
    const dev = await look("dev");
    assert.ok(dev.sample.kind === "value" && dev.sample.value === 1, JSON.stringify(dev.sample));
    assert.match(dev.why, /^1 \(beside it 1 ended by the platform's swap\)/);
    const production = await look("production");
    assert.ok(production.sample.kind === "value" && production.sample.value === 2);
    assert.equal(production.sample.beside, undefined);
  });

  it("durations are the engine's; before there is one nothing is said", async () => {
    const { prober, context } = setup(() => 200);
    const duration = metricGate({ provider: "release", measure: "rollbackSeconds" });
    const at = new Date();
    const view = { figures: { figure: () => ({ value: 1.5, at, count: 1 }) } };
    const sample = await releaseFiguresProvider(view, prober, []).look(duration, context);
    assert.deepEqual(sample, { kind: "value", value: 1.5, at, count: 1, question: "rollbackSeconds" });
    assert.equal(
      (await releaseFiguresProvider(noFigures, prober, []).look(duration, context)).kind,
      "nothing",
    );
  });

  it("every contract that counts lost requests has a public host to send them to", () => {
    for (const { system, entries } of contracts) {
      const gates = entries.filter(
        (entry): entry is MetricGate | CheckGate => entry.word === "metricGate" || entry.word === "checkGate",
      );
      const counts = gates.some(
        (one) =>
          one.word === "metricGate" &&
          one.measurement.provider === "release" &&
          one.measurement.measure === "lostRequests",
      );
      if (!counts) continue;
      const hosts = publicAddresses(gates).map(({ host }) => host);
      assert.ok(hosts.length > 0, system);
      assert.ok(!hosts.some((host) => /slot|preview|staging/.test(host)), `${system}: ${hosts}`);
    }
  });

  it("the dashboards and hosts of one colour are not the system's public hosts", async () => {
    const { time, prober, context, asked } = setup(() => 200);
    const facts = {
      ...context.facts,
      grafanaUrl: "https://grafana.example",
      hosts: { ...context.facts.hosts, grafana: { url: "https://grafana.example/" } },
    };
    const addresses = ["api", "grafana", "preview", "unknown"].map((host) => ({ host, path: "/" }));
    const provider = releaseFiguresProvider(noFigures, prober, addresses);
    const { question } = await provider.look(lost, { ...context, facts });
    assert.equal(question, "lost requests of the release's own: GET api /");
    await time.pass(1);
    assert.equal(asked(), 1);
    await prober.close();
  });
});
