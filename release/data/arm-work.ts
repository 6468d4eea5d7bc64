import type { AzureLogin } from "../clients/azure-login";
import { connectionFailure } from "../clients/connection-failure";
import { exchange, type HttpAnswer, jsonOf } from "../clients/http";
import { localEndpoint, localSubscriptionId } from "../clients/local-cloud";
import { patientExchange } from "../clients/patient-exchange";
import type { Clock } from "../engine/clock";
import { isJson, type Json, mapAt } from "../targets/json";
import { UserError } from "../user-error";

/** What adapters do through Azure Resource Manager; each call waits for the operation that it began. */
export interface ArmWork {
  /** @returns undefined when nothing is there */
  get(id: string, apiVersion: string): Promise<Json | undefined>;
  /** @returns the resource when it is made */
  put(id: string, body: Json, apiVersion: string): Promise<Json>;
  patch(id: string, body: Json, apiVersion: string): Promise<Json>;
  /** @param path an id and its action */
  post(path: string, body: Json, apiVersion: string): Promise<Json>;
  /** What is gone already counts as deleted. */
  delete(id: string, apiVersion: string): Promise<void>;
}

const azure = "https://management.azure.com";
const usualPauseSeconds = 5;
const transientStatus = new Set([408, 409, 429, 500, 502, 503, 504]);

type Method = "GET" | "PUT" | "PATCH" | "POST" | "DELETE";

export interface ArmWorkArgs {
  readonly login: AzureLogin;
  readonly stateDir: string | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Ends the wait for an operation that is under way; the operation itself goes on. @default none */
  readonly limit?: AbortSignal;
}

/** Azure Resource Manager; ids of the local subscription are the embedded cloud's and nobody else's. */
export function armWork(args: ArmWorkArgs): ArmWork {
  const client = new ArmClient(args);
  return {
    get: (id, apiVersion) => client.read(pathOf(id, apiVersion), id),
    put: (id, body, apiVersion) => client.change("PUT", id, body, apiVersion),
    patch: (id, body, apiVersion) => client.change("PATCH", id, body, apiVersion),
    post: (path, body, apiVersion) => client.change("POST", path, body, apiVersion),
    async delete(id, apiVersion) {
      await client.change("DELETE", id, undefined, apiVersion);
    },
  };
}

function pathOf(id: string, apiVersion: string): string {
  return `${encodeURI(id)}?api-version=${apiVersion}`;
}

class ArmClient {
  constructor(private readonly args: ArmWorkArgs) {}

  /** @param path below the server, or an address of it */
  async read(path: string, id: string): Promise<Json | undefined> {
    const answer = await this.send("GET", path, id, undefined);
    if (answer.status === 404) return undefined;
    return bodyOf("GET", id, answer);
  }

  async change(method: Method, id: string, body: Json | undefined, apiVersion: string): Promise<Json> {
    const path = pathOf(id, apiVersion);
    const answer = await this.send(method, path, id, body);
    if (method === "DELETE" && answer.status === 404) return {};
    const begun = answer.status === 204 ? {} : bodyOf(method, id, answer);
    const result = await this.finished(method, id, answer, begun);
    if (method === "POST" || method === "DELETE") return result;
    return (await this.settled(path, id)) ?? result;
  }

  /** Follows the operation that an answer names. */
  private async finished(method: Method, id: string, answer: HttpAnswer, begun: Json): Promise<Json> {
    const operation = headerOf(answer, "azure-asyncoperation");
    const location = headerOf(answer, "location");
    if (operation === undefined && (answer.status !== 202 || location === undefined)) return begun;
    const address = operation ?? location!;
    let last = answer;
    for (;;) {
      await this.pause(last);
      last = await this.send("GET", address, id, undefined);
      if (last.status === 202) continue;
      if (last.status === 404) throw new UserError(`${method} ${id}: its operation is no longer known`);
      const said = last.status === 204 ? {} : bodyOf("GET", id, last);
      if (operation === undefined) return said;
      const { status } = said;
      if (status === "Succeeded") return this.resultOf(method, id, location, said);
      if (status === "Failed" || status === "Canceled") throw failed(method, id, String(status), said);
    }
  }

  /** What an action gives stands where `Location` says, and with services that have none in the operation itself. */
  private async resultOf(
    method: Method,
    id: string,
    location: string | undefined,
    operation: Json,
  ): Promise<Json> {
    const properties = mapAt(operation, "properties");
    if (method !== "POST" || location === undefined) return properties;
    const answer = await this.send("GET", location, id, undefined);
    const result = answer.status === 204 || answer.status === 404 ? {} : bodyOf("GET", id, answer);
    return Object.keys(result).length === 0 ? properties : result;
  }

  /** Some services answer at once and go on: the resource itself then says how far it is. */
  private async settled(path: string, id: string): Promise<Json | undefined> {
    for (;;) {
      const answer = await this.send("GET", path, id, undefined);
      if (answer.status === 404) return undefined;
      const resource = bodyOf("GET", id, answer);
      const { provisioningState: state } = mapAt(resource, "properties");
      if (state === "Failed" || state === "Canceled") throw failed("PUT", id, state, resource);
      if (state === undefined || state === "Succeeded" || state === "Ready") return resource;
      await this.pause(answer);
    }
  }

  private async pause(answer: HttpAnswer): Promise<void> {
    const exact = Number(headerOf(answer, "x-ms-retry-after-ms") ?? Number.NaN);
    const asked = Number(headerOf(answer, "retry-after"));
    const seconds = Number.isFinite(asked) && asked >= 0 ? asked : usualPauseSeconds;
    const milliseconds = exact >= 0 ? exact : seconds * 1000;
    const { clock, signal, limit } = this.args;
    const ends = limit === undefined ? signal : AbortSignal.any([signal, limit]);
    await clock.sleep(Math.max(milliseconds, 100), ends);
  }

  private async send(method: Method, path: string, id: string, body: Json | undefined): Promise<HttpAnswer> {
    const { login, stateDir, signal } = this.args;
    const local = /^\/subscriptions\/([^/]+)/i.exec(id)?.[1]?.toLowerCase() === localSubscriptionId;
    const server = local ? localEndpoint(stateDir) : { url: azure, token: await login.token("arm") };
    const url = new URL(path, server.url);
    if (url.origin !== new URL(server.url).origin)
      throw new UserError(`refused: ${method} ${id} goes on at ${url.origin}, which is not ${server.url}`);
    const request = {
      method,
      url,
      headers: {
        authorization: `Bearer ${server.token}`,
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal,
    };
    try {
      // What is asked for twice by POST is done twice.
      return await (method === "POST" ? exchange(request) : patientExchange(request));
    } catch (error) {
      if (signal.aborted) throw error;
      const reason = connectionFailure(error);
      if (reason === undefined) throw error;
      throw new UserError(`${method} ${id}: ${server.url} cannot be reached: ${reason}`, {
        cause: error,
        retriable: true,
        ...(local && { mend: "npx switchyard cloud start" }),
      });
    }
  }
}

function headerOf({ headers }: HttpAnswer, name: string): string | undefined {
  const value = headers[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

function bodyOf(method: Method, id: string, answer: HttpAnswer): Json {
  const body = jsonOf(answer);
  if (answer.status >= 200 && answer.status < 300) return isJson(body) ? body : {};
  const { code, message } = mapAt(body, "error");
  const said = message === undefined ? `status ${answer.status}` : `${String(code)}: ${String(message)}`;
  const denied = answer.status === 401 || answer.status === 403;
  throw new UserError(`Azure ${denied ? "forbids" : "refused"} ${method} ${id}: ${said}`, {
    retriable: transientStatus.has(answer.status),
    ...(denied && { mend: "whoever runs the release needs the role that docs/data.md names for it" }),
  });
}

function failed(method: Method, id: string, status: string, said: Json): UserError {
  const { code, message } = mapAt(said, "error");
  const why = message === undefined ? "" : `: ${String(code)}: ${String(message)}`;
  return new UserError(`${method} ${id} ended as ${status}${why}`);
}
