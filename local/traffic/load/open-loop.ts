import { Agent, request } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { causeHeader } from "../front/answer";

export interface LoadOptions {
  /** Where the requests are sent: of the front of dev `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** Host that is asked, and the header that the front wants. */
  readonly headers: Readonly<Record<string, string>>;
  readonly path: string;
  /** Sent without a body. @default GET */
  readonly method?: "GET" | "POST";
  readonly requestsPerSecond: number;
  /** Kept connections, as of so many clients. @default 20 */
  readonly connections?: number;
  /** An answer that takes longer counts as lost. @default 10 */
  readonly timeoutSeconds?: number;
  readonly signal: AbortSignal;
  /** Told of each answer, such as to see which version serves. */
  readonly onAnswer?: (answer: LoadAnswer) => void;
}

export interface LoadAnswer {
  /** When it was sent and how long it took, in milliseconds. */
  readonly at: number;
  readonly milliseconds: number;
  /** 0 when there was none. */
  readonly status: number;
  readonly version: string | undefined;
  /** What the platform or a fault on demand did, as the front says it. */
  readonly cause: string | undefined;
}

export interface LoadReport {
  readonly sent: number;
  readonly answered: number;
  /** No answer, or 5xx that is no fault on demand and not the platform's doing in a swap. */
  readonly lost: number;
  /** 5xx of a fault on demand. */
  readonly byFault: number;
  /** Executions that a swap of a function app has ended. */
  readonly bySwap: number;
  /** By status; 0 stands for no answer. */
  readonly statuses: Readonly<Record<number, number>>;
  readonly versions: Readonly<Record<string, number>>;
  readonly p50Milliseconds: number;
  readonly p95Milliseconds: number;
  readonly p99Milliseconds: number;
}

/**
 * Sends requests at a fixed rate, whether or not the answers keep up: a host that stands still is seen as the requests
 * that wait, not as fewer requests. Ends when the signal aborts, after the last answer.
 */
export async function sendLoad(options: LoadOptions): Promise<LoadReport> {
  const { requestsPerSecond, connections = 20, signal, onAnswer } = options;
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const answers: LoadAnswer[] = [];
  const underWay = new Set<Promise<void>>();
  const began = performance.now();
  let sent = 0;
  while (!signal.aborted) {
    const due = Math.floor(((performance.now() - began) / 1000) * requestsPerSecond) + 1;
    for (; sent < due; sent++) {
      const exchange = ask(options, agent).then((answer) => {
        answers.push(answer);
        onAnswer?.(answer);
        underWay.delete(exchange);
      });
      underWay.add(exchange);
    }
    const next = began + (sent / requestsPerSecond) * 1000 - performance.now();
    await wait(Math.max(1, next), undefined, { signal }).catch(() => {});
  }
  await Promise.all(underWay);
  agent.destroy();
  return reportOf(sent, answers);
}

function ask(
  { url, path, method = "GET", headers, timeoutSeconds = 10 }: LoadOptions,
  agent: Agent,
): Promise<LoadAnswer> {
  const at = Date.now();
  const began = performance.now();
  return new Promise((resolve) => {
    const answered = (status: number, version?: string, cause?: string) =>
      resolve({ at, milliseconds: performance.now() - began, status, version, cause });
    const sent = request(
      new URL(path, url),
      {
        agent,
        method,
        headers,
        timeout: timeoutSeconds * 1000,
        signal: AbortSignal.timeout(timeoutSeconds * 1000),
      },
      (answer) => {
        answer.resume();
        answer.on("error", () => answered(0));
        answer.on("end", () =>
          answered(
            answer.statusCode ?? 0,
            text(answer.headers["x-version"]),
            text(answer.headers[causeHeader]),
          ),
        );
      },
    );
    sent.on("error", () => answered(0));
    sent.end();
  });
}

function text(value: string | string[] | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

export function reportOf(sent: number, answers: readonly LoadAnswer[]): LoadReport {
  const failed = answers.filter(({ status }) => status === 0 || status >= 500);
  const by = (cause: string) => failed.filter((answer) => answer.cause === cause).length;
  const durations = answers.map(({ milliseconds }) => milliseconds).sort((left, right) => left - right);
  const percentile = (share: number) => durations[Math.ceil(share * durations.length) - 1] ?? 0;
  return {
    sent,
    answered: answers.filter(({ status }) => status !== 0).length,
    lost: failed.length - by("fault") - by("swap"),
    byFault: by("fault"),
    bySwap: by("swap"),
    statuses: tally(answers.map(({ status }) => status)),
    versions: tally(answers.map(({ version }) => version ?? "")),
    p50Milliseconds: percentile(0.5),
    p95Milliseconds: percentile(0.95),
    p99Milliseconds: percentile(0.99),
  };
}

function tally<T extends string | number>(values: readonly T[]): Record<T, number> {
  const counts = {} as Record<T, number>;
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}
