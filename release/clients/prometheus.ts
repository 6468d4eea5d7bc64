import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isJson, type Json, listAt, mapAt } from "../targets/json";
import { UserError } from "../user-error";
import { bearer } from "./bearer";
import { connectionFailure } from "./connection-failure";
import { exchange, type HttpAnswer, type HttpRequest, jsonOf } from "./http";
import type { Surroundings } from "./surroundings";

/** A number as Prometheus answered it: NaN and infinite ones are given as they are. */
export interface PrometheusNumber {
  readonly value: number;
  /** What Prometheus remarked on the question, which may be nothing: infos. */
  readonly remarks: readonly string[];
}

interface PrometheusAddress {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

export type PrometheusAsking = Pick<Surroundings, "environment" | "outside">;

/**
 * The HTTP API of a Prometheus: on dev the local one, elsewhere the query address of the Azure Monitor workspace, asked
 * with a token of Entra.
 */
export class PrometheusClient {
  /** @param address query address of the facts; on dev the endpoint file says it */
  constructor(
    private readonly surroundings: PrometheusAsking,
    private readonly address: string | undefined,
    private readonly signal?: AbortSignal,
  ) {}

  /**
   * One number, evaluated now.
   *
   * @returns undefined for an empty answer
   * @throws UserError for an answer of several series, one of which Prometheus warns, a refused query, and when nobody
   *   answers
   */
  async number(query: string): Promise<PrometheusNumber | undefined> {
    const answer = await this.call("POST", "/api/v1/query", new URLSearchParams({ query }).toString());
    refuseIncomplete(answer);
    const remarks = listAt(answer, "infos").map(String);
    const { resultType, result } = mapAt(answer, "data");
    if (resultType === "scalar") return { value: numberOf(result), remarks };
    if (resultType !== "vector" || !Array.isArray(result)) {
      throw new UserError(`Prometheus answered a ${String(resultType)}, and one number is needed`);
    }
    if (result.length > 1) {
      throw new UserError(`Prometheus answered ${result.length} series, and one number is needed`, {
        mend: "aggregate the query of the gate: sum(…), max(…)",
      });
    }
    return result.length === 0 ? undefined : { value: numberOf(mapAt(result[0]).value), remarks };
  }

  /** Every series of an answer, evaluated now. @throws UserError for a refused query, and when nobody answers */
  async series(
    query: string,
  ): Promise<readonly { readonly labels: Readonly<Record<string, string>>; readonly value: number }[]> {
    const answer = await this.call("POST", "/api/v1/query", new URLSearchParams({ query }).toString());
    const { resultType, result } = mapAt(answer, "data");
    if (resultType === "scalar") return [{ labels: {}, value: numberOf(result) }];
    if (resultType !== "vector" || !Array.isArray(result))
      throw new UserError(`Prometheus answered a ${String(resultType)}, and values of now are needed`);
    return result.map((one) => {
      const { metric, value } = mapAt(one);
      const labels = Object.entries(mapAt(metric)).map(([name, label]) => [name, String(label)]);
      return { labels: Object.fromEntries(labels), value: numberOf(value) };
    });
  }

  /** Groups of rules with their alerts. */
  async rules(): Promise<readonly Json[]> {
    const answer = await this.call("GET", "/api/v1/rules");
    return listAt(answer, "data", "groups").map((group) => mapAt(group));
  }

  private async call(method: "GET" | "POST", path: string, form?: string): Promise<Json> {
    const { url, headers } = await this.endpoint();
    const request: HttpRequest = {
      method,
      url: new URL(url.replace(/\/$/, "") + path),
      headers: { ...headers, ...(form && { "content-type": "application/x-www-form-urlencoded" }) },
      ...(form !== undefined && { body: form }),
      ...(this.signal && { signal: this.signal }),
    };
    const answer = await this.answer(request);
    const body = jsonOf(answer);
    if (answer.status === 200 && isJson(body) && body.status === "success") return body;
    const said = isJson(body) && typeof body.error === "string" ? body.error : "no answer of its API";
    throw new UserError(`Prometheus (${request.url.host}) answered ${answer.status}: ${said}`, {
      ...((answer.status === 401 || answer.status === 403) && {
        mend: "whoever runs the release needs Monitoring Data Reader on the Azure Monitor workspace",
      }),
      retriable: answer.status === 429 || answer.status >= 500,
    });
  }

  private async answer(request: HttpRequest): Promise<HttpAnswer> {
    try {
      return await exchange(request);
    } catch (error) {
      const reason = connectionFailure(error);
      if (reason === undefined || request.signal?.aborted) throw error;
      throw new UserError(`Prometheus (${request.url.host}) cannot be reached: ${reason}`, {
        cause: error,
        retriable: true,
      });
    }
  }

  private async endpoint(): Promise<PrometheusAddress> {
    if (this.surroundings.environment === "dev") return localPrometheus(this.surroundings.outside.stateDir);
    if (this.address === undefined) {
      throw new UserError("the stack's output release names no address of Prometheus", {
        mend: "update the stack: npx switchyard up",
      });
    }
    const token = await bearer(this.surroundings, "prometheus");
    return { url: this.address, headers: { authorization: `Bearer ${token}` } };
  }
}

/**
 * Warnings are of faults that did not end the query: the answer is of what could be read (Prometheus, "HTTP API", format
 * overview). Who has an empty part in it takes it for good news.
 *
 * @throws UserError, retriable
 */
function refuseIncomplete(answer: Json): void {
  const warnings = listAt(answer, "warnings").map(String);
  if (warnings.length > 0)
    throw new UserError(`Prometheus warns of its own answer: ${warnings.join("; ")}`, { retriable: true });
}

/** A pair of time and text, as in the answers of its API. */
function numberOf(pair: unknown): number {
  const text = Array.isArray(pair) ? String(pair[1]) : "";
  if (text === "+Inf") return Number.POSITIVE_INFINITY;
  if (text === "-Inf") return Number.NEGATIVE_INFINITY;
  return text.trim() === "" ? Number.NaN : Number(text);
}

/** @throws UserError, retriable, when it is not running */
function localPrometheus(stateDir: string | undefined): PrometheusAddress {
  const file = join(stateDir ?? "", "prometheus", "endpoint.json");
  const missing = (what: string, cause?: unknown) =>
    new UserError(`the Prometheus of dev ${what}`, {
      mend: "npx switchyard cloud start; it needs the program prometheus on PATH",
      retriable: true,
      cause,
    });
  if (stateDir === undefined) throw missing("cannot be found: SWITCHYARD_STATE_DIR is not set");
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if (!(error instanceof SyntaxError) && (error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw missing(`is not running (${file})`, error);
  }
  const { url, token } = mapAt(value);
  if (typeof url !== "string" || !URL.canParse(url) || new URL(url).hostname !== "127.0.0.1") {
    throw missing(`has no address on this machine in ${file}`);
  }
  return { url, headers: typeof token === "string" ? { authorization: `Bearer ${token}` } : {} };
}
