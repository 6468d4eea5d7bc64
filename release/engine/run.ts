import type { PlanStep } from "../plan/plan";
import { recordBaselines } from "./baselines";
import { obey, turnWanted } from "./commands";
import { Diary } from "./diary";
import { lookAgain } from "./look-again";
import type { EngineParts } from "./parts";
import { perform } from "./perform";
import { Pause, Refuse, RollBack } from "./turns";
import { unwind } from "./unwind";
import { Walk } from "./walk";

export type End = "finished" | "rolledBack" | "refused" | "aborted" | "waiting";

export interface RunResult {
  readonly end: End;
  readonly why: string;
}

/**
 * Walks the plan of one release from wherever its journal says it is. Whatever happens, it ends finished, rolled back,
 * refused or aborted with everything taken back, or waits for a person with the reason in the journal.
 *
 * @param diary of the parts' journal, when the caller has opened it already
 * @throws LeaseLost when the release is another process's now: then nothing was written since
 */
export async function run(parts: EngineParts, signal: AbortSignal, diary?: Diary): Promise<RunResult> {
  const opened = diary ?? (await Diary.open(parts.journal, parts.clock, parts.progress));
  return new Run(new Walk(parts, opened, signal), signal).toTheEnd();
}

class Run {
  readonly #stop = new AbortController();

  constructor(
    private readonly walk: Walk,
    private readonly outside: AbortSignal,
  ) {}

  async toTheEnd(): Promise<RunResult> {
    const { ended, rollback, stopped } = this.walk.diary.state;
    if (ended !== undefined) return { end: ended.outcome, why: ended.why };
    const told = turnWanted(this.walk.diary.state);
    if (told !== undefined) this.walk.turn(told);
    const listening = this.#listen();
    try {
      if (stopped !== undefined) return await this.#takeBack(stopped);
      if (rollback !== undefined) return await this.#back(rollback.why);
      return await this.#forth();
    } finally {
      this.#stop.abort(new Error("the release is over"));
      await listening;
    }
  }

  async #forth(): Promise<RunResult> {
    const { walk } = this;
    const { plan } = walk;
    try {
      await recordBaselines(walk);
      for (const step of plan.steps) {
        if (walk.diary.state.done.has(step.id)) continue;
        await walk.enter(step.phase);
        await walk.safePoint();
        await lookAgain(walk, step);
        await perform(walk, step, false);
      }
      // A word that came with the last step still counts.
      walk.throwTurn();
      return await this.#end("finished", `${plan.system} ${plan.manifest.version} is live`);
    } catch (error) {
      return this.#turnOff(error);
    }
  }

  async #turnOff(error: unknown): Promise<RunResult> {
    const { diary, parts } = this.walk;
    if (error instanceof Pause) return this.#wait(error);
    if (error instanceof RollBack || (error instanceof Refuse && diary.state.trafficMoved)) {
      const back =
        error instanceof RollBack ? error : new RollBack(error.why, "switchyard", parts.clock.now());
      parts.progress(`rolling back: ${back.why}`);
      await diary.write({
        kind: "rollback",
        why: back.why,
        by: back.by,
        seenAt: back.seenAt.toISOString(),
        ...(back.gate !== undefined && { gate: back.gate }),
        ...(back.restore && { restore: true }),
      });
      return this.#back(back.why);
    }
    if (!(error instanceof Refuse)) throw error;
    parts.progress(`not going on: ${error.why}`);
    const outcome = error.aborted ? "aborted" : "refused";
    await diary.write({ kind: "stopped", why: error.why, outcome });
    this.walk.tellAll(({ at }) => at === "failed");
    return this.#takeBack({ outcome, why: error.why });
  }

  /** Nothing was moved: what was begun on the candidate's side is taken back. */
  async #takeBack({ outcome, why }: { outcome: "refused" | "aborted"; why: string }): Promise<RunResult> {
    this.walk.turnTaken();
    await unwind(this.walk.diary, this.walk.parts);
    return this.#afterwards(outcome, why, this.walk.plan.aborted);
  }

  /** The way back. A failure here waits for a person: there is nothing behind it to go back to. */
  async #back(why: string): Promise<RunResult> {
    const { diary, parts } = this.walk;
    this.walk.turnTaken();
    const { plan } = this.walk;
    const restore = diary.state.rollback?.restore === true ? plan.restore : [];
    try {
      const way = plan.rollback.filter(isOnTheWay);
      const traffic = way.filter(({ phase }) => phase === "rollback");
      const watched = way.filter(({ phase }) => phase !== "rollback");
      for (const step of [...traffic, ...restore, ...watched]) await this.#stepBack(step);
    } catch (error) {
      if (error instanceof Pause) return this.#wait(error);
      throw error;
    }
    await unwind(diary, parts);
    return this.#afterwards(
      "rolledBack",
      why,
      plan.rollback.filter((step) => !isOnTheWay(step)),
    );
  }

  /** What is left to be done, asked and told once everything stands where it should. */
  async #afterwards(
    end: "rolledBack" | "refused" | "aborted",
    why: string,
    steps: readonly PlanStep[],
  ): Promise<RunResult> {
    try {
      for (const step of steps) await this.#stepBack(step);
    } catch (error) {
      if (error instanceof Pause) return this.#wait(error);
      throw error;
    }
    return this.#end(end, why);
  }

  async #stepBack(step: PlanStep): Promise<void> {
    if (this.walk.diary.state.done.has(step.id)) return;
    await this.walk.enter(step.phase);
    await perform(this.walk, step, true);
  }

  /** The release stays whose it is, and whoever takes it up need not wait for the lease to run out. */
  async #wait({ why }: Pause): Promise<RunResult> {
    await this.walk.messagesOut();
    await this.walk.parts.lease.leave();
    return { end: "waiting", why };
  }

  async #end(outcome: Exclude<End, "waiting">, why: string): Promise<RunResult> {
    const { parts, diary } = this.walk;
    for (const strategy of parts.strategies.values()) await strategy.finish();
    await this.walk.messagesOut();
    await diary.write({ kind: "ended", outcome, why });
    await parts.lease.giveBack();
    return { end: outcome, why };
  }

  /** Takes commands for as long as the release runs. */
  async #listen(): Promise<void> {
    const { diary, parts } = this.walk;
    const signal = AbortSignal.any([this.outside, this.#stop.signal]);
    try {
      for (;;) {
        const known = new Set(diary.state.commands.map(({ id }) => id));
        const command = await parts.nextCommand(known, signal);
        const turn = await obey(command, diary, parts);
        if (turn !== undefined) this.walk.turn(turn);
        this.walk.stir();
      }
    } catch (error) {
      if (!signal.aborted) this.walk.fail(error);
    }
  }
}

function isOnTheWay({ phase }: PlanStep): boolean {
  return phase !== "rolled-back";
}
