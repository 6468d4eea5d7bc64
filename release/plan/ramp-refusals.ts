import type { MetricGate } from "../../runbooks/entry-basics";
import type { Entry, Phase } from "../../runbooks/vocabulary";
import { weightsOf } from "./phase-steps";
import { type Power, powerOf, seesCandidateAlone } from "./power";
import type { Refusal } from "./refusal";
import { durationWords } from "./words";

export interface RampJudgement {
  readonly refusals: readonly Refusal[];
  readonly warnings: readonly string[];
}

/**
 * Whether the gates can judge what the release shows them: in a ramp each hold is as long as their data need, and the
 * candidate's share of the traffic is enough for them to conclude anything; at the switch and in the watch, all of it is.
 *
 * @param requestsPerSecond of the whole system; unknown: what a ramp needs is said as a warning
 */
export function judgeRamp(
  entries: readonly Entry[],
  system: string,
  requestsPerSecond: number | undefined,
): RampJudgement {
  const weights = entries
    .flatMap(weightsOf)
    .filter(({ percent, holdSeconds }) => percent > 0 && holdSeconds > 0);
  const gates = entries.filter((entry) => entry.word === "metricGate");
  const ofRamp = gates.filter(({ during }) => during.includes("ramp"));
  const shortest = weights.flatMap(({ percent, holdSeconds }) => shortHolds(ofRamp, percent, holdSeconds));
  const smallest = Math.min(...weights.map(({ percent }) => percent));
  const inRamp = weights.length === 0 ? [] : judgedAt(ofRamp, smallest, ["ramp"]);
  if (requestsPerSecond === undefined)
    return { refusals: shortest, warnings: inRamp.length === 0 ? [] : [unknownTraffic(inRamp, system)] };
  // What is enough at the smallest weight is enough at all of the traffic.
  const others = gates.filter((gate) => inRamp.every((judged) => judged.gate !== gate));
  const powers = [...inRamp, ...judgedAt(others, 100, ["switch", "watch"])];
  return {
    refusals: [...shortest, ...tooLittle(powers, requestsPerSecond)],
    warnings: sayingLittle(powers, requestsPerSecond),
  };
}

/** Those that count requests in one of the phases. */
function judgedAt(
  gates: readonly MetricGate[],
  percent: number,
  phases: readonly Phase[],
): readonly Judged[] {
  return gates.flatMap((gate) => {
    const during = phases.filter((phase) => gate.during.includes(phase));
    const power = during.length === 0 ? undefined : powerOf(gate, percent);
    return power === undefined ? [] : [{ gate, power, during }];
  });
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
  readonly during: readonly Phase[];
}

function tooLittle(powers: readonly Judged[], requestsPerSecond: number): readonly Refusal[] {
  return powers
    .filter(({ power }) => requestsPerSecond < power.leastRequestsPerSecond)
    .map((judged) => ({
      ...judged,
      where: whereWords(judged),
      least: rate(judged.power.leastRequestsPerSecond),
    }))
    .map(({ gate, power, during, least, where }) => ({
      kind: "too-little-traffic",
      message:
        `gate ${gate.name} can never be satisfied ${where}: of ${rate(requestsPerSecond)} requests/s it sees ` +
        `${expected(gate, power, requestsPerSecond)} in ${durationWords(power.windowSeconds)} and concludes nothing below ` +
        `${power.minimumRequests}; to see ${limitWords(power)} with 95 % it needs ${power.telling} requests in that time, ` +
        `${rate(power.tellingRequestsPerSecond)} requests/s`,
      mend: `Release when there are ${least} requests/s or more (--requests-per-second)${during.includes("ramp") ? ", or begin the ramp with a larger weight in the contract" : ""}.`,
    }));
}

function unknownTraffic(powers: readonly Judged[], system: string): string {
  const least = Math.max(...powers.map(({ power }) => power.leastRequestsPerSecond));
  const most = powers.reduce((best, each) =>
    each.power.tellingRequestsPerSecond > best.power.tellingRequestsPerSecond ? each : best,
  );
  return (
    `how many requests ${system} gets is not known: below ${rate(least)}/s the ramp can never go on, and only from ` +
    `${rate(most.power.tellingRequestsPerSecond)}/s on does gate ${most.gate.name} see ${limitWords(most.power)} at ` +
    `${shareWords(most.gate, most.power)} with 95 % (${most.power.telling} requests in ${durationWords(most.power.windowSeconds)}); say it with --requests-per-second`
  );
}

function sayingLittle(powers: readonly Judged[], requestsPerSecond: number): readonly string[] {
  return powers
    .filter(
      ({ power }) =>
        requestsPerSecond >= power.leastRequestsPerSecond &&
        requestsPerSecond < power.tellingRequestsPerSecond,
    )
    .map((judged) => {
      const { gate, power } = judged;
      return (
        `gate ${gate.name} says little ${whereWords(judged)}: it sees ${expected(gate, power, requestsPerSecond)} requests in ` +
        `${durationWords(power.windowSeconds)}, and needs ${power.telling} to see ${limitWords(power)} with 95 % (${rate(power.tellingRequestsPerSecond)}/s)`
      );
    });
}

/** In a ramp by the share, after it by the phases: there it is all of the traffic. */
function whereWords({ gate, power, during }: Judged): string {
  return during.includes("ramp") ? `at ${shareWords(gate, power)}` : `in the ${during.join(" and the ")}`;
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
