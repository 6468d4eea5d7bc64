import { setMaxListeners } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { keyOf } from "../azure/resources";
import type { Site } from "../azure/sites";
import { type Answer, jsonAnswer, plainAnswer } from "../front/answer";
import type { EmulatedApp } from "./app-package";
import type { PackageStore } from "./package-store";

/** How an app misbehaves on demand. */
export interface AppFault {
  readonly errorRate?: number;
  readonly status?: number;
  readonly latencyMilliseconds?: number;
}

export interface AppRequest {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, unknown>>;
}

export interface AppAnswer extends Answer {
  /** Whether the answer is an error that the app made, not one that its package says for the path. */
  readonly failed: boolean;
  readonly trackedMetrics: Readonly<Record<string, number>>;
}

interface Running {
  readonly digest: string | undefined;
  readonly startedAt: number;
  readonly swappedAt: string | undefined;
  /** Ends what is under way when a swap restarts the function app. */
  readonly executions: AbortController;
}

const nothingTracked = {};

/** Every request that is under way listens to its signal. */
function newExecutions(): AbortController {
  const executions = new AbortController();
  setMaxListeners(0, executions.signal);
  return executions;
}

/** The emulated apps of all sites and slots: what is deployed to each decides what it answers. */
export class SiteApps {
  readonly #running = new Map<string, Running>();

  constructor(
    readonly packages: PackageStore,
    readonly random: () => number = Math.random,
  ) {}

  /** Told after each change of the sites: a deployment starts an app anew, a swap of a function app ends executions. */
  update(sites: Iterable<Site>): void {
    for (const site of sites) {
      const before = this.#running.get(keyOf(site.id));
      const digest = site.content?.digest;
      const swapped = before !== undefined && before.swappedAt !== site.swappedAt;
      if (before !== undefined && before.digest === digest && !swapped) continue;
      if (swapped && site.kind === "functionApp") before.executions.abort();
      this.#running.set(keyOf(site.id), {
        digest,
        swappedAt: site.swappedAt,
        // A swap warms the other side up before it moves the traffic, and who was there before the front has started.
        startedAt: before === undefined || swapped ? 0 : Date.now(),
        executions: newExecutions(),
      });
    }
  }

  /** @param headers of the request, by names in small letters */
  async answer(site: Site, { method, path, headers = {} }: AppRequest, fault: AppFault): Promise<AppAnswer> {
    if (!site.running) {
      return { ...plainAnswer(403, "Error 403 - This web app is stopped.", "stopped"), ...untracked };
    }
    const app = site.content && this.packages.get(site.content.digest);
    if (app === undefined) return { ...defaultPage(site), ...untracked };
    const running = this.#running.get(keyOf(site.id));
    const signal = running?.executions.signal;
    const startsIn = (running?.startedAt ?? 0) + app.startDelaySeconds * 1000 - Date.now();
    const delay = Math.max(0, startsIn) + (fault.latencyMilliseconds ?? app.latencyMilliseconds);
    if (delay > 0) {
      const ended = await wait(delay, false, signal && { signal }).catch(() => true);
      if (ended) {
        return {
          ...plainAnswer(502, "the execution ended: the function app was swapped", "swap"),
          ...untracked,
        };
      }
    }
    const errorRate = fault.errorRate ?? app.errorRate;
    const failed = errorRate > 0 && this.random() < errorRate;
    const content = failed ? failure(app, fault) : contentOf(app, path, headers);
    return {
      ...content,
      headers: { ...content.headers, "x-version": app.version, "x-served-by": site.role },
      body: method === "HEAD" ? "" : content.body,
      failed,
      trackedMetrics: app.trackedMetrics,
    };
  }
}

const untracked = { failed: false, trackedMetrics: nothingTracked };

/** What a site shows that nothing was deployed to: 200, and no version. */
function defaultPage({ kind }: Site): Answer {
  const text =
    kind === "functionApp"
      ? "Your Functions 4.0 app is up and running"
      : "Your web app is running and waiting for your content";
  return {
    status: 200,
    headers: { "content-type": "text/html; charset=utf-8" },
    body: `<!DOCTYPE html><title>Microsoft Azure</title><p>${text}</p>\n`,
  };
}

function failure(app: EmulatedApp, fault: AppFault): Answer {
  const answer = jsonAnswer(fault.status ?? app.errorStatus, { error: "made to fail" });
  return fault.errorRate === undefined
    ? answer
    : { ...answer, headers: { ...answer.headers, "x-switchyard-cause": "fault" } };
}

function contentOf(app: EmulatedApp, path: string, headers: AppRequest["headers"] = {}): Answer {
  const fixed = app.paths[path];
  if (fixed?.onlyWith !== undefined && headers[fixed.onlyWith] === undefined)
    return plainAnswer(404, "Not Found");
  if (fixed !== undefined) {
    const isText = typeof fixed.body === "string";
    return {
      status: fixed.status,
      headers: {
        "content-type": fixed.contentType ?? (isText ? "text/plain; charset=utf-8" : "application/json"),
        ...fixed.headers,
      },
      body: isText ? (fixed.body as string) : JSON.stringify(fixed.body),
    };
  }
  if (path === app.versionPath) return jsonAnswer(200, { version: app.version });
  return jsonAnswer(app.otherStatus, { version: app.version, path });
}
