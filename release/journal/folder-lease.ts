import { mkdir, readlink, rename, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../engine/clock";
import { describeLease, parseLease } from "../targets/lease";
import { UserError } from "../user-error";
import {
  codeOf,
  inStore,
  makeFolder,
  namesIn,
  readIfThere,
  replaceFile,
  syncFolder,
  temporaryName,
  writeNew,
} from "./files";
import { HeartbeatLease, type LeaseAnswer, type LeaseFacts } from "./held-lease";
import type { Machine, ProcessMark } from "./machine";
import type { HeadMark } from "./medium";

/** What stands in a lease's file; readers of other parts know the first three. */
interface LeaseFile {
  readonly release: string;
  readonly holder: string;
  readonly expiresAt: string;
  readonly epoch: number;
  readonly head?: HeadMark;
  /** Absent where the machine cannot be told. */
  readonly machine?: {
    readonly id: string;
    /** Uptime of the machine, milliseconds, at which it expires. */
    readonly expiresAtUptime: number;
    readonly process?: ProcessMark;
  };
}

/** Earlier epochs of which nothing is needed any more, but that a late holder finds its own gone. */
const keptEpochs = 3;

/**
 * Leases in a folder. Each holder has a folder of its own, `leases/EPOCH/`, that is made whole by one rename which only one
 * process can win; the highest is the holder's. It writes only there: one that slept while another took over, whatever it
 * does next, touches nothing of its successor, and no lock has to be broken when a process dies.
 * `lease.json` is a symbolic link to the newest, and dangles when that was given back.
 */
export class FolderLeases {
  private readonly leases: string;

  /** @param folder of the system */
  constructor(
    private readonly system: string,
    private readonly folder: string,
    private readonly durationMilliseconds: number,
    private readonly clock: Clock,
    private readonly machine: Machine,
  ) {
    this.leases = join(folder, "leases");
  }

  /** @returns undefined when nobody holds one */
  current(): Promise<LeaseFile | undefined> {
    return inStore(this.folder, async () => this.fileOf(await this.highest()));
  }

  async acquire(release: string, holder: string): Promise<HeartbeatLease> {
    const epoch = await inStore(this.folder, () => this.highest());
    const held = await inStore(this.folder, () => this.fileOf(epoch));
    if (held !== undefined) throw this.refused(held);
    return this.claim({ system: this.system, release, holder, epoch: epoch + 1 });
  }

  async takeOver(holder: string): Promise<HeartbeatLease> {
    const held = await this.current();
    if (held === undefined) {
      throw new UserError(`no release of ${this.system} is running, nor unfinished`, {
        mend: `switchyard release history ${this.system} lists those that have ended`,
      });
    }
    if (!this.isOver(held)) {
      throw new UserError(`${this.system}: ${describeLease(held, this.clock.now())}: it is not over`, {
        mend: "a lease is taken over when it has expired, or its process on this machine has ended",
        retriable: true,
      });
    }
    const { release, head } = held;
    return this.claim({
      system: this.system,
      release,
      holder,
      epoch: held.epoch + 1,
      ...(head && { head }),
    });
  }

  private async claim(facts: LeaseFacts): Promise<HeartbeatLease> {
    const won = await inStore(this.folder, () => this.makeEpoch(facts));
    if (!won) {
      const winner = await this.current();
      throw winner === undefined
        ? new UserError(`${this.system}: another process was quicker`, { mend: "try again", retriable: true })
        : this.refused(winner);
    }
    await inStore(this.folder, () => this.point(facts.epoch));
    await inStore(this.folder, () => this.prune(facts.epoch));
    const keeping = {
      renew: () => inStore(this.folder, () => this.renew(facts)),
      ask: () => inStore(this.folder, () => this.ask(facts.epoch)),
      end: () => inStore(this.folder, () => this.end(facts.epoch)),
      leave: () => inStore(this.folder, () => this.leave(facts)),
    };
    return new HeartbeatLease(facts, keeping, this.clock, this.durationMilliseconds);
  }

  /** @returns false when another process made it first */
  private async makeEpoch(facts: LeaseFacts): Promise<boolean> {
    await makeFolder(this.leases);
    const own = temporaryName(this.leases);
    try {
      await mkdir(own, { mode: 0o700 });
      await writeNew(join(own, "lease.json"), this.text(facts, this.durationMilliseconds));
      // Stays when the lease is given back: the folder is then not empty, and nothing can be renamed over it.
      await writeNew(join(own, "claimed"), "");
      await rename(own, join(this.leases, String(facts.epoch)));
      await syncFolder(this.leases);
      return true;
    } catch (error) {
      if (codeOf(error) === "ENOTEMPTY" || codeOf(error) === "EEXIST") return false;
      throw error;
    } finally {
      await rm(own, { recursive: true, force: true });
    }
  }

  private async renew(facts: LeaseFacts): Promise<"held" | "lost"> {
    if ((await this.ask(facts.epoch)) === "lost") return "lost";
    await replaceFile(this.leaseFile(facts.epoch), this.text(facts, this.durationMilliseconds));
    // One that was stopped while it claimed an earlier epoch may have set it back.
    if ((await readlinkIfThere(join(this.folder, "lease.json"))) !== this.linked(facts.epoch))
      await this.point(facts.epoch);
    return (await this.ask(facts.epoch)) === "lost" ? "lost" : "held";
  }

  private async ask(epoch: number): Promise<LeaseAnswer> {
    if ((await this.highest()) !== epoch) return "lost";
    const file = await this.fileOf(epoch);
    if (file === undefined) return "lost";
    return this.hasExpired(file) ? "expired" : "held";
  }

  private async end(epoch: number): Promise<void> {
    await rm(this.leaseFile(epoch), { force: true });
    await syncFolder(join(this.leases, String(epoch)));
  }

  private async leave(facts: LeaseFacts): Promise<void> {
    if ((await this.ask(facts.epoch)) === "lost") return;
    await replaceFile(this.leaseFile(facts.epoch), this.text(facts, 0));
  }

  /** Whether it may be taken over. */
  isOver(file: LeaseFile): boolean {
    const { machine } = file;
    const here = machine !== undefined && machine.id === this.machine.id;
    if (here && machine.process !== undefined && this.machine.hasEnded(machine.process)) return true;
    return this.hasExpired(file);
  }

  private hasExpired({ machine, expiresAt }: LeaseFile): boolean {
    if (machine !== undefined && machine.id === this.machine.id)
      return this.machine.uptime() >= machine.expiresAtUptime;
    return new Date(expiresAt) <= this.clock.now();
  }

  private text({ release, holder, epoch, head }: LeaseFacts, milliseconds: number): string {
    const { id, self } = this.machine;
    const file: LeaseFile = {
      release,
      holder,
      expiresAt: new Date(this.clock.now().getTime() + milliseconds).toISOString(),
      epoch,
      ...(head && { head }),
      ...(id !== undefined && {
        machine: {
          id,
          expiresAtUptime: this.machine.uptime() + milliseconds,
          ...(self && { process: self }),
        },
      }),
    };
    return `${JSON.stringify(file)}\n`;
  }

  /** 0 when there was never one. */
  private async highest(): Promise<number> {
    const epochs = (await namesIn(this.leases)).filter((name) => /^\d+$/.test(name)).map(Number);
    return Math.max(0, ...epochs);
  }

  private async fileOf(epoch: number): Promise<LeaseFile | undefined> {
    if (epoch === 0) return undefined;
    const file = this.leaseFile(epoch);
    const text = await readIfThere(file);
    // The epoch of its folder counts: who may write is decided by it.
    return text && { ...(parseLease(text.toString("utf8"), file) as LeaseFile), epoch };
  }

  private leaseFile(epoch: number): string {
    return join(this.leases, String(epoch), "lease.json");
  }

  private linked(epoch: number): string {
    return join("leases", String(epoch), "lease.json");
  }

  private async point(epoch: number): Promise<void> {
    const temporary = temporaryName(this.folder);
    await symlink(this.linked(epoch), temporary);
    await rename(temporary, join(this.folder, "lease.json"));
    await syncFolder(this.folder);
  }

  private async prune(epoch: number): Promise<void> {
    const old = (await namesIn(this.leases)).filter(
      (name) => /^\d+$/.test(name) && Number(name) <= epoch - keptEpochs,
    );
    await Promise.all(old.map((name) => rm(join(this.leases, name), { recursive: true, force: true })));
  }

  private refused(held: LeaseFile): UserError {
    const running = describeLease(held, this.clock.now());
    return new UserError(`${this.system} is being released: ${running}`, {
      mend: this.isOver(held)
        ? `it is unfinished; take it up first: switchyard release resume ${this.system}`
        : `wait for it, or look at it: switchyard release status ${this.system}`,
    });
  }
}

async function readlinkIfThere(path: string): Promise<string | undefined> {
  try {
    return await readlink(path);
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "EINVAL") return undefined;
    throw error;
  }
}
