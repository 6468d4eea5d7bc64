import type { Finding } from "../engine/parts";
import type { Notify } from "./ahead";
import type { ScheduleBook } from "./book";
import { type DueNews, dueNews } from "./due";
import type { NewsOf } from "./events";
import { outgoing } from "./news";
import { isSameNews, type ScheduleState } from "./state";

/** How people are told; injected, so that days pass in virtual time. */
export interface Telling {
  now(): Date;
  /** Never throws: what could not be delivered is told by its finding. */
  tell(state: ScheduleState, entry: Notify, fields: Readonly<Record<string, string>>): Promise<Finding>;
  progress(line: string): void;
  /** Tries at once again what could not be delivered, as a person wants it who has mended why. @default false */
  readonly insists?: boolean;
}

/** What became of one message. */
export interface ToldNews extends NewsOf {
  readonly title: string;
  readonly delivered: boolean;
  readonly why: string;
}

/**
 * Tells whoever is to be told by now, by each channel once: the journal's lease is held meanwhile, so that no two processes
 * tell the same. A process that ends between telling and writing it down leaves what it was about to tell, and the next one
 * tells it again under the same key: a mailbox shows it once.
 *
 * @returns the state afterwards, what was tried, and when something is due next
 */
export async function tellDue(
  book: ScheduleBook,
  schedule: string,
  telling: Telling,
): Promise<{ readonly state: ScheduleState; readonly tried: readonly ToldNews[]; readonly next?: Date }> {
  const tried: ToldNews[] = [];
  for (;;) {
    // Cheaper than a lease, and mostly there is nothing to do.
    const seen = await book.read(schedule);
    const { first, next } = nextOf(seen, telling, tried);
    if (first === undefined) return { state: seen, tried, ...(next !== undefined && { next }) };
    const told = await book.hold(schedule, async ({ state, write }) => {
      const again = nextOf(state, telling, tried).first;
      if (again === undefined) return undefined;
      const { news, entry: meant } = again;
      await write({ event: "telling", ...news });
      const { entry, fields } = outgoing(state, again, telling.now());
      const { holds, why } = await telling.tell(state, entry, fields);
      await write({ event: "told", ...news, delivered: holds, why });
      return { ...news, title: meant.title, delivered: holds, why };
    });
    if (told === undefined) continue;
    tried.push(told);
    telling.progress(`${told.title}: ${told.why}`);
  }
}

/** Each is tried once in a run; what could not be delivered is for the next one. */
function nextOf(
  state: ScheduleState,
  { insists, ...telling }: Telling,
  tried: readonly NewsOf[],
): { readonly first?: DueNews; readonly next?: Date } {
  const now = telling.now();
  const open = dueNews(state, now, insists).filter(({ news }) => !tried.some((one) => isSameNews(one, news)));
  const [first] = open;
  if (first === undefined) return {};
  return first.at.getTime() <= now.getTime() ? { first } : { next: first.at };
}
