import type { EntryOfWord, People } from "../engine/parts";
import type { EntryOf, JournalRecord } from "../journal/entry";
import type { Command } from "../journal/journal";
import { goodAnswer, otherAnswer } from "./answers";
import type { SimulatedProcess } from "./process";
import type { World } from "./world";

export const starter = "starter@example.org";
const stranger = "stranger@example.org";
/** The reason of whatever the scenario lets somebody say. */
export const saidInSimulation = "the simulated operator wants it";

/** Whom the simulated trust root names. */
export function isInARole(person: string): boolean {
  return person !== stranger;
}

interface Waiter {
  readonly known: ReadonlySet<string>;
  take(command: Command): void;
}

/** Those who are asked, and those who say something unasked; each in another process than the release. */
export class SimulatedPeople implements People {
  readonly #given: Command[] = [];
  #waiters: Waiter[] = [];
  #expected = 0;
  #heard: (() => void)[] = [];

  constructor(private readonly world: World) {
    for (const fault of world.scenario.faults) {
      if (fault.kind !== "command") continue;
      const { atSeconds, command, restore = false } = fault;
      this.#later(atSeconds, command, {
        by: "operator@example.org",
        reason: saidInSimulation,
        ...(restore && { restore }),
      });
    }
  }

  /** Commands that will still be given. */
  get expected(): number {
    return this.#expected;
  }

  /** Of everything that was said. */
  get ids(): readonly string[] {
    return this.#given.map(({ id }) => id);
  }

  async mayAct(person: string): Promise<{ holds: boolean; why: string }> {
    return !isInARole(person)
      ? { holds: false, why: `${stranger} is in no role` }
      : { holds: true, why: "by the trust root" };
  }

  /** Whether somebody says something more; waits until then. */
  async somebody(known: ReadonlySet<string>): Promise<boolean> {
    while (!this.#given.some(({ id }) => !known.has(id))) {
      if (this.#expected === 0) return false;
      await new Promise<void>((resolve) => this.#heard.push(resolve));
    }
    return true;
  }

  async given(process: SimulatedProcess, known: ReadonlySet<string>): Promise<readonly Command[]> {
    await process.arrival();
    return this.#given.filter(({ id }) => !known.has(id));
  }

  async nextCommand(
    process: SimulatedProcess,
    known: ReadonlySet<string>,
    signal: AbortSignal,
  ): Promise<Command> {
    await process.arrival();
    signal.throwIfAborted();
    const command =
      this.#given.find(({ id }) => !known.has(id)) ??
      (await new Promise<Command>((resolve, reject) => {
        const leave = () => {
          this.#waiters = this.#waiters.filter((other) => other !== waiter);
          reject(signal.reason);
        };
        const waiter = {
          known,
          take: (given: Command) => {
            signal.removeEventListener("abort", leave);
            resolve(given);
          },
        };
        this.#waiters.push(waiter);
        signal.addEventListener("abort", leave, { once: true });
      }));
    await process.arrival();
    return command;
  }

  /** Reads along in the journal, as somebody does who gets its messages. */
  read({ entry, sequence }: JournalRecord): void {
    if (entry.kind === "asked") this.#answer(entry);
    if (entry.kind === "held") this.#decide(entry, sequence);
  }

  #answer({ entry: name, role }: EntryOf<"asked">): void {
    const entry = this.world.plan.entries[name];
    if (entry?.word === "approval") this.#approve(entry, role);
    if (entry?.word === "manual") this.#reply(entry, role);
    if (entry?.word === "step") this.#confirm(role);
  }

  /** That data are restored, which some say at once, some late, and who may not say it says it as well. */
  #confirm(role: string): void {
    const { random, scenario } = this.world;
    if (scenario.people === "never") return;
    const mixed = scenario.people === "mixed";
    if (mixed && random.chance(0.05)) return;
    const reason = "the data are damaged";
    if (mixed && random.chance(0.2))
      this.#later(random.between(1, 60), "confirm", { by: stranger, role, reason });
    this.#later(random.between(30, mixed ? 2 * 3600 : 600), "confirm", {
      by: `${role}-1@example.org`,
      role,
      reason,
    });
  }

  #reply(entry: EntryOfWord<"manual">, role: string): void {
    const { random, scenario } = this.world;
    if (scenario.people === "never") return;
    const mixed = scenario.people === "mixed";
    if (mixed && random.chance(0.05)) return;
    const seconds = random.between(20, 600) + (mixed && random.chance(0.2) ? random.between(0, 2 * 3600) : 0);
    const good = !mixed || random.chance(0.9);
    const answer = good ? this.#goodAnswer(entry) : otherAnswer(entry);
    this.#later(seconds, "answer", { by: `${role}-1@example.org`, entry: entry.name, role, answer });
    // Who said no looks again.
    if (!good && random.chance(0.5))
      this.#later(seconds + random.between(60, 3 * 600), "answer", {
        by: `${role}-1@example.org`,
        entry: entry.name,
        role,
        answer: this.#goodAnswer(entry),
      });
    // Who may not answer is sometimes the first to do so.
    if (mixed && random.chance(0.2))
      this.#later(random.between(1, 19), "answer", {
        by: stranger,
        entry: entry.name,
        role,
        answer: this.#goodAnswer(entry),
      });
  }

  #goodAnswer(entry: EntryOfWord<"manual">): unknown {
    const own = [...this.world.backups.values()].find(({ store }) => store === entry.namesBackupOf);
    return own === undefined ? goodAnswer(entry) : `${own.recordedAs}, from before the fault`;
  }

  /** The engine asks each role once; as many of it come as the entry wants. */
  #approve(entry: EntryOfWord<"approval">, role: string): void {
    const { random, scenario } = this.world;
    if (scenario.people === "never") return;
    const mixed = scenario.people === "mixed";
    if (mixed && random.chance(0.05)) return;
    const people = entry.onePerRole ? 1 : Math.ceil(entry.atLeast / entry.roles.length);
    const give = (by: string, seconds: number) =>
      this.#later(seconds, "approve", { by, entry: entry.name, role });
    const late = mixed && random.chance(0.2) ? random.between(0, 20_000) : 0;
    if (mixed && random.chance(0.2)) give(random.pick([starter, stranger]), random.between(1, 60));
    for (let one = 1; one <= people; one++)
      give(`${role}-${one}@example.org`, late + random.between(30, 2 * 600));
  }

  /** Whoever is on call looks at what holds the release. */
  #decide({ needsPerson, step, gate }: EntryOf<"held">, sequence: number): void {
    const { random, scenario } = this.world;
    if (scenario.people === "never") return;
    const asked = step !== undefined && this.#isQuestion(step);
    if (asked && random.chance(0.95)) return;
    // A window opens by itself.
    const opens = step !== undefined && !needsPerson;
    if (opens && (scenario.people === "well" || random.chance(0.9))) return;
    const seconds = needsPerson ? random.between(10, 600) : random.between(600, 3600);
    const choice = random.next();
    const command: Command["command"] | undefined =
      choice < 0.5
        ? gate === undefined
          ? "resume"
          : "promote"
        : choice < 0.8
          ? "rollback"
          : choice < 0.9
            ? "abort"
            : undefined;
    if (command === undefined) return;
    this.#later(
      seconds,
      command,
      { by: "on-call@example.org", reason: `looked at entry ${sequence}` },
      () => this.world.holds === sequence,
    );
  }

  #isQuestion(id: string): boolean {
    const { plan } = this.world;
    const step = [...plan.steps, ...plan.rollback, ...plan.restore].find((one) => one.id === id);
    return step?.does.as === "approval" || step?.does.as === "question";
  }

  #later(
    seconds: number,
    command: Command["command"],
    more: Partial<Command> & { readonly by: string },
    still: () => boolean = () => true,
  ): void {
    const { clock } = this.world;
    this.#expected++;
    clock.at(clock.monotonic() + seconds * 1000, () => {
      this.#expected--;
      if (still()) {
        const given: Command = {
          id: `${this.#given.length + 1}-${command}`,
          command,
          at: clock.now().toISOString(),
          ...more,
        };
        this.#given.push(given);
        const hearing = this.#waiters.filter(({ known }) => !known.has(given.id));
        this.#waiters = this.#waiters.filter((waiter) => !hearing.includes(waiter));
        for (const waiter of hearing) waiter.take(given);
      }
      for (const heard of this.#heard.splice(0)) heard();
    });
  }
}
