import type { Clock } from "../engine/clock";

interface Event {
  readonly at: number;
  readonly order: number;
  /** Undefined once it was called off. */
  happen: (() => void) | undefined;
}

/** Nobody can go on, whatever time it gets: every promise waits for another one. */
export class Standstill extends Error {
  override readonly name = "Standstill";
}

/**
 * Time that passes only when everybody waits for it. Whatever is done in another process or on a disk is waited for by
 * `elsewhere`, and takes no time.
 */
export class VirtualClock implements Clock {
  readonly speed = 1;
  #milliseconds = 0;
  #wallOffset = 0;
  #now = new Date(0);
  #order = 0;
  /** A binary heap, the next event first. */
  readonly #events: Event[] = [];
  /** Works under way elsewhere, and what goes on when the last of them is done. */
  #elsewhere = 0;
  #goOn: (() => void) | undefined;

  constructor(private readonly begins = Date.parse("2026-03-03T10:00:00Z")) {}

  now(): Date {
    const now = this.begins + this.#milliseconds + this.#wallOffset;
    // Asked by every gate of the same moment.
    if (this.#now.getTime() !== Math.trunc(now)) this.#now = new Date(now);
    return this.#now;
  }

  monotonic(): number {
    return this.#milliseconds;
  }

  /** Sets the wall clock, as somebody who corrects a machine's time does; the monotonic one goes on. */
  setWall(byMilliseconds: number): void {
    this.#wallOffset += byMilliseconds;
  }

  /** @returns what calls it off */
  at(milliseconds: number, happen: () => void): () => void {
    const event: Event = { at: Math.max(milliseconds, this.#milliseconds), order: this.#order++, happen };
    this.#push(event);
    return () => {
      event.happen = undefined;
    };
  }

  /** When the next event is due; infinite when there is none. */
  nextEvent(): number {
    const heap = this.#events;
    while (heap.length > 0 && heap[0]!.happen === undefined) this.#drop();
    return heap[0]?.at ?? Number.POSITIVE_INFINITY;
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      if (signal === undefined) {
        this.at(this.#milliseconds + milliseconds, resolve);
        return;
      }
      const leave = () => {
        callOff();
        reject(signal.reason);
      };
      const callOff = this.at(this.#milliseconds + milliseconds, () => {
        signal.removeEventListener("abort", leave);
        resolve();
      });
      signal.addEventListener("abort", leave, { once: true });
    });
  }

  /** Waits for what is done outside of this process; time stands still meanwhile. */
  async elsewhere<Result>(work: Promise<Result>): Promise<Result> {
    this.#elsewhere++;
    try {
      return await work;
    } finally {
      this.#elsewhere--;
      const goOn = this.#goOn;
      if (this.#elsewhere === 0 && goOn !== undefined) {
        this.#goOn = undefined;
        whenEverybodyWaits(goOn);
      }
    }
  }

  /**
   * Lets time pass until the work is done.
   * @throws Standstill when it waits for something that no time brings
   */
  until<Result>(work: Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      let over = false;
      work.then(
        (result) => {
          over = true;
          resolve(result);
        },
        (error) => {
          over = true;
          reject(error);
        },
      );
      const pass = () => {
        if (over) return;
        if (this.#elsewhere > 0) {
          this.#goOn = pass;
          return;
        }
        const event = this.#pop();
        if (event === undefined) return reject(new Standstill("everybody waits, and nobody for the time"));
        this.#milliseconds = event.at;
        event.happen!();
        whenEverybodyWaits(pass);
      };
      whenEverybodyWaits(pass);
    });
  }

  #push(event: Event): void {
    const heap = this.#events;
    let index = heap.push(event) - 1;
    while (index > 0) {
      const above = (index - 1) >> 1;
      if (!before(event, heap[above]!)) break;
      heap[index] = heap[above]!;
      index = above;
    }
    heap[index] = event;
  }

  /** The next event that was not called off. */
  #pop(): Event | undefined {
    for (;;) {
      const first = this.#drop();
      if (first === undefined || first.happen !== undefined) return first;
    }
  }

  #drop(): Event | undefined {
    const heap = this.#events;
    const first = heap[0];
    const last = heap.pop();
    if (heap.length > 0) this.#sink(last!);
    return first;
  }

  #sink(event: Event): void {
    const heap = this.#events;
    let index = 0;
    for (;;) {
      let below = 2 * index + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && before(heap[below + 1]!, heap[below]!)) below++;
      if (!before(heap[below]!, event)) break;
      heap[index] = heap[below]!;
      index = below;
    }
    heap[index] = event;
  }
}

function before(left: Event, right: Event): boolean {
  return left.at < right.at || (left.at === right.at && left.order < right.order);
}

/**
 * Ticks run when the queue of promise jobs is empty, and a tick that is asked for by a job waits until the queue is empty
 * again: this is how Node (process.nextTick) tells that every promise which can go on has gone on.
 */
function whenEverybodyWaits(then: () => void): void {
  queueMicrotask(() => process.nextTick(then));
}
