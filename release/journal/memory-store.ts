import type { Clock } from "../engine/clock";
import { UserError } from "../user-error";
import { endOf, nextRecord } from "./chain";
import type { JournalEntry, JournalRecord } from "./entry";
import { type Command, type HeldLease, type Journal, type JournalStore, LeaseLost } from "./journal";
import { commandText, requireId } from "./names";
import { StoreAway } from "./store-fault";

interface Lease {
  readonly release: string;
  readonly holder: string;
  readonly epoch: number;
  /** Of the clock's monotonic time. */
  expiresAt: number;
}

interface Kept {
  readonly records: JournalRecord[];
  readonly commands: Command[];
}

const leaseMilliseconds = 30_000;

/**
 * Journals that live as long as this object: for simulations, in virtual time. A lease has no heartbeat here; it is
 * renewed by every `check` and every entry of its holder, and runs out at once when `expire` is called.
 */
export class MemoryStore implements JournalStore {
  readonly where = "memory";
  /** Set true, nothing is answered and nothing taken. */
  away = false;
  private readonly leases = new Map<string, Lease>();
  private readonly epochs = new Map<string, number>();
  private readonly systems = new Map<string, Map<string, Kept>>();

  constructor(private readonly clock: Pick<Clock, "now" | "monotonic">) {}

  async acquire(system: string, release: string, holder: string): Promise<HeldLease> {
    this.requireThere();
    const held = this.leases.get(system);
    if (held !== undefined) throw this.refused(system, held);
    return this.give(system, requireId(release, "release"), holder);
  }

  async takeOver(system: string, holder: string): Promise<HeldLease> {
    this.requireThere();
    const held = this.leases.get(system);
    if (held === undefined) throw new UserError(`no release of ${system} is running, nor unfinished`);
    if (held.expiresAt > this.clock.monotonic()) throw this.refused(system, held);
    return this.give(system, held.release, holder);
  }

  /** Its holder is gone. */
  expire(system: string): void {
    const held = this.leases.get(system);
    if (held !== undefined) held.expiresAt = Number.NEGATIVE_INFINITY;
  }

  async lease(system: string) {
    this.requireThere();
    const held = this.leases.get(system);
    if (held === undefined) return undefined;
    const { release, holder, epoch } = held;
    const isOver = held.expiresAt <= this.clock.monotonic();
    return { release, holder, epoch, expiresAt: this.wallTime(held).toISOString(), isOver };
  }

  open(system: string, release: string, lease?: HeldLease): Journal {
    const kept = () => {
      this.requireThere();
      return this.kept(system, release);
    };
    return {
      read: async () => [...(kept()?.records ?? [])],
      append: async (entry: JournalEntry) => {
        if (lease === undefined) throw new Error("only the holder of the lease writes the journal");
        this.requireThere();
        await lease.check();
        const { records } = kept() ?? this.begin(system, release);
        const record = nextRecord(endOf(records, release), entry, this.clock.now());
        records.push(record);
        return record;
      },
    };
  }

  async releases(system: string): Promise<readonly string[]> {
    this.requireThere();
    return [...(this.systems.get(system)?.keys() ?? [])];
  }

  async send(system: string, release: string, command: Command): Promise<void> {
    commandText(command);
    this.requireThere();
    const kept = this.kept(system, release);
    if (kept === undefined) throw new UserError(`${system} has no release ${release} in ${this.where}`);
    if (!kept.commands.some(({ id }) => id === command.id)) kept.commands.push(command);
  }

  async commands(system: string, release: string, known: ReadonlySet<string>): Promise<readonly Command[]> {
    this.requireThere();
    return (this.kept(system, release)?.commands ?? []).filter(({ id }) => !known.has(id));
  }

  private give(system: string, release: string, holder: string): HeldLease {
    const epoch = (this.epochs.get(system) ?? 0) + 1;
    const held = { release, holder, epoch, expiresAt: this.clock.monotonic() + leaseMilliseconds };
    this.epochs.set(system, epoch);
    this.leases.set(system, held);
    const lost = () => new LeaseLost(`release ${release} of ${system}: ${holder} no longer holds its lease`);
    const check = async () => {
      this.requireThere();
      if (this.leases.get(system) !== held || held.expiresAt <= this.clock.monotonic()) throw lost();
      held.expiresAt = this.clock.monotonic() + leaseMilliseconds;
    };
    return {
      release,
      holder,
      epoch,
      check,
      giveBack: async () => {
        await check();
        this.leases.delete(system);
      },
      leave: async () => {
        if (this.leases.get(system) === held) this.expire(system);
      },
    };
  }

  private kept(system: string, release: string): Kept | undefined {
    return this.systems.get(system)?.get(release);
  }

  private begin(system: string, release: string): Kept {
    const kept: Kept = { records: [], commands: [] };
    const releases = this.systems.get(system) ?? new Map<string, Kept>();
    this.systems.set(system, releases.set(release, kept));
    return kept;
  }

  private wallTime(held: Lease): Date {
    const left = Math.max(0, held.expiresAt - this.clock.monotonic());
    return new Date(this.clock.now().getTime() + left);
  }

  private refused(system: string, held: Lease): UserError {
    const until = this.wallTime(held).toISOString();
    return new UserError(
      `${system} is being released: release ${held.release}, held by ${held.holder}, lease until ${until}`,
    );
  }

  private requireThere(): void {
    if (this.away) throw new StoreAway(this.where, "it does not answer");
  }
}
