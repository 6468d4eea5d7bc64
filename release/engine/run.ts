import type { Command } from "../journal/journal";
import type { Plan, PlanStep } from "../plan/plan";
import { changesWords } from "../plan/stack-changes";
import { forOneTry } from "../strategies/strategy";
import { UserError } from "../user-error";
import { recordBaselines } from "./baselines";
import { obey, stayWanted, turnWanted } from "./commands";
import { waitToFinish } from "./company";
import { untilConfirmed } from "./confirmation";
import { Diary } from "./diary";
import { freeHeldClients } from "./held-clients";
import { leaveOff } from "./leave-off";
import { lookAgain } from "./look-again";
import type { EngineParts } from "./parts";
import { isHeldByWord } from "./people-words";
import { perform } from "./perform";
import { untilNextPhaseMay } from "./shared-traffic";
import { hasChanged } from "./state";
import { stayLive } from "./stay-live";
import { tellAhead } from "./tell-ahead";
import { requireTrafficSeen } from "./traffic-seen";
import { Pause, Refuse, RollBack, StayLive } from "./turns";
import { untilDone } from "./until-done";
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
 * @throws LeaseLost when the release is another process's now: then nothing was written since; UserError with where it
 *   stands and how it goes on when the signal is aborted
 */
export async function run(parts: EngineParts, signal: AbortSignal, diary?: Diary): Promise<RunResult> {
  const opened = diary ?? (await Diary.open(parts.journal, parts.clock, parts.progress));
  return new Run(new Walk(parts, opened, signal), signal).toTheEnd();
}

class Run {
  constructor(
    private readonly walk: Walk,
    private readonly outside: AbortSignal,
  ) {}

  async toTheEnd(): Promise<RunResult> {
    try {
      return await this.#untilItEnds();
    } catch (error) {
      // What is thrown then is what the signal was aborted with, wherever it was met.
      if (!this.outside.aborted || error !== this.outside.reason) throw error;
      throw await leaveOff(this.walk);
    } finally {
      this.walk.endWatch();
    }
  }

  async #untilItEnds(): Promise<RunResult> {
    const { diary, parts } = this.walk;
    const { ended } = diary.state;
    if (ended !== undefined) {
      // Whoever wrote that may have been killed before the system was free for the next release.
      await free(parts);
      return { end: ended.outcome, why: ended.why };
    }
    for (;;) {
      await this.#takeIn();
      const heard = diary.state.commands.length;
      const result = await this.#listeningTo(() => this.#onward());
      if (result.end !== "waiting") return result;
      // What somebody said while it stopped may be what it waits for.
      await this.#takeIn();
      if (diary.state.commands.length > heard) continue;
      await parts.journal.reconcile?.();
      await parts.lease.leave();
      return result;
    }
  }

  async #onward(): Promise<RunResult> {
    const { rollback, stopped } = this.walk.diary.state;
    const told = turnWanted(this.walk.diary.state);
    if (told !== undefined) this.walk.turn(told);
    try {
      if (stopped !== undefined) return await this.#takeBack(stopped);
      if (rollback !== undefined) return await this.#back(rollback.why);
      return await this.#forth();
    } catch (error) {
      if (!(error instanceof Pause)) throw error;
      this.walk.endWatch();
      await this.walk.messagesOut();
      return { end: "waiting", why: error.why };
    }
  }

  async #forth(): Promise<RunResult> {
    const { walk } = this;
    const { plan } = walk;
    try {
      await requireTrafficSeen(walk);
      for (const step of plan.steps) {
        if (walk.diary.state.done.has(step.id)) continue;
        if (step.phase !== walk.diary.state.phase) await recordBaselines(walk);
        if (step.phase === "finish" && walk.diary.state.phase !== "finish") await waitToFinish(walk);
        await untilNextPhaseMay(walk, step);
        await walk.enter(step.phase);
        await walk.safePoint(step);
        const stopTelling = tellAhead(walk, step);
        try {
          await lookAgain(walk, step);
          await perform(walk, step, false);
        } finally {
          stopTelling();
        }
      }
      // Of some systems nothing is left to be done at the end.
      if (walk.diary.state.phase !== "finish") await waitToFinish(walk);
      // A word that came with the last step still counts.
      await walk.safePoint();
      return await this.#end("finished", finishedWords(plan));
    } catch (error) {
      return this.#turnOff(error);
    }
  }

  async #turnOff(error: unknown): Promise<RunResult> {
    const { diary, parts } = this.walk;
    if (error instanceof RollBack || (error instanceof Refuse && hasChanged(diary.state))) {
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
    return this.#takeBack({ outcome, why: error.why });
  }

  /** Nothing was moved: what was begun on the candidate's side is taken back. */
  async #takeBack({ outcome, why }: { outcome: "refused" | "aborted"; why: string }): Promise<RunResult> {
    this.walk.turnTaken();
    const { told } = this.walk.diary.state;
    this.walk.tellAll(({ at, name }) => at === "failed" && !told.has(name));
    await this.#unwind();
    await this.#restore();
    return this.#afterwards(outcome, why, this.walk.plan.aborted);
  }

  /** Of a release that had finished, there is something to leave it at: what is live. */
  async #back(why: string): Promise<RunResult> {
    const { walk } = this;
    for (let stay = stayWanted(walk.diary.state); ; ) {
      walk.turnTaken();
      if (stay !== undefined && (await stayLive(walk)))
        return this.#end("finished", `stays live: ${stay.why}`);
      try {
        return await this.#wayBack(why);
      } catch (error) {
        if (!(error instanceof StayLive)) throw error;
        stay = error;
      }
    }
  }

  /** The way back. A failure here waits for a person: there is nothing behind it to go back to. */
  async #wayBack(why: string): Promise<RunResult> {
    const { plan, parts, signal } = this.walk;
    await parts.company?.mayGoBack(signal);
    const way = plan.rollback.filter(isOnTheWay);
    const traffic = way.filter(({ phase }) => phase === "rollback");
    const watched = way.filter(({ phase }) => phase !== "rollback");
    for (const step of traffic) await this.#stepBack(step);
    await freeHeldClients(this.walk);
    await this.#restore();
    for (const step of watched) await this.#stepBack(step);
    // Somebody may have asked for it while the way back was watched.
    await this.#restore();
    await this.#unwind();
    return this.#afterwards(
      "rolledBack",
      why,
      plan.rollback.filter((step) => !isOnTheWay(step)),
    );
  }

  /** The data go back only when somebody wanted it, and those have confirmed it whom the contract names. */
  async #restore(): Promise<void> {
    const { diary, plan } = this.walk;
    if (!diary.state.restoreAsked) return;
    const open = plan.restore.filter(({ id }) => !diary.state.done.has(id));
    const [first] = open;
    if (first === undefined) return;
    await this.walk.enter(first.phase);
    if (!(await untilConfirmed(this.walk, open))) return;
    for (const step of open) await this.#stepBack(step);
  }

  /** What is left to be done, asked and told once everything stands where it should. */
  async #afterwards(
    end: "rolledBack" | "refused" | "aborted",
    why: string,
    steps: readonly PlanStep[],
  ): Promise<RunResult> {
    for (const step of steps) {
      await this.#stepBack(step);
      // As long as it has not ended somebody may ask for it.
      await this.#restore();
    }
    return this.#end(end, why);
  }

  async #stepBack(step: PlanStep): Promise<void> {
    if (this.walk.diary.state.done.has(step.id)) return;
    await this.walk.enter(step.phase);
    await perform(this.walk, step, true);
  }

  #unwind(): Promise<void> {
    const { diary, parts } = this.walk;
    return untilDone(this.walk, "taking back the pods of the new version", (limit) =>
      unwind(diary, parts, limit),
    );
  }

  async #end(outcome: Exclude<End, "waiting">, why: string): Promise<RunResult> {
    const { parts, diary } = this.walk;
    await untilDone(this.walk, "taking the mark of this release away", async (limit) => {
      for (const strategy of parts.strategies.values()) await forOneTry(strategy, limit).finish();
    });
    this.walk.endWatch();
    await this.walk.messagesOut();
    await diary.write({ kind: "ended", outcome, why });
    await free(parts);
    return { end: outcome, why };
  }

  /** What was said while nobody listened. A store that is away is asked again by whoever listens. */
  async #takeIn(): Promise<void> {
    const { diary, parts } = this.walk;
    const known = diary.state.heard;
    try {
      for (const command of (await parts.given?.(known)) ?? []) await this.#obey(command);
    } catch (error) {
      if (!(error instanceof UserError && error.retriable)) throw error;
      parts.progress(error.message);
    }
  }

  async #obey(command: Command): Promise<void> {
    const { diary, parts } = this.walk;
    const { held: before } = diary.state;
    const turn = await obey(command, diary, parts);
    if (turn !== undefined) this.walk.turn(turn);
    const says = command.command === "hold" || command.command === "answer";
    if (says && diary.state.held !== before && isHeldByWord(diary.state))
      this.walk.tellAll(({ at }) => at === "hold");
    this.walk.stir();
  }

  /** Takes commands for as long as something is done. */
  async #listeningTo<T>(work: () => Promise<T>): Promise<T> {
    const stop = new AbortController();
    const listening = this.#listen(AbortSignal.any([this.outside, stop.signal]));
    try {
      return await work();
    } finally {
      stop.abort(new Error("nobody listens any more"));
      await listening;
    }
  }

  async #listen(signal: AbortSignal): Promise<void> {
    const { diary, parts } = this.walk;
    try {
      for (;;) {
        const known = diary.state.heard;
        await this.#obey(await parts.nextCommand(known, signal));
      }
    } catch (error) {
      if (!signal.aborted) this.walk.fail(error);
    }
  }
}

/** The system is free for its next release: what was kept elsewhere is written first, as only the lease's holder may. */
async function free({ journal, lease }: EngineParts): Promise<void> {
  await journal.reconcile?.();
  await lease.giveBack();
}

function finishedWords({ system, manifest, stack }: Plan): string {
  return stack === undefined
    ? `${system} ${manifest.version} is live`
    : `the stack of ${system} is updated (${changesWords(stack.changes)}); ${manifest.version} is live as before`;
}

function isOnTheWay({ phase }: PlanStep): boolean {
  return phase !== "rolled-back";
}
