import { isJson, type Json, listAt, mapAt } from "../targets/json";
import { UserError } from "../user-error";
import type { AzureLogin } from "./azure-login";
import { connectionFailure } from "./connection-failure";
import { type HttpAnswer, type HttpRequest, jsonOf } from "./http";
import { localEndpoint, localSubscriptionId } from "./local-cloud";
import { patientExchange } from "./patient-exchange";

const azure = "https://management.azure.com";

/** Parameters of a question beside `api-version`, not yet encoded. */
export type ArmQuery = Readonly<Record<string, string>>;

/**
 * Reads Azure Resource Manager by id. An id of the local subscription is asked of the embedded cloud and of nobody else;
 * every other id of Azure.
 */
export class ArmReader {
  constructor(
    private readonly login: AzureLogin,
    private readonly stateDir: string | undefined,
    private readonly signal?: AbortSignal,
  ) {}

  /**
   * @param query further parameters of the question, such as a filter
   * @returns undefined when nothing is there
   */
  get(id: string, apiVersion: string, query: ArmQuery = {}): Promise<Json | undefined> {
    return this.read("GET", id, apiVersion, query);
  }

  /** An action that only reads, or that may be repeated (`/listClusterUserCredential`, `/refresh`). */
  list(id: string, action: string, apiVersion: string): Promise<Json | undefined> {
    return this.read("POST", `${id}/${action}`, apiVersion);
  }

  /**
   * Everything that a collection holds, page by page.
   *
   * @returns undefined when the collection's parent is not there
   * @throws UserError for an answer without a list, and for a page that is gone: a part would pass for all of it
   */
  async collection(
    path: string,
    apiVersion: string,
    query: ArmQuery = {},
  ): Promise<readonly Json[] | undefined> {
    const found: Json[] = [];
    let page: Json | undefined = await this.get(path, apiVersion, query);
    if (page === undefined) return undefined;
    for (;;) {
      if (!Array.isArray(page?.value))
        throw new UserError(`Azure answered GET ${path} without the list that was asked for`, {
          retriable: true,
        });
      found.push(...listAt(page, "value").map((item) => mapAt(item)));
      const nextLink: unknown = page.nextLink;
      if (typeof nextLink !== "string" || nextLink === "") return found;
      page = await this.page(path, nextLink);
    }
  }

  /** Azure's own link to the next page, with its token; the login goes to nobody else. */
  private page(path: string, link: string): Promise<Json | undefined> {
    return this.send("GET", path, (url) => {
      const next = new URL(link);
      if (next.origin === new URL(url).origin) return next;
      throw new UserError(`refused: the list ${path} goes on at ${next.origin}, which is not ${url}`);
    });
  }

  private read(
    method: "GET" | "POST",
    path: string,
    apiVersion: string,
    query: ArmQuery = {},
  ): Promise<Json | undefined> {
    return this.send(method, path, (url) => {
      const target = new URL(`${encodeURI(path)}?api-version=${apiVersion}`, url);
      for (const [name, value] of Object.entries(query)) target.searchParams.set(name, value);
      return target;
    });
  }

  private async send(
    method: "GET" | "POST",
    path: string,
    target: (url: string) => URL,
  ): Promise<Json | undefined> {
    const local = /^\/subscriptions\/([^/]+)/i.exec(path)?.[1]?.toLowerCase() === localSubscriptionId;
    const { url, token } = local
      ? localEndpoint(this.stateDir)
      : { url: azure, token: await this.login.token("arm") };
    const request: HttpRequest = {
      method,
      url: target(url),
      headers: { authorization: `Bearer ${token}` },
      signal: this.signal,
    };
    const answer = await this.answer(request, url, local);
    if (answer.status === 404) return undefined;
    const body = jsonOf(answer);
    if (answer.status === 200 && isJson(body)) return body;
    // An action need not answer with anything.
    if (method === "POST" && [200, 202, 204].includes(answer.status) && answer.text === "") return {};
    throw refused(`${method} ${path}`, answer, body, local);
  }

  private async answer(request: HttpRequest, url: string, local: boolean): Promise<HttpAnswer> {
    try {
      return await patientExchange(request);
    } catch (error) {
      const reason = connectionFailure(error);
      if (reason === undefined) throw error;
      throw local
        ? new UserError(
            `the local cloud at ${url} cannot be reached: ${reason}; its endpoint file is stale`,
            { mend: "npx switchyard cloud start", cause: error, retriable: true },
          )
        : new UserError(`Azure (${url}) cannot be reached: ${reason}`, {
            mend: "is the network open? To look at a plan without Azure: npx switchyard preview --stack STACK --offline",
            cause: error,
            retriable: true,
          });
    }
  }
}

function refused(what: string, answer: HttpAnswer, body: unknown, local: boolean): UserError {
  const { code, message } = mapAt(body, "error");
  const said = message === undefined ? `status ${answer.status}` : `${String(code)}: ${String(message)}`;
  if (answer.status === 401 && local) {
    return new UserError(
      "the local cloud does not accept the token of its endpoint file (401): it was restarted elsewhere, or the port is another process's now",
      { mend: "npx switchyard cloud stop && npx switchyard cloud start" },
    );
  }
  if (answer.status === 401 || answer.status === 403) {
    return new UserError(`Azure forbids ${what}: ${said}`, {
      mend: "whoever runs this needs Reader on it; for a cluster, Azure Kubernetes Service Cluster User Role as well",
    });
  }
  const retriable = answer.status === 409 || answer.status === 429 || answer.status >= 500;
  return new UserError(`Azure refused ${what}: ${said}`, { retriable });
}
