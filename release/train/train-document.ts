import { explainPlan } from "../plan/explain-plan";
import { type PlanDocument, planDocument } from "../plan/plan-document";
import { durationWords } from "../plan/words";
import { neededAt, timetableOf } from "./timetable";
import { type PlannedMember, trainDigest } from "./train";

/** A train as machines read it, what `switchyard release plan A B --format json` prints. */
export interface TrainDocument {
  readonly format: 1;
  /** Of the plans and of what comes after what: what `release start --plan` takes. */
  readonly digest: string;
  /** Systems in the order in which their releases begin. */
  readonly order: readonly string[];
  readonly after: Readonly<Record<string, readonly string[]>>;
  /** Planned seconds until all have finished, without the time that people take. */
  readonly seconds: number;
  readonly releases: readonly PlanDocument[];
}

/** @param members in the order in which they begin */
export function trainDocument(members: readonly PlannedMember[]): TrainDocument {
  return {
    format: 1,
    digest: trainDigest(members),
    order: members.map(({ plan }) => plan.system),
    after: Object.fromEntries(members.map(({ plan, after }) => [plan.system, [...after]])),
    seconds: timetableOf(members).totalSeconds,
    releases: members.map(({ plan }) => planDocument(plan)),
  };
}

/** A train for people: what begins when, who is needed when, then every plan. */
export function explainTrain(members: readonly PlannedMember[]): string {
  const { stops, totalSeconds } = timetableOf(members);
  const at = (seconds: number) => (seconds === 0 ? "at the start" : `after ${durationWords(seconds)}`);
  const releases = members.flatMap(({ plan, after }, index) => {
    const { beginsSeconds, servesSeconds, finishedSeconds } = stops[index]!;
    const behind = after.length === 0 ? "" : `, needs ${after.join(" and ")}`;
    return [
      `${String(index + 1).padStart(4)}. ${plan.system} ${plan.from.version ?? "(unknown)"} to ${plan.manifest.version}${behind}`,
      `      begins ${at(beginsSeconds)}, serves ${at(servesSeconds)}, has finished ${at(finishedSeconds)}`,
    ];
  });
  const people = [...neededAt(members)].map(
    ([role, needs]) =>
      `  ${role}:\n${needs.map((need) => `    ${need.system} ${need.phase}, ${at(need.atSeconds)}`).join("\n")}`,
  );
  return [
    `${members.length} releases on ${members[0]!.plan.environment}, one after the other`,
    `  Duration: about ${durationWords(totalSeconds)}, and the time that people take`,
    ...releases,
    "  The next one begins when the one before serves; none finishes before all serve. Should one go back, those that need",
    "  it go back before it, by their own runbooks, and those that have not begun do not begin.",
    "",
    "Who is needed",
    ...(people.length === 0 ? ["  nobody"] : people),
    ...members.flatMap(({ plan }) => ["", "=".repeat(100), explainPlan(plan).trimEnd()]),
    "",
    "=".repeat(100),
    `Train ${trainDigest(members)}`,
    "",
  ].join("\n");
}
