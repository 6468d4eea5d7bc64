import type { Phase } from "../../runbooks/vocabulary";
import type { GateContext } from "../gates/gate-provider";
import { next } from "../gates/verdict";
import { LeaseLost } from "../journal/journal";
import type { Plan, PlanStep } from "../plan/plan";
import { type ActionContext, act, isStep } from "./actions";
import { attempt } from "./attempts";
import { obey } from "./commands";
import { Diary } from "./diary";
import { fieldsOf } from "./fields";
import { GateWatch } from "./gate-watch";
import type { EngineParts, EntryOfWord, Gate } from "./parts";
import { trafficMoved } from "./state";
import { Pause, Refuse, RollBack, type Turn } from "./turns";
import { unwind } from "./unwind";
import { answerHolds, answerTo, standingOfApproval } from "./waiting";

export type End = "finished" | "rolledBack" | "refused" | "aborted" | "waiting";

export interface RunResult {
  readonly end: End;
  readonly why: string;
}

/**
 * Walks the plan of one release from wherever its journal says it is. Whatever happens, it ends finished, rolled back,
 * refused or aborted with everything taken back, or waits for a person with the reason in the journal.
 *
 * @throws LeaseLost when the release is another process's now: then nothing was written since
 */
export async function run(parts: EngineParts, signal: AbortSignal): Promise<RunResult> {
  const diary = await Diary.open(parts.journal, parts.clock, parts.progress);
  return new Run(parts, diary, signal).toTheEnd();
}

class Run {
  readonly #stop = new AbortController();
  readonly #figures = new Map<"switch" | "rollback", number>();
  #watch: GateWatch | undefined;
  #turn: Turn | undefined;

  constructor(
    private readonly parts: EngineParts,
    private readonly diary: Diary,
    private readonly outside: AbortSignal,
  ) {}

  private get plan(): Plan {
    return this.diary.state.plan;
  }

  async toTheEnd(): Promise<RunResult> {
    const { ended, rollback } = this.diary.state;
    if (ended !== undefined) return { end: ended.outcome, why: ended.why };
    const listening = this.#listen();
    try {
      if (rollback !== undefined) return await this.#back(rollback.why);
      return await this.#forth();
    } finally {
      this.#stop.abort(new Turned());
      await listening;
    }
  }

  async #forth(): Promise<RunResult> {
    try {
      for (const step of this.plan.steps) {
        if (this.diary.state.done.has(step.id)) continue;
        await this.#enter(step.phase);
        await this.#safePoint();
        await this.#perform(step, false);
      }
      return await this.#end("finished", `${this.plan.system} ${this.plan.manifest.version} is live`);
    } catch (error) {
      return this.#turnOff(error);
    }
  }

  async #turnOff(error: unknown): Promise<RunResult> {
    if (error instanceof Pause) return this.#wait(error);
    if (error instanceof RollBack || (error instanceof Refuse && trafficMoved(this.diary.state))) {
      const back =
        error instanceof RollBack ? error : new RollBack(error.why, "switchyard", this.parts.clock.now());
      this.parts.progress(`rolling back: ${back.why}`);
      await this.diary.write({
        kind: "rollback",
        why: back.why,
        by: back.by,
        seenAt: back.seenAt.toISOString(),
        ...(back.gate !== undefined && { gate: back.gate }),
      });
      return this.#back(back.why);
    }
    if (!(error instanceof Refuse)) throw error;
    this.parts.progress(`not going on: ${error.why}`);
    await unwind(this.diary, this.parts);
    return this.#end(error.aborted ? "aborted" : "refused", error.why);
  }

  /** The way back. A failure here waits for a person: there is nothing behind it to go back to. */
  async #back(why: string): Promise<RunResult> {
    this.#turn = undefined;
    try {
      for (const step of this.plan.rollback) {
        if (this.diary.state.done.has(step.id)) continue;
        await this.#enter(step.phase);
        await this.#perform(step, true);
      }
    } catch (error) {
      if (error instanceof Pause) return this.#wait(error);
      throw error;
    }
    await unwind(this.diary, this.parts);
    return this.#end("rolledBack", why);
  }

  /** The release stays whose it is, and whoever takes it up need not wait for the lease to run out. */
  async #wait({ why }: Pause): Promise<RunResult> {
    await this.parts.lease.leave();
    return { end: "waiting", why };
  }

  async #end(outcome: Exclude<End, "waiting">, why: string): Promise<RunResult> {
    for (const strategy of this.parts.strategies.values()) await strategy.finish();
    await this.diary.write({ kind: "ended", outcome, why });
    await this.parts.lease.giveBack();
    return { end: outcome, why };
  }

  async #enter(phase: Phase): Promise<void> {
    if (this.diary.state.phase !== phase) {
      await this.diary.write({ kind: "phase", phase });
      this.parts.progress(`phase ${phase}`);
      this.#watch = undefined;
    }
    this.#watch ??= new GateWatch(this.parts, this.diary, phase, () => this.#context());
  }

  /** @throws the turn that a gate or a person wants */
  async #safePoint(): Promise<void> {
    this.outside.throwIfAborted();
    if (this.#turn !== undefined) throw this.#turn;
    while (this.diary.state.held?.needsPerson) await this.#stay(this.diary.state.held.why);
  }

  async #perform(step: PlanStep, back: boolean): Promise<void> {
    const entry = this.plan.entries[step.entry]!;
    switch (step.does.as) {
      case "gate":
        return this.#pass(step, entry as Gate, back);
      case "evidence":
        return this.#find(step, await this.parts.evidence(entry as EntryOfWord<"evidence">, this.plan));
      case "approval":
        return this.#approve(step, entry as EntryOfWord<"approval">);
      case "question":
        return this.#ask(step, entry as EntryOfWord<"manual">);
      case "message":
        return this.#tell(step, entry as EntryOfWord<"notify">);
      case "record": {
        const fields = await this.parts.record(entry as EntryOfWord<"record">, fieldsOf(this.diary.state));
        await this.diary.write({ kind: "recorded", entry: step.entry, fields: { ...fields } });
        return this.#done(step, fields, 0);
      }
      case "watch":
        return this.#dwell(step, step.does.seconds);
      case "weight":
        await this.#act(step, back);
        return this.#dwell(step, step.does.holdSeconds);
      case "action":
        return this.#act(step, back);
    }
  }

  async #act(step: PlanStep, back: boolean): Promise<void> {
    const entry = this.plan.entries[step.entry];
    if (!isStep(entry)) throw new Error(`${step.id}: ${step.entry} is no step`);
    await this.diary.write({ kind: "intent", step: step.id });
    this.parts.progress(step.action);
    for (;;) {
      const outcome = await attempt(step, () => act(step, entry, this.#actionContext()), {
        clock: this.parts.clock,
        diary: this.diary,
        signal: this.outside,
      });
      if ("seen" in outcome) {
        if (step.does.as !== "weight") await this.#done(step, outcome.seen, outcome.milliseconds);
        return;
      }
      if (!back) throw new Refuse(`${step.title}: ${outcome.why}`);
      await this.#hold({ why: `${step.title}: ${outcome.why}`, step: step.id, needsPerson: true });
      await this.#stay(outcome.why);
    }
  }

  /** A gate at its place: looked at until it passes or has said for good that it does not. */
  async #pass(step: PlanStep, gate: Gate, back: boolean): Promise<void> {
    const { clock, look, progress } = this.parts;
    const everySeconds = gate.word === "checkGate" ? (gate.everySeconds ?? 1) : gate.intervalSeconds;
    let state = undefined as Parameters<typeof next>[0];
    const until = clock.monotonic() + (step.timeoutSeconds * 1000) / clock.speed;
    for (;;) {
      await this.#safePoint();
      const sample = await look(gate, this.#context());
      const moment = {
        now: clock.now(),
        speed: clock.speed,
        phaseBegan: new Date(this.diary.state.phaseBegan!),
      };
      const judged = next(state, gate, sample, moment);
      const late = clock.monotonic() >= until;
      if (judged.settled || judged.verdict === "pass" || late || judged.verdict !== state?.verdict) {
        await this.diary.write({
          kind: "verdict",
          gate: gate.name,
          phase: step.phase,
          verdict: judged.verdict,
          since: judged.state.since ?? moment.now.toISOString(),
          why: judged.why,
          ...(sample.kind === "value" && { value: sample.value, count: sample.count }),
          question: sample.question,
          state: JSON.parse(JSON.stringify(judged.state)),
        });
      }
      state = judged.state;
      if (
        judged.verdict === "pass" ||
        judged.verdict === "report" ||
        this.diary.state.waived.has(gate.name)
      ) {
        return this.#done(step, { verdict: judged.verdict, why: judged.why }, 0);
      }
      if (judged.settled || late) {
        progress(`${gate.name}: ${judged.verdict} – ${judged.why}`);
        if (judged.verdict === "rollback" && !back)
          throw new RollBack(judged.why, "switchyard", clock.now(), gate.name);
        if (judged.verdict === "refuse" && !back) throw new Refuse(`${gate.title}: ${judged.why}`);
        await this.#hold({ why: `${gate.title}: ${judged.why}`, gate: gate.name, needsPerson: true });
        await this.#stay(judged.why);
        state = undefined;
        continue;
      }
      await clock.sleep((everySeconds * 1000) / clock.speed, this.outside);
    }
  }

  #find(step: PlanStep, { holds, why }: { holds: boolean; why: string }): Promise<void> {
    if (!holds) throw new Refuse(`${step.title}: ${why}`);
    return this.#done(step, { why }, 0);
  }

  async #approve(step: PlanStep, entry: EntryOfWord<"approval">): Promise<void> {
    for (;;) {
      const standing = await standingOfApproval(entry, { diary: this.diary, parts: this.parts });
      if (standing.holds) return this.#done(step, { why: standing.why }, 0);
      if (this.diary.state.held?.step !== step.id) {
        for (const role of entry.roles)
          await this.diary.write({ kind: "asked", entry: entry.name, role, question: entry.title });
        await this.#hold({ why: standing.why, step: step.id, needsPerson: true });
      }
      await this.#stay(standing.why);
    }
  }

  async #ask(step: PlanStep, entry: EntryOfWord<"manual">): Promise<void> {
    for (let asked = false; ; asked = true) {
      const answer = answerTo(entry, this.diary);
      if (answer !== undefined) {
        const { holds, why } = answerHolds(entry, answer.answer);
        const breach = entry.onBreach ?? (entry.blocking ? "hold" : "report");
        if (holds || breach === "report") return this.#done(step, { why, by: answer.by }, 0);
        if (breach === "rollback") throw new RollBack(why, answer.by, this.parts.clock.now());
        if (breach === "refuse") throw new Refuse(why);
      }
      if (!asked)
        await this.diary.write({
          kind: "asked",
          entry: entry.name,
          role: entry.role,
          question: entry.question,
        });
      if (!entry.blocking) return this.#done(step, { why: "asked, not waited for" }, 0);
      await this.#hold({ why: `${entry.role}: ${entry.question}`, step: step.id, needsPerson: true });
      await this.#stay(entry.question);
    }
  }

  async #tell(step: PlanStep, entry: EntryOfWord<"notify">): Promise<void> {
    const { holds, why } = await this.parts.tell(entry, fieldsOf(this.diary.state));
    for (const { channel } of entry.channels)
      await this.diary.write({ kind: "told", entry: entry.name, channel, delivered: holds, why });
    return this.#done(step, { delivered: holds, why }, 0);
  }

  /** Lets time pass while the phase's gates are looked at, and longer for as long as one of them does not pass. */
  async #dwell(step: PlanStep, seconds: number): Promise<void> {
    const { clock } = this.parts;
    const began = clock.monotonic();
    const until = began + (seconds * 1000) / clock.speed;
    for (;;) {
      await this.#look();
      const obstacles = this.#watch!.obstacles();
      const urgent = obstacles.find(({ needsPerson }) => needsPerson);
      const [obstacle] = obstacles;
      const over = clock.monotonic() >= until;
      const held = this.diary.state.held;
      if (urgent !== undefined || (over && obstacle !== undefined)) {
        const found = urgent ?? obstacle!;
        if (held?.gate !== found.gate)
          await this.#hold({ why: found.why, gate: found.gate, needsPerson: found.needsPerson });
      } else if (held !== undefined && !held.needsPerson) {
        await this.diary.write({ kind: "goesOn", by: "switchyard", why: "every gate passes" });
      }
      if (over && obstacle === undefined && this.diary.state.held === undefined) break;
      const wait = Math.min(
        this.#watch!.untilDue() ?? Number.POSITIVE_INFINITY,
        over ? 1000 : until - clock.monotonic(),
      );
      await this.#sleep(Math.max(wait, 1));
    }
    await this.#done(step, { dwelt: (clock.monotonic() - began) / 1000 }, clock.monotonic() - began);
  }

  async #look(): Promise<void> {
    this.outside.throwIfAborted();
    if (this.#turn !== undefined) throw this.#turn;
    await this.#watch?.look();
  }

  /** On hold: whatever is watched is watched on, until somebody decides or the reason is gone. */
  async #stay(why: string): Promise<void> {
    if (!trafficMoved(this.diary.state)) throw new Pause(why);
    await this.#look();
    await this.#sleep(Math.max(1, Math.min(this.#watch?.untilDue() ?? 1000, 1000)));
  }

  /** Sleeps until the time is over or a person has said something. */
  async #sleep(milliseconds: number): Promise<void> {
    this.#stirred = new AbortController();
    try {
      await this.parts.clock.sleep(milliseconds, AbortSignal.any([this.outside, this.#stirred.signal]));
    } catch (error) {
      if (!(error instanceof Turned)) throw error;
    }
  }
  #stirred = new AbortController();

  /** Takes commands for as long as the release runs. */
  async #listen(): Promise<void> {
    const signal = AbortSignal.any([this.outside, this.#stop.signal]);
    try {
      for (;;) {
        const known = new Set(this.diary.state.commands.map(({ id }) => id));
        const command = await this.parts.nextCommand(known, signal);
        const turn = await obey(command, this.diary, this.parts);
        if (turn !== undefined) this.#turn = turn;
        this.#stirred.abort(new Turned());
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof LeaseLost) return;
      throw error;
    }
  }

  #hold(held: { why: string; gate?: string; step?: string; needsPerson: boolean }): Promise<unknown> {
    this.parts.progress(`on hold: ${held.why}`);
    return this.diary.write({ kind: "held", ...held });
  }

  async #done(step: PlanStep, seen: unknown, milliseconds: number): Promise<void> {
    const held = this.diary.state.held;
    if (held?.step === step.id)
      await this.diary.write({ kind: "goesOn", by: "switchyard", why: "it is there" });
    await this.diary.write({
      kind: "done",
      step: step.id,
      seen: JSON.parse(JSON.stringify(seen ?? null)),
      milliseconds,
    });
  }

  #context(): GateContext {
    const { plan, baselines, startedAt, phaseBegan } = this.diary.state;
    return {
      environment: plan.environment,
      facts: plan.facts,
      manifest: plan.manifest,
      candidate: plan.to.sides,
      live: plan.from.sides,
      clock: this.parts.clock,
      phaseBegan: new Date(phaseBegan ?? startedAt),
      releaseBegan: new Date(startedAt),
      baselines,
      remembered: this.#remembered,
      signal: this.outside,
    };
  }
  readonly #remembered = new Map<string, unknown>();

  #actionContext(): ActionContext {
    const { plan, release } = this.diary.state;
    const { clock, progress } = this.parts;
    return {
      parts: this.parts,
      diary: this.diary,
      fields: fieldsOf(this.diary.state),
      signal: this.outside,
      data: {
        facts: plan.facts,
        manifest: plan.manifest,
        release,
        candidate: plan.to.sides,
        clock,
        progress,
        signal: this.outside,
      } as ActionContext["data"],
      count: (what, milliseconds) => this.#figures.set(what, milliseconds),
    };
  }
}

/** Wakes a sleeper; no fault. */
class Turned extends Error {
  override readonly name = "Turned";
}
