import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RunResult } from "../../../release/engine/run";
import { patienceHours } from "../../../release/engine/until-it-may";
import type { JournalEntry } from "../../../release/journal/entry";
import { FolderStore } from "../../../release/journal/folder-store";
import type { Plan } from "../../../release/plan/plan";
import type { SimulatedProcess } from "../../../release/simulation/process";
import { calm, type Fault } from "../../../release/simulation/scenario";
import { World } from "../../../release/simulation/world";
import { UserError } from "../../../release/user-error";
import { keyPair, signedBy } from "../support/journals";
import { type Exit, FarProcess } from "./far-process";
import type { Change, FarRelease } from "./outcome";
import type { Blow, Failure, ReleaseSpec, Turn } from "./protocol";
import { wordsOf } from "./words-of";
import { WorldCalls } from "./world-calls";

export interface FarReleaseOptions {
  readonly plan: Plan;
  /** A folder of its own, that is not there yet. */
  readonly folder: string;
  /** Of `release-process.ts`, as `snapshotIn` makes it. */
  readonly snapshot: string;
  readonly faults: readonly Fault[];
  /** Each strikes the process that took the release up after the one before. @default none */
  readonly blows?: readonly Blow[];
  /** From this entry on there is no space on the disk whenever one is written for the first time. @default there is space */
  readonly fullFrom?: string;
}

const keys = keyPair();
const release = "release-1";
const seed = 1;
const restartSeconds = 30;
const patienceSeconds = 3600;
/** One that is struck, one that finds that the release never began, one that begins it anew. */
const processesPerBlow = 3;

/** Runs a release in processes of their own, one after the other, against a world that is in this one and outlives them. */
export async function runFar(options: FarReleaseOptions): Promise<FarRelease> {
  mkdirSync(options.folder, { mode: 0o700 });
  try {
    return await new Run(options).toTheEnd();
  } finally {
    rmSync(options.folder, { recursive: true, force: true });
  }
}

type ProcessEnd = { readonly result: RunResult } | { readonly failed: string } | { readonly killed: true };

class Run {
  readonly #world: World;
  /** As somebody else on this machine sees the journals. */
  readonly #store: FolderStore;
  readonly #changes: Change[] = [];
  readonly #said: string[] = [];
  #calls: WorldCalls | undefined;
  #process: SimulatedProcess | undefined;
  #begun = false;
  #struck = 0;

  constructor(private readonly options: FarReleaseOptions) {
    const { plan, faults, folder } = options;
    this.#world = new World(
      plan,
      { ...calm(seed), waits: true, faults },
      { leaps: true, guard: () => this.#calls!.check(), changed: (what) => this.#changed(what) },
    );
    this.#store = new FolderStore(join(folder, "releases"), { ...signedBy(keys), clock: this.#world.clock });
    writeFileSync(join(folder, "key.pem"), keys.pem, { mode: 0o600 });
    writeFileSync(join(folder, "plan.json"), JSON.stringify(plan));
  }

  async toTheEnd(): Promise<FarRelease> {
    const { clock, store, invariants } = this.#world;
    const result = await clock.until(this.#walk());
    invariants.freed = (await this.#store.lease(this.#system)) === undefined;
    if (result.end !== "waiting") invariants.atEnd(result.end, result.why);
    await this.#holdAgainstJournal();
    return {
      result,
      processes: store.epoch,
      struck: this.#struck,
      records: store.records,
      times: store.seconds,
      changes: this.#changes,
      said: this.#said,
      violations: invariants.violations,
    };
  }

  get #system() {
    return this.options.plan.system;
  }

  get #blow(): Blow | undefined {
    return this.options.blows?.[this.#struck];
  }

  async #walk(): Promise<RunResult> {
    const { clock, store } = this.#world;
    const most = processesPerBlow * ((this.options.blows?.length ?? 0) + 1);
    while (store.epoch < most) {
      const process = store.enter();
      this.#process = process;
      const end = await this.#walkBy(process);
      process.kill();
      if ("result" in end) return end.result;
      if ("killed" in end) await clock.elsewhere(this.#afterKill(process));
      else if (!this.#isExpected(end.failed)) throw new Error(end.failed);
      await clock.sleep(restartSeconds * 1000);
    }
    throw new Error(`no end after ${most} processes: ${this.#said.join("; ")}`);
  }

  /** One process, until it is over with it. */
  async #walkBy(process: SimulatedProcess): Promise<ProcessEnd> {
    const far = new FarProcess(this.options.snapshot, this.#specOf(process));
    try {
      return await this.#takeTurns(far, process);
    } finally {
      far.kill("SIGKILL");
    }
  }

  async #takeTurns(far: FarProcess, process: SimulatedProcess): Promise<ProcessEnd> {
    const { clock } = this.#world;
    const calls = new WorldCalls(this.#world, process);
    this.#calls = calls;
    const death = process.death.then(() => "dead" as const);
    for (;;) {
      const turn = await clock.elsewhere(far.next());
      if ("code" in turn) return this.#exited(turn);
      const interrupted = this.#take(turn, calls, process);
      if (turn.end !== undefined) {
        await clock.elsewhere(far.ended());
        return "failure" in turn.end ? this.#failed(turn.end.failure) : { result: turn.end };
      }
      if (interrupted) {
        far.kill("SIGINT");
        continue;
      }
      const answers = await Promise.race([calls.answers(), death]);
      if (answers === "dead") {
        far.kill("SIGKILL");
        return this.#exited(await clock.elsewhere(far.ended()));
      }
      this.#refuseToWaitForEver();
      far.send(answers);
    }
  }

  /** @returns whether it is the place at which the process is to be interrupted */
  #take({ events }: Turn, calls: WorldCalls, process: SimulatedProcess): boolean {
    let interrupted = false;
    for (const event of events) {
      if ("written" in event) {
        const { sequence, entry } = event.written;
        this.#mirror(sequence, entry, process);
        interrupted ||= this.#strikes("interrupted", wordsOf(entry));
      } else if ("said" in event) this.#said.push(event.said);
      else calls.take(event);
    }
    return interrupted;
  }

  /** On hold, and nobody will say anything more: nothing that is struck here may lead to that. */
  #refuseToWaitForEver(): void {
    const { clock, store, people } = this.#world;
    const seconds = clock.monotonic() / 1000 - store.seconds.at(-1)!;
    const last = store.records.findLast(({ entry }) => holdKinds.has(entry.kind))?.entry;
    if (last?.kind !== "held" || people.expected > 0) return;
    const isWindow = last.step !== undefined && !last.needsPerson;
    if (seconds < (isWindow ? patienceHours * 3600 : patienceSeconds)) return;
    throw new Error(`it stays on hold: ${this.#said.slice(-3).join("; ")}`);
  }

  #strikes(how: Blow["how"], at: string): boolean {
    return this.#blow?.how === how && this.#blow.at === at;
  }

  #specOf({ epoch }: SimulatedProcess): ReleaseSpec {
    const { clock } = this.#world;
    const { folder, fullFrom } = this.options;
    return {
      folder,
      keyFile: join(folder, "key.pem"),
      system: this.#system,
      release,
      holder: `process ${epoch}`,
      ...(!this.#begun && { planFile: join(folder, "plan.json") }),
      ...(this.#blow !== undefined && { blow: this.#blow }),
      ...(fullFrom !== undefined && { fullFrom }),
      time: { wall: clock.now().getTime(), monotonic: clock.monotonic() },
    };
  }

  #exited({ code, signal, stderr }: Exit): ProcessEnd {
    if (signal === "SIGKILL") return { killed: true };
    throw new Error(`a process ended by itself with ${code ?? signal}: ${stderr}`);
  }

  #failed({ name, message, mend }: Failure): ProcessEnd {
    const failed = `${name}: ${message}${mend === undefined ? "" : ` (${mend})`}`;
    this.#said.push(failed);
    return { failed };
  }

  /** A process that was stopped by Ctrl-C says so; one that finds nothing to take up says that, and it is started again. */
  #isExpected(failed: string): boolean {
    if (this.#blow?.how === "interrupted" && /stops where it is/.test(failed)) {
      this.#struck++;
      return this.#tells(failed);
    }
    if (this.#world.store.records.length > 0 || !/had not begun/.test(failed)) return false;
    this.#begun = false;
    return /release start/.test(failed);
  }

  /** What somebody meets after the kill, and what the journal then has. */
  async #afterKill(process: SimulatedProcess): Promise<void> {
    const { invariants } = this.#world;
    this.#begun = true;
    this.#struck++;
    const lease = await this.#store.lease(this.#system);
    if (lease === undefined || !lease.isOver)
      invariants.found("its lease is not over, though its process has ended");
    const refusal = await this.#store.acquire(this.#system, "another", "somebody").then(
      () => new Error("another release of the system was let in"),
      (error: Error) => error,
    );
    const mend = refusal instanceof UserError ? refusal.mend : undefined;
    this.#tells(`${refusal.message} (${mend})`);
    await this.#holdAgainstJournal(process);
  }

  /** A word to a person names the release and the command that goes on with it. */
  #tells(text: string): boolean {
    for (const wanted of [release, `switchyard release resume ${this.#system}`])
      if (!text.includes(wanted))
        this.#world.invariants.found(`${JSON.stringify(text)} does not name ${wanted}`);
    return true;
  }

  /**
   * The journal can be read, and has all that its processes said was written. A record that was durable when its process
   * was killed is the one more.
   *
   * @param process absent at the end, when there is none more
   */
  async #holdAgainstJournal(process?: SimulatedProcess): Promise<void> {
    const { invariants, store } = this.#world;
    const { records, fault } = await this.#store.inspect(this.#system, release);
    if (fault !== undefined) invariants.found(`its journal cannot be relied on: ${fault.message}`);
    const known = store.records.length;
    if (records.length < known)
      invariants.found(`${known} entries were written, and ${records.length} are there`);
    for (const [index, record] of records.entries()) {
      const own = store.records[index];
      if (own === undefined && process !== undefined) this.#mirror(record.sequence, record.entry, process);
      else if (own === undefined || contentOf(own.entry) !== contentOf(record.entry))
        invariants.found(`record ${index} of the journal is not what was said to be written`);
    }
  }

  #mirror(sequence: number, entry: JournalEntry, process: SimulatedProcess): void {
    this.#begun = true;
    const { store, invariants } = this.#world;
    const { plan } = this.options;
    // It is said without its plan, which is a megabyte of words.
    const whole: JournalEntry = entry.kind === "started" ? { ...entry, plan: plan as never } : entry;
    const record = store.write(whole, process);
    if (record.sequence !== sequence)
      invariants.found(`record ${sequence} is written where ${record.sequence} stands`);
  }

  #changed(what: string): void {
    const { tracks, store } = this.#world;
    const traffic = tracks.map(({ traffic: { candidate } }) => candidate).join("/");
    const name = `${what}, then ${traffic} %`;
    this.#changes.push({ name, afterRecord: store.records.length - 1 });
    // Its answer waits for a process that runs, and finds none.
    if (this.#strikes("changed", name)) this.#process?.kill();
  }
}

/** The newest of these says whether it is on hold. */
const holdKinds: ReadonlySet<JournalEntry["kind"]> = new Set([
  "held",
  "goesOn",
  "takenOver",
  "rollback",
  "stopped",
  "ended",
]);

/** Without the plan, which is not said twice. */
function contentOf(entry: JournalEntry): string {
  return JSON.stringify(entry.kind === "started" ? { ...entry, plan: null } : entry);
}
