import { readdirSync, readFileSync } from "node:fs";

/** Minimum, median and maximum of some measurements. */
export interface Spread {
  readonly minimum: number;
  readonly median: number;
  readonly maximum: number;
}

export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const median =
    sorted.length % 2 === 1
      ? (sorted[middle] as number)
      : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
  return { minimum: sorted[0] as number, median, maximum: sorted.at(-1) as number };
}

/** Wall seconds of `work`. */
export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - started) / 1e9;
}

let interrupted = false;

/** The first Ctrl-C lets the case that runs end, so that what was started for it is stopped; the second ends at once. */
export function endsInOrder(): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      interrupted = true;
      process.stderr.write(`${signal}: stopping what was started; again ends at once\n`);
    });
  }
}

/** Runs the cases in turn, A B A B …, so that a machine that slows down slows all of them. */
export async function inTurn<Name extends string>(
  rounds: number,
  cases: Readonly<Record<Name, () => Promise<unknown>>>,
): Promise<Record<Name, Spread>> {
  const names = Object.keys(cases) as Name[];
  const measured = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      if (interrupted) throw new Error("interrupted: not measured to the end");
      measured[name].push(await seconds(cases[name]));
    }
  }
  return Object.fromEntries(names.map((name) => [name, spread(measured[name])])) as Record<Name, Spread>;
}

/**
 * Highest resident set, in MB, of processes whose command line holds `text`, while `work` runs. Linux only: from
 * /proc, sampled every 20 ms; the kernel's own high-water mark makes the sampling rate uncritical.
 */
export async function peakMemoryOf(text: string, work: () => Promise<unknown>): Promise<number> {
  let peak = 0;
  const timer = setInterval(() => {
    for (const pid of readdirSync("/proc")) {
      if (!/^\d+$/.test(pid) || !commandLine(pid).includes(text)) continue;
      peak = Math.max(peak, highWaterMark(pid));
    }
  }, 20);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  return peak;
}

/** Resident set of one process in MB. */
export function residentMegabytes(pid: number): number {
  return statusValue(String(pid), "VmRSS");
}

function commandLine(pid: string): string {
  return readOrEmpty(`/proc/${pid}/cmdline`).replaceAll("\0", " ");
}

function highWaterMark(pid: string): number {
  return statusValue(pid, "VmHWM");
}

function statusValue(pid: string, key: string): number {
  const kilobytes = new RegExp(`^${key}:\\s+(\\d+) kB`, "m").exec(readOrEmpty(`/proc/${pid}/status`))?.[1];
  return kilobytes === undefined ? 0 : Number(kilobytes) / 1024;
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // The process ended between listing and reading.
    return "";
  }
}
