import type { Clock } from "../../../release/engine/clock";
import type { EntryOfWord, Finding } from "../../../release/engine/parts";
import { IncidentBook } from "../../../release/incident/book";
import { carryOutDue } from "../../../release/incident/carry-out";
import type { EventOf } from "../../../release/incident/events";
import { type IncidentPlan, planIncident } from "../../../release/incident/plan";
import type { IncidentState } from "../../../release/incident/state";
import { MemoryStore } from "../../../release/journal/memory-store";
import { contracts } from "../../../runbooks/contracts";
import type { Environment } from "../../../runbooks/model";
import { TestClock } from "../support/journals";

export const incident = "incident-20261121T120000Z-0001";

/** What was told, by whom it was meant for and how, with the minute of the incident. */
export interface Told {
  readonly minute: number;
  readonly to: string;
  readonly channels: string;
  readonly text: string;
}

/** An incident in virtual time: minutes pass when the test says so, and messages are kept. */
export class RehearsedIncident {
  readonly told: Told[] = [];
  readonly said: string[] = [];
  readonly clock = new TestClock();
  readonly store = new MemoryStore(this.clock);
  readonly book: IncidentBook;
  readonly plan: IncidentPlan;
  /** What a channel answers. */
  answers: Finding = { holds: true, why: "delivered" };
  private readonly began = this.clock.now();

  constructor(
    readonly system: string,
    symptom?: string,
    environment: Environment = "production",
  ) {
    const contract = contracts.find((each) => each.system === system)!;
    this.book = new IncidentBook(this.store, system, "test:1", this.clock as Clock);
    this.plan = planIncident(contract, environment, symptom);
  }

  async open(changes: Partial<EventOf<"opened">> = {}): Promise<void> {
    await this.book.write(incident, () => [
      {
        event: "opened",
        incident,
        about: "incident",
        by: "ann",
        environment: "production",
        since: this.clock.now().toISOString(),
        summary: "the shop does not answer",
        ...changes,
      },
    ]);
  }

  /** Minutes pass one by one, as a watcher that looks once a minute sees them. */
  async pass(minutes: number): Promise<IncidentState> {
    for (let minute = 0; minute < minutes; minute++) {
      await this.look();
      this.clock.jump(60);
    }
    return this.look();
  }

  async look(): Promise<IncidentState> {
    const { state } = await carryOutDue(this.plan, incident, {
      book: this.book,
      now: () => this.clock.now(),
      tell: async (_, entry, fields) => {
        this.keep(entry, fields);
        return this.answers;
      },
      progress: (line) => this.said.push(line),
    });
    return state;
  }

  /** Whom which ladder told, and when: `MINUTE ROLE CHANNEL`. */
  async rungs(ladder: string): Promise<readonly string[]> {
    const { told, opened } = await this.book.read(incident);
    return told
      .filter(({ entry }) => entry === ladder)
      .map(
        ({ at, role, channel }) =>
          `${Math.round((Date.parse(at) - Date.parse(opened.since)) / 60_000)} ${role} ${channel}`,
      );
  }

  private keep(entry: EntryOfWord<"notify">, fields: Readonly<Record<string, string>>): void {
    this.told.push({
      minute: (this.clock.now().getTime() - this.began.getTime()) / 60_000,
      to: entry.audience,
      channels: entry.channels.map(({ channel }) => channel).join(","),
      text: entry.template.replace(/\{(\w+)\}/g, (_, field: string) => fields[field] ?? "?"),
    });
  }
}
