import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import type { AppFault } from "../sites/site-apps";
import { type Answer, plainAnswer } from "./answer";

const newFault = z.strictObject({
  host: z.string().min(1),
  /** Only this side of a site: `production` or a slot's name. @default both */
  side: z.string().min(1).optional(),
  errorRate: z.number().min(0).max(1).optional(),
  /** What those requests are answered with. */
  status: z.int().min(400).max(599).optional(),
  latencyMilliseconds: z.number().nonnegative().optional(),
  /** @default until it is cleared */
  forSeconds: z.number().positive().optional(),
});

/** How a host misbehaves on demand. */
export type NewHostFault = z.input<typeof newFault>;
export type HostFault = z.output<typeof newFault> & { readonly until?: number };

/** Faults of hosts; they end with the front, by their time, or when they are cleared. */
export class HostFaults {
  #faults: HostFault[] = [];

  get all(): readonly HostFault[] {
    this.#faults = this.#faults.filter(({ until }) => until === undefined || Date.now() < until);
    return this.#faults;
  }

  /** @throws ZodError */
  add(input: unknown): HostFault {
    const parsed = newFault.parse(input);
    const { forSeconds } = parsed;
    const fault = {
      ...parsed,
      host: parsed.host.toLowerCase(),
      ...(forSeconds === undefined ? {} : { until: Date.now() + forSeconds * 1000 }),
    };
    this.#faults = [...this.all, fault];
    return fault;
  }

  /** @returns how many were cleared */
  clear(): number {
    const cleared = this.all.length;
    this.#faults = [];
    return cleared;
  }

  /** What the faults of a host come to; of two that say the same thing the later one counts. */
  of(host: string, side: string): AppFault {
    if (this.#faults.length === 0) return {};
    const hits = this.all.filter((fault) => fault.host === host && (fault.side ?? side) === side);
    const { errorRate, status, latencyMilliseconds } = Object.assign({}, ...hits) as HostFault;
    return { errorRate, status, latencyMilliseconds };
  }

  /** For hosts whose programs are pods. @returns the answer when the fault makes the request fail */
  async suffer(host: string): Promise<Answer | undefined> {
    const { errorRate = 0, status = 500, latencyMilliseconds = 0 } = this.of(host, "");
    if (latencyMilliseconds > 0) await wait(latencyMilliseconds);
    return errorRate > 0 && Math.random() < errorRate
      ? plainAnswer(status, "made to fail", "fault")
      : undefined;
  }
}
