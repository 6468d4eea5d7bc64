import type { CheckGate, MetricGate } from "../../runbooks/entry-basics";
import type { Gate } from "../engine/parts";
import type { GateContext, Sample } from "../gates/gate-provider";
import type { SimulatedProcess } from "./process";
import { type BadSample, type Fault, isWithin } from "./scenario";
import type { World } from "./world";

type Comparison = MetricGate["zones"]["pass"];
type GateFault = Extract<Fault, { kind: "gate" }>;

/** Share of the looks that take their time, where there is latency at all. */
const slowLooks = 0.2;

/** What every gate of a plan sees: health, but for the scenario's faults. */
export class SimulatedGates {
  readonly #faults = new Map<string, readonly GateFault[]>();
  /** Values by gate are the same all along; only their time is another. */
  readonly #healthy = new Map<string, number>();
  readonly #since = new Map<GateFault, number>();
  /** Of the moment that was asked for last, by how long before. */
  #moment: Date | undefined;
  readonly #times = new Map<number, Date>();

  constructor(private readonly world: World) {
    for (const fault of world.scenario.faults) {
      if (fault.kind === "gate")
        this.#faults.set(fault.gate, [...(this.#faults.get(fault.gate) ?? []), fault]);
    }
  }

  lookOf(process: SimulatedProcess): (gate: Gate, context: GateContext) => Promise<Sample> {
    const { scenario, random } = this.world;
    // Most releases have neither latency nor a process that ends: their looks cost nothing but the sample.
    return (gate) => {
      if (!scenario.latency && process.arrival() === undefined) return Promise.resolve(this.#sample(gate));
      return (async () => {
        if (scenario.latency && random.chance(slowLooks)) await process.wait(random.between(20, 1000));
        await process.arrival();
        return this.#sample(gate);
      })();
    };
  }

  #sample(gate: Gate): Sample {
    const faults = this.#faults.get(gate.name);
    const seconds = this.world.clock.monotonic() / 1000;
    const fault = faults?.find((span) => isWithin(span, seconds));
    if (gate.word === "checkGate") return this.#answer(gate, fault?.seen);
    return fault === undefined ? this.#value(gate) : this.#badValue(gate, fault);
  }

  #answer(gate: CheckGate, seen: BadSample | undefined): Sample {
    const question = gate.expectation;
    if (seen === undefined) return { kind: "answer", holds: true, seen: "as expected", question };
    if (seen === "breach" || seen === "between")
      return { kind: "answer", holds: false, seen: "not so", question };
    return { kind: "nothing", why: "nobody answers", question };
  }

  #value(gate: MetricGate): Sample {
    let value = this.#healthy.get(gate.name);
    if (value === undefined) {
      value = healthyValue(gate) * (gate.comparedWith === "baseline" ? simulatedBaseline : 1);
      this.#healthy.set(gate.name, value);
    }
    return this.#seen(gate, value);
  }

  #badValue(gate: MetricGate, fault: GateFault): Sample {
    const factor = gate.comparedWith === "baseline" ? simulatedBaseline : 1;
    const { zones } = gate;
    switch (fault.seen) {
      case "breach":
        return this.#seen(
          gate,
          factor * (zones.rollback[0] ? inside(zones.rollback[0]) : outside(zones.pass)),
        );
      case "between":
        return this.#seen(gate, factor * between(gate));
      case "nothing":
        return { kind: "nothing", why: "the provider does not answer", question: gate.title };
      case "notANumber":
        return this.#seen(gate, Number.NaN);
      case "stale": {
        // The last datum before it began, again and again.
        const since = this.#since.get(fault) ?? this.world.clock.now().getTime();
        this.#since.set(fault, since);
        const sample = this.#value(gate);
        return sample.kind === "value" ? { ...sample, at: new Date(since) } : sample;
      }
      case "fewEvents":
        return { ...this.#value(gate), count: gate.minimumSample.atLeast / 2 } as Sample;
    }
  }

  #seen({ telemetryDelaySeconds, minimumSample, title }: MetricGate, value: number): Sample {
    const at = this.#before(telemetryDelaySeconds);
    return { kind: "value", value, at, count: minimumSample.atLeast * 10, question: title };
  }

  #before(seconds: number): Date {
    const now = this.world.clock.now();
    if (now !== this.#moment) {
      this.#moment = now;
      this.#times.clear();
    }
    let at = this.#times.get(seconds);
    if (at === undefined) {
      at = new Date(now.getTime() - seconds * 1000);
      this.#times.set(seconds, at);
    }
    return at;
  }
}

/** What `prepare` records for gates that are compared with the time before. */
export const simulatedBaseline = 100;

function healthyValue({ zones }: MetricGate): number {
  return inside(zones.pass);
}

/** A value well within a limit; none at all where that is the limit, as of requests that are lost. */
function inside({ operator, limit }: Comparison): number {
  if (limit === 0 && (operator === "<=" || operator === ">=")) return 0;
  const away = Math.max(Math.abs(limit) / 2, 1e-6);
  return operator === "<" || operator === "<=" ? limit - away : limit + away;
}

function outside({ operator, limit }: Comparison): number {
  const away = Math.max(Math.abs(limit) / 2, 1);
  return operator === "<" || operator === "<=" ? limit + away : limit - away;
}

/** Neither passing nor a reason to roll back, where the zones leave room for it. */
function between({ zones }: MetricGate): number {
  const [first] = zones.rollback;
  return first === undefined ? outside(zones.pass) : (zones.pass.limit + first.limit) / 2;
}
