import type { Clock } from "../../../release/engine/clock";
import type { Finding } from "../../../release/engine/parts";
import type { Journal, JournalStore } from "../../../release/journal/journal";
import { MemoryStore } from "../../../release/journal/memory-store";
import type { Plan } from "../../../release/plan/plan";
import { ScheduleBook } from "../../../release/schedule/book";
import type { ScheduleState } from "../../../release/schedule/state";
import { type Telling, tellDue } from "../../../release/schedule/tell-due";
import type { SystemName } from "../../../runbooks/model";
import { contractPlan } from "../engine/support/plans";
import { TestClock } from "../support/journals";

export const id = "scheduled-20261010-120000-0001";
export const hour = 3600;

/** A message as somebody got it. */
export interface Got {
  readonly at: string;
  readonly entry: string;
  readonly channel: string;
  readonly text: string;
}

/** A release that is scheduled, in virtual time: hours pass when the test says so, and messages are kept. */
export class RehearsedSchedule {
  readonly got: Got[] = [];
  readonly said: string[] = [];
  readonly clock: TestClock;
  readonly store: MemoryStore;
  readonly book: ScheduleBook;
  readonly plan: Plan;
  /** What a channel answers. */
  answers: (channel: string) => Finding = () => ({ holds: true, why: "delivered" });
  /** Whether whoever looks tries again at once what was not delivered. */
  insists = false;
  /** Set to have the process end at a write of so many from now on. */
  writesLeft = Number.POSITIVE_INFINITY;

  /** @param hours from now until it begins */
  constructor(
    readonly system: SystemName,
    hours: number,
    change: (plan: Plan) => Plan = (plan) => plan,
  ) {
    this.plan = change(contractPlan(system, "production"));
    this.clock = new TestClock(Date.parse(this.plan.startsAt) - hours * hour * 1000);
    this.store = new MemoryStore(this.clock as Clock);
    this.book = this.bookOf("test:1");
  }

  bookOf(holder: string): ScheduleBook {
    const ends = () => this.writesLeft-- <= 0;
    const store = new Proxy(this.store as JournalStore, {
      get(target, name) {
        if (name !== "open") return Reflect.get(target, name).bind?.(target) ?? Reflect.get(target, name);
        return (...given: Parameters<JournalStore["open"]>): Journal => {
          const journal = target.open(...given);
          return {
            read: () => journal.read(),
            append: (entry) => {
              if (ends()) throw new Error("killed");
              return journal.append(entry);
            },
          };
        };
      },
    });
    return new ScheduleBook(store, this.system, holder, this.clock as Clock);
  }

  async begin(): Promise<void> {
    await this.book.begin({ event: "planned", schedule: id, by: "ana", plan: plain(this.plan) });
  }

  /** To so many hours later, as it is planned then. */
  async move(hours: number, reason?: string): Promise<void> {
    const { plan } = await this.book.read(id);
    const startsAt = new Date(Date.parse(plan.startsAt) + hours * hour * 1000).toISOString();
    await this.book.hold(id, async ({ write }) => {
      await write({
        event: "moved",
        by: "ben",
        ...(reason !== undefined && { reason }),
        plan: plain({ ...plan, startsAt }),
      });
    });
  }

  async cancel(reason?: string): Promise<void> {
    await this.book.hold(id, async ({ write }) => {
      await write({ event: "cancelled", by: "ben", ...(reason !== undefined && { reason }) });
    });
  }

  /** Hours pass, and somebody looks every quarter of one, as a schedule does. */
  async pass(hours: number): Promise<void> {
    for (let quarter = 0; quarter < hours * 4; quarter++) {
      this.clock.jump(hour / 4);
      await this.look();
    }
  }

  async look(book = this.book): Promise<ScheduleState> {
    return (await tellDue(book, id, this.telling())).state;
  }

  private telling(): Telling {
    return {
      now: () => this.clock.now(),
      insists: this.insists,
      progress: (line) => this.said.push(line),
      tell: async (_, entry, fields) => {
        // Time for another process to come in between.
        await new Promise(setImmediate);
        const [{ channel }] = entry.channels as [{ channel: string }];
        const finding = this.answers(channel);
        const text = entry.template.replace(/\{(\w+)\}/g, (_braces, name: string) => fields[name] ?? "?");
        if (finding.holds) this.got.push({ at: this.at(), entry: entry.name, channel, text });
        return finding;
      },
    };
  }

  /** Hours until it begins, as it was scheduled first. */
  at(): string {
    const hours = (Date.parse(this.plan.startsAt) - this.clock.now().getTime()) / (hour * 1000);
    return `-${hours} h`;
  }

  /** What people got, and when. */
  get told(): readonly string[] {
    return this.got.map(({ at, entry, channel }) => `${at} ${entry} ${channel}`);
  }
}

export function plain(plan: Plan) {
  return JSON.parse(JSON.stringify(plan));
}
