import { performance } from "node:perf_hooks";
import { connectionFailure } from "../clients/connection-failure";
import { frontCauseHeader } from "../clients/local-front";
import type { Surroundings } from "../clients/surroundings";
import { UserError } from "../user-error";
import type { GateContext } from "./gate-provider";
import { failureOf } from "./transport";

/** What one request of the release's own saw. */
export interface Seen {
  readonly at: Date;
  readonly milliseconds: number;
  /** `unseen`: it says nothing about the host, as the release's own network was away. */
  readonly result: "answered" | "failed" | "unseen";
  /** Status; absent where there was no answer. */
  readonly status?: number;
  readonly why?: string;
  /** On dev, where the front knows it: no program answered, as the platform ended what a function app ran when it was swapped. */
  readonly endedBySwap?: true;
}

interface Probe {
  readonly seen: Seen[];
  /** Monotonic time of the last question about it. */
  askedAt: number;
  readonly stop: AbortController;
  keptMilliseconds: number;
  /** Runs until the phase ends, or nobody has asked for long. */
  ended: Promise<void>;
  /** What a request threw that is no failure of the world; thrown to whoever asks next. */
  bug?: unknown;
}

/** The shortest time between two requests to a host, in a rehearsal too. */
const shortestIntervalMilliseconds = 50;
const requestMilliseconds = 10_000;
const mostUnderWay = 20;
/** Nobody looks any more: after so many intervals, and not before the seconds. */
const idleIntervals = 20;
const idleMilliseconds = 60_000;

/**
 * Requests that the release sends by itself, again and again, for as long as somebody asks what they saw. They are begun
 * with the first question and end with the phase, when nobody asks any more, or by `close`.
 */
export class Prober {
  readonly #probes = new Map<string, Probe>();

  constructor(private readonly surroundings: Pick<Surroundings, "fetchHttp" | "environment">) {}

  /**
   * What was seen within the window. The first question begins the requests and sees nothing yet.
   *
   * @param url that is asked with GET
   * @param windowMilliseconds real time
   */
  seen(
    url: URL,
    intervalMilliseconds: number,
    windowMilliseconds: number,
    context: Pick<GateContext, "clock" | "signal">,
  ): readonly Seen[] {
    const interval = Math.max(intervalMilliseconds, shortestIntervalMilliseconds);
    const key = `${url.href} ${interval}`;
    const known = this.#probes.get(key);
    const probe = known ?? this.#begin(key, url, interval, windowMilliseconds, context);
    if (probe.bug !== undefined) throw probe.bug;
    probe.askedAt = context.clock.monotonic();
    probe.keptMilliseconds = Math.max(probe.keptMilliseconds, windowMilliseconds);
    const from = context.clock.now().getTime() - windowMilliseconds;
    return probe.seen.filter(({ at }) => at.getTime() >= from);
  }

  /** Ends all requests and waits until they have ended. */
  async close(): Promise<void> {
    const probes = [...this.#probes.values()];
    for (const { stop } of probes) stop.abort();
    await Promise.all(probes.map(({ ended }) => ended));
  }

  #begin(
    key: string,
    url: URL,
    interval: number,
    keptMilliseconds: number,
    context: Pick<GateContext, "clock" | "signal">,
  ): Probe {
    const stop = new AbortController();
    const probe: Probe = {
      seen: [],
      askedAt: context.clock.monotonic(),
      stop,
      keptMilliseconds,
      ended: Promise.resolve(),
    };
    this.#probes.set(key, probe);
    probe.ended = this.#run(probe, url, interval, context).finally(() => {
      if (this.#probes.get(key) === probe) this.#probes.delete(key);
    });
    return probe;
  }

  /** At a steady pace, whatever the answers take: a slow host is not asked less. */
  async #run(
    probe: Probe,
    url: URL,
    interval: number,
    { clock, signal }: Pick<GateContext, "clock" | "signal">,
  ): Promise<void> {
    const ends = AbortSignal.any([signal, probe.stop.signal]);
    const underWay = new Set<Promise<void>>();
    const longestIdle = Math.max(idleIntervals * interval, idleMilliseconds);
    while (!ends.aborted && clock.monotonic() - probe.askedAt <= longestIdle) {
      if (underWay.size < mostUnderWay) {
        const request = this.#request(probe, url, clock, ends)
          .catch((error: unknown) => {
            probe.bug ??= error;
          })
          .finally(() => underWay.delete(request));
        underWay.add(request);
      }
      try {
        await clock.sleep(interval, ends);
      } catch (error) {
        if (!ends.aborted) throw error;
      }
    }
    probe.stop.abort();
    await Promise.all(underWay);
  }

  async #request(probe: Probe, url: URL, clock: GateContext["clock"], signal: AbortSignal): Promise<void> {
    const began = performance.now();
    const answer = await this.#ask(url, signal);
    if (signal.aborted) return;
    const at = clock.now();
    probe.seen.push({ at, milliseconds: performance.now() - began, ...answer });
    const oldest = at.getTime() - probe.keptMilliseconds;
    while (probe.seen.length > 0 && probe.seen[0]!.at.getTime() < oldest) probe.seen.shift();
  }

  async #ask(url: URL, signal: AbortSignal): Promise<Omit<Seen, "at" | "milliseconds">> {
    try {
      const { status, headers } = await this.surroundings.fetchHttp({
        method: "GET",
        url,
        ownConnection: true,
        signal,
        timeoutMilliseconds: requestMilliseconds,
      });
      const endedBySwap = this.surroundings.environment === "dev" && headers[frontCauseHeader] === "swap";
      return { status, result: "answered", ...(endedBySwap && { endedBySwap }) };
    } catch (error) {
      if (signal.aborted) return { result: "unseen" };
      const failure = failureOf(error, this.surroundings.environment === "dev");
      if (failure !== undefined) return { result: "failed", why: failure };
      const why = error instanceof UserError ? error.message : connectionFailure(error);
      if (why === undefined) throw error;
      return { result: "unseen", why };
    }
  }
}
