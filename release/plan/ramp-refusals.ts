import type { MetricGate } from "../../runbooks/entry-basics";
import type { Entry } from "../../runbooks/vocabulary";
import { weightsOf } from "./phase-steps";
import { type Power, powerOf, seesCandidateAlone } from "./power";
import type { Refusal } from "./refusal";
import { durationWords } from "./words";

export interface RampJudgement {
  readonly refusals: readonly Refusal[];
  readonly warnings: readonly string[];
}

/**
 * Whether the gates of a ramp can judge what it shows them: each hold is as long as their data need, and the candidate's
 * share of the traffic is enough for them to conclude anything.
 *
 * @param requestsPerSecond of the whole system; unknown: what is needed is said as a warning
 */
export function judgeRamp(
  entries: readonly Entry[],
  system: string,
  requestsPerSecond: number | undefined,
): RampJudgement {
  const weights = entries
    .flatMap(weightsOf)
    .filter(({ percent, holdSeconds }) => percent > 0 && holdSeconds > 0);
  const gates = entries.filter(
    (entry): entry is MetricGate => entry.word === "metricGate" && entry.during.includes("ramp"),
  );
  const smallest = Math.min(...weights.map(({ percent }) => percent));
  const powers = gates.flatMap((gate) => {
    const power = weights.length === 0 ? undefined : powerOf(gate, smallest);
    return power === undefined ? [] : [{ gate, power }];
  });
  return {
    refusals: [
      ...weights.flatMap(({ percent, holdSeconds }) => shortHolds(gates, percent, holdSeconds)),
      ...(requestsPerSecond === undefined ? [] : tooLittle(powers, requestsPerSecond)),
    ],
    warnings: powers.length === 0 ? [] : trafficWarnings(powers, system, requestsPerSecond),
  };
}

function shortHolds(gates: readonly MetricGate[], percent: number, holdSeconds: number): readonly Refusal[] {
  return gates.flatMap(({ name, windowSeconds, telemetryDelaySeconds }): Refusal[] => {
    const needed = windowSeconds + telemetryDelaySeconds;
    if (holdSeconds >= needed) return [];
    return [
      {
        kind: "hold-too-short",
        message: `${percent} % is held ${holdSeconds} s, but gate ${name} needs ${needed} s to judge it: data are ${telemetryDelaySeconds} s late and looked at over ${windowSeconds} s`,
        mend: `Hold each weight at least ${needed} s in the contract, or shorten the window of ${name}.`,
      },
    ];
  });
}

interface Judged {
  readonly gate: MetricGate;
  readonly power: Power;
}

function tooLittle(powers: readonly Judged[], requestsPerSecond: number): readonly Refusal[] {
  return powers
    .filter(({ power }) => requestsPerSecond < power.leastRequestsPerSecond)
    .map(({ gate, power }) => ({
      kind: "too-little-traffic",
      message:
        `gate ${gate.name} can never be satisfied at ${shareWords(gate, power)}: of ${rate(requestsPerSecond)} requests/s it sees ` +
        `${expected(gate, power, requestsPerSecond)} in ${durationWords(power.windowSeconds)} and concludes nothing below ` +
        `${power.minimumRequests}; to see ${limitWords(power)} with 95 % it needs ${power.telling} requests in that time, ` +
        `${rate(power.tellingRequestsPerSecond)} requests/s`,
      mend: `Release when there are ${rate(power.leastRequestsPerSecond)} requests/s or more (--requests-per-second), or begin the ramp with a larger weight in the contract.`,
    }));
}

function trafficWarnings(
  powers: readonly Judged[],
  system: string,
  requestsPerSecond: number | undefined,
): readonly string[] {
  if (requestsPerSecond === undefined) {
    const least = Math.max(...powers.map(({ power }) => power.leastRequestsPerSecond));
    const most = powers.reduce((best, each) =>
      each.power.tellingRequestsPerSecond > best.power.tellingRequestsPerSecond ? each : best,
    );
    return [
      `how many requests ${system} gets is not known: below ${rate(least)}/s the ramp can never go on, and only from ` +
        `${rate(most.power.tellingRequestsPerSecond)}/s on does gate ${most.gate.name} see ${limitWords(most.power)} at ` +
        `${shareWords(most.gate, most.power)} with 95 % (${most.power.telling} requests in ${durationWords(most.power.windowSeconds)}); say it with --requests-per-second`,
    ];
  }
  return powers
    .filter(
      ({ power }) =>
        requestsPerSecond >= power.leastRequestsPerSecond &&
        requestsPerSecond < power.tellingRequestsPerSecond,
    )
    .map(
      ({ gate, power }) =>
        `gate ${gate.name} says little at ${shareWords(gate, power)}: it sees ${expected(gate, power, requestsPerSecond)} requests in ` +
        `${durationWords(power.windowSeconds)}, and needs ${power.telling} to see ${limitWords(power)} with 95 % (${rate(power.tellingRequestsPerSecond)}/s)`,
    );
}

function expected(gate: MetricGate, power: Power, requestsPerSecond: number): number {
  const share = seesCandidateAlone(gate) ? power.percent / 100 : 1;
  return Math.floor(requestsPerSecond * share * power.windowSeconds);
}

function shareWords(gate: MetricGate, { percent }: Power): string {
  return seesCandidateAlone(gate) ? `${percent} % of the traffic` : "all of the traffic";
}

function limitWords({ limitShare }: Power): string {
  return `a share of ${Number((limitShare * 100).toPrecision(3))} %`;
}

function rate(perSecond: number): string {
  return perSecond >= 10 ? String(Math.ceil(perSecond)) : String(Math.ceil(perSecond * 100) / 100);
}
