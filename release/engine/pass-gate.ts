import { isOnlyShown, type Judgement, next } from "../gates/verdict";
import type { EntryOf } from "../journal/entry";
import type { PlanStep } from "../plan/plan";
import { isDuration, isLook, standsBeforeTraffic } from "../plan/way-back";
import { goOnWithout } from "./go-on-without";
import { type Gate, titleOf } from "./parts";
import { Refuse, RollBack } from "./turns";
import type { Walk } from "./walk";

/**
 * A gate at its place: looked at until it passes or has said for good that it does not.
 *
 * @param back on the way back, where it is looked at for its whole time: people may be on a side that fails, so that one
 *   look must not make them wait for a person
 */
export async function passGate(walk: Walk, step: PlanStep, gate: Gate, back: boolean): Promise<void> {
  const { clock, look, progress } = walk.parts;
  const everySeconds = gate.word === "checkGate" ? (gate.everySeconds ?? 1) : gate.intervalSeconds;
  const lasting = (step.timeoutSeconds * 1000) / clock.speed;
  let state: Parameters<typeof next>[0];
  let until = clock.monotonic() + lasting;
  for (;;) {
    const arrived = clock.monotonic();
    if (back) walk.throwTurn();
    else await walk.safePoint();
    // Nobody looks while somebody holds the release: that is no time of the gate's.
    until += clock.monotonic() - arrived;
    const sample = await look(gate, walk.context());
    const { phaseBegan, startedAt, baselines, waived } = walk.diary.state;
    const baseline = baselines[gate.name];
    const now = clock.now();
    const judged = next(state, gate, sample, {
      now,
      speed: clock.speed,
      phaseBegan: new Date(phaseBegan ?? startedAt),
      ...(baseline !== undefined && { baseline }),
    });
    const { verdict, why } = judged;
    const over = clock.monotonic() >= until || isLastWord(judged, gate, back);
    if (verdict === "rollback" && over && !back) walk.diary.rollBackNow();
    if (over || verdict !== state?.verdict) {
      await walk.diary.write({
        kind: "verdict",
        gate: gate.name,
        phase: step.phase,
        verdict,
        since: judged.state.since ?? now.toISOString(),
        why,
        ...(sample.kind === "value" && { value: sample.value, count: sample.count }),
        question: sample.question,
        state: judged.state as unknown as EntryOf<"verdict">["state"],
      });
    }
    state = judged.state;
    const isShown = verdict === "report" || (over && isOnlyShown(gate));
    if (verdict === "pass" || isShown || waived.has(gate.name)) {
      progress(`${gate.name}: ${verdict} – ${why}`);
      return walk.done(step, { verdict, why }, 0);
    }
    if (over) {
      progress(`${gate.name}: ${verdict} – ${why}`);
      if (back && !isWaitedFor(walk, step, gate)) {
        const said = `${isDuration(gate) ? "" : "not waited for: "}${titleOf(gate)}: ${why}`;
        return goOnWithout(walk, step, said, { verdict, why });
      }
      if (verdict === "rollback" && !back)
        throw new RollBack(`${titleOf(gate)}: ${why}`, "switchyard", now, gate.name);
      if (verdict === "refuse" && !back) throw new Refuse(`${titleOf(gate)}: ${why}`);
      await walk.hold({ why: `${titleOf(gate)}: ${why}`, gate: gate.name, needsPerson: true });
      await decided(walk, why);
      state = undefined;
      until = clock.monotonic() + lasting;
      continue;
    }
    await walk.sleep((everySeconds * 1000) / clock.speed);
  }
}

/** Whether looking again can change nothing, or is no more than what the contract allows. */
function isLastWord({ verdict, settled }: Judgement, gate: Gate, back: boolean): boolean {
  if (back && isDuration(gate)) return true;
  return back && isLook(gate) ? verdict === "pass" : settled;
}

function isWaitedFor({ plan }: Walk, step: PlanStep, gate: Gate): boolean {
  return !isDuration(gate) && !standsBeforeTraffic(plan.rollback, plan.entries, step.id);
}

/** Until a person has said something on what holds: let it pass, or look again. */
async function decided(walk: Walk, why: string): Promise<void> {
  while (walk.diary.state.held !== undefined) await walk.stay(why);
}
