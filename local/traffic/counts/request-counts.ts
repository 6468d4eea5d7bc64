import type { ServedRequest } from "./telemetry";

/** Requests of one second that are alike: what sampling leaves of them in Application Insights, one row with a count. */
export interface RequestRow {
  /** Start of the second, milliseconds since 1970. */
  readonly at: number;
  readonly siteId: string;
  readonly role: string;
  readonly name: string;
  readonly status: number;
  readonly failed: boolean;
  readonly success: boolean;
  count: number;
  /** Of all of them together. */
  milliseconds: number;
}

export interface MetricRow {
  readonly at: number;
  readonly siteId: string;
  readonly role: string;
  readonly name: string;
  count: number;
  sum: number;
  min: number;
  max: number;
}

export interface PodErrorRow {
  readonly at: number;
  readonly host: string;
  readonly namespace: string;
  readonly pod: string;
  readonly status: number;
}

/** Some hours of a busy host; older rows are forgotten first. */
const mostRows = 60_000;
/** Durations within an eighth of a doubling count as equal. */
const stepsPerDoubling = 8;

/** Rows of what was served, aggregated by the second. */
export class RequestCounts {
  readonly requests = new Recent<RequestRow>();
  readonly metrics = new Recent<MetricRow>();
  readonly podErrors = new Recent<PodErrorRow>();

  constructor(readonly now: () => number) {}

  add({ siteId, role, name, status, milliseconds, failed, success, trackedMetrics }: ServedRequest): void {
    const at = this.#second();
    const step = Math.round(Math.log2(Math.max(milliseconds, 0.01)) * stepsPerDoubling);
    const row = this.requests.find(at, `${siteId}\n${name}\n${status}\n${failed}\n${step}`, () => ({
      at,
      siteId,
      role,
      name,
      status,
      failed,
      success,
      count: 0,
      milliseconds: 0,
    }));
    row.count++;
    row.milliseconds += milliseconds;
    for (const [metric, value] of Object.entries(trackedMetrics)) {
      const tracked = this.metrics.find(at, `${siteId}\n${metric}`, () => ({
        at,
        siteId,
        role,
        name: metric,
        count: 0,
        sum: 0,
        min: value,
        max: value,
      }));
      tracked.count++;
      tracked.sum += value;
      tracked.min = Math.min(tracked.min, value);
      tracked.max = Math.max(tracked.max, value);
    }
  }

  addPodError(error: Omit<PodErrorRow, "at">): void {
    const at = this.now();
    this.podErrors.find(at, `${this.podErrors.rows.length}`, () => ({ at, ...error }));
  }

  #second(): number {
    return Math.floor(this.now() / 1000) * 1000;
  }
}

/** Rows in the order of their time, of which those of the newest second are found by key. */
class Recent<T> {
  rows: T[] = [];
  #at = 0;
  #newest = new Map<string, T>();

  find(at: number, key: string, make: () => T): T {
    if (at !== this.#at) {
      this.#at = at;
      this.#newest = new Map();
    }
    const known = this.#newest.get(key);
    if (known !== undefined) return known;
    const row = make();
    this.#newest.set(key, row);
    this.rows.push(row);
    if (this.rows.length > mostRows) this.rows = this.rows.slice(mostRows / 10);
    return row;
  }
}
