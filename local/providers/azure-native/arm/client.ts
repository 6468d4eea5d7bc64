import { Cancelled } from "../../../../plugin-server/errors";
import type { PropertyMap } from "../../../../plugin-server/values/property";
import { UserError } from "../../../user-error";
import { withinTime } from "../../../within-time";
import { type Endpoint, type FindEndpoint, refuseRemote } from "./endpoint";
import { exchange, type HttpAnswer, type Method } from "./http";
import { ServiceError } from "./service-error";
import { askedPause, pause, type Task } from "./waiting";

/** The operation's time is up. */
export class OutOfTime extends UserError {
  constructor(
    task: Task,
    readonly reason: string,
  ) {
    super(`${task.what}: gave up after ${task.timeoutSeconds} s: ${reason}`);
  }
}

export interface ArmCall {
  method: Method;
  /** ARM id, perhaps with an action behind it. */
  path: string;
  apiVersion: string;
  body?: PropertyMap;
  /** A POST that only reads (`/list`) may be repeated like a GET. @default method is not POST */
  repeatable?: boolean;
}

const TRANSIENT = new Set([429, 500, 502, 503, 504]);
/** Failures of the connection in which the request may or may not have arrived. */
const BROKEN = new Set(["ECONNRESET", "EPIPE", "ETIMEDOUT", "ECONNABORTED"]);

const FIRST_PAUSE_MILLISECONDS = 100;
const LONGEST_PAUSE_MILLISECONDS = 8000;
const MAX_TRIES = 6;
/** A cloud that is being restarted is back sooner; one that is not running must be told soon. */
const MAX_REFUSED = 4;

export const START_THE_CLOUD = "start it with: npx switchyard cloud start";

/**
 * ARM by id. Repeats what is safe to repeat: GET, PUT and DELETE are idempotent, a POST is sent once unless the connection
 * was refused, in which case nothing was sent.
 */
export class ArmClient {
  constructor(
    private readonly findEndpoint: FindEndpoint,
    private readonly subscriptionId: string,
  ) {}

  /** @throws UserError for an id outside the local subscription: nothing else may ever be addressed */
  refuseForeign(path: string): void {
    const subscription = /^\/subscriptions\/([^/]+)/i.exec(path)?.[1];
    if (subscription?.toLowerCase() === this.subscriptionId.toLowerCase()) return;
    throw new UserError(
      `refused: ${path} is not in the local cloud's subscription ${this.subscriptionId}; this stand-in never touches another`,
    );
  }

  /** @returns undefined when nothing is there */
  async find(task: Task, path: string, apiVersion: string, readBy?: string): Promise<HttpAnswer | undefined> {
    const call: ArmCall =
      readBy === undefined
        ? { method: "GET", path, apiVersion }
        : { method: "POST", path: path + readBy, apiVersion, body: {}, repeatable: true };
    try {
      return await this.send(task, call);
    } catch (error) {
      if (error instanceof ServiceError && error.status === 404) return undefined;
      throw error;
    }
  }

  /**
   * @throws ServiceError for a refusal, after as many tries as are safe
   * @throws Cancelled when the engine stops the operation
   */
  async send(task: Task, call: ArmCall): Promise<HttpAnswer> {
    this.refuseForeign(call.path);
    const target = `${encodeURI(call.path)}?api-version=${encodeURIComponent(call.apiVersion)}`;
    return this.sendTo(task, call, target);
  }

  /** Follows a link that the service gave, on the endpoint that is valid now (a restarted cloud has another port). */
  async follow(task: Task, link: string): Promise<HttpAnswer> {
    const { pathname, search } = new URL(link);
    this.refuseForeign(decodeURIComponent(pathname));
    return this.sendTo(task, { method: "GET", path: pathname, apiVersion: "" }, pathname + search);
  }

  private async sendTo(task: Task, call: ArmCall, target: string): Promise<HttpAnswer> {
    const repeatable = call.repeatable ?? call.method !== "POST";
    let refused = 0;
    let rejectedToken: string | undefined;
    for (let tries = 1; ; tries++) {
      if (task.signal.aborted) throw new Cancelled(task.what);
      const endpoint = refuseRemote(await this.findEndpoint());
      let answer: HttpAnswer;
      try {
        answer = await withinTime(Math.max(1, task.deadline - Date.now()), task.signal, (signal) =>
          exchange(endpoint, call.method, target, call.body, signal),
        );
      } catch (error) {
        const code = this.connectionFailure(task, call, error);
        if (code === "ECONNREFUSED") {
          if (++refused >= MAX_REFUSED) throw notAnswering(endpoint);
        } else if (!repeatable || tries >= MAX_TRIES) throw broken(call, code);
        await this.backOff(task, tries, `the local cloud does not answer (${code})`);
        continue;
      }
      if (answer.status === 401) {
        if (rejectedToken === endpoint.token) throw unauthorised(endpoint);
        rejectedToken = endpoint.token;
        await this.backOff(task, tries, "the local cloud does not accept the token");
        continue;
      }
      if (answer.status < 400) return answer;
      const failure = ServiceError.of(call.method, call.path, answer);
      // A second writer has to wait for the first; Azure's SDKs leave that to the caller, which is this.
      const busy = failure.code === "AnotherOperationInProgress";
      if (!repeatable || !(busy || (TRANSIENT.has(answer.status) && tries < MAX_TRIES))) throw failure;
      const reason = `${call.method} answered ${answer.status} ${failure.code}`.trimEnd();
      await this.backOff(task, tries, reason, askedPause(answer.headers), failure);
    }
  }

  /** @returns the code of a failure of the connection; throws everything else */
  private connectionFailure(task: Task, call: ArmCall, error: unknown): string {
    if (task.signal.aborted) throw new Cancelled(task.what);
    if ((error as Error).name === "AbortError" || (error as Error).name === "TimeoutError") {
      throw new OutOfTime(task, `${call.method} ${call.path} was not answered`);
    }
    const { code } = error as NodeJS.ErrnoException;
    if (code !== undefined && (code === "ECONNREFUSED" || BROKEN.has(code))) return code;
    throw error;
  }

  private async backOff(
    task: Task,
    tries: number,
    reason: string,
    asked?: number,
    cause?: Error,
  ): Promise<void> {
    const own = Math.min(LONGEST_PAUSE_MILLISECONDS, FIRST_PAUSE_MILLISECONDS * 2 ** (tries - 1));
    const wait = asked ?? own;
    if (Date.now() + wait > task.deadline) {
      throw new OutOfTime(task, cause?.message ?? reason);
    }
    if (wait >= 1000) task.status(`${reason}; trying again in ${Math.round(wait / 1000)} s`);
    await pause(task, wait);
  }
}

function notAnswering({ url }: Endpoint): UserError {
  return new UserError(
    `nothing answers at ${url}, where the local cloud was started: its endpoint file is stale`,
    {
      mend: START_THE_CLOUD,
    },
  );
}

function unauthorised({ url }: Endpoint): UserError {
  return new UserError(
    `the local cloud at ${url} does not accept the token of its endpoint file (401): the port belongs to another process now, or the cloud was restarted elsewhere`,
    { mend: "npx switchyard cloud stop && npx switchyard cloud start" },
  );
}

function broken(call: ArmCall, code: string): UserError {
  const sent = call.method === "POST" ? "; it may have been carried out and is not repeated" : "";
  return new UserError(
    `${call.method} ${call.path}: the connection to the local cloud broke (${code})${sent}`,
  );
}
