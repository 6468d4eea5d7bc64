import { setImmediate as endOfTurn } from "node:timers/promises";
import { isJson, type Json, listAt, mapAt } from "../targets/json";
import { UserError } from "../user-error";
import { connectionFailure } from "./connection-failure";
import { exchange, type HttpAnswer, type HttpRequest, jsonOf } from "./http";
import type { ClusterAccess } from "./kubeconfig";
import { KubernetesRefusal, refusalOf } from "./kubernetes-refusal";
import { patientExchange } from "./patient-exchange";

interface Call {
  readonly method: HttpRequest["method"];
  readonly path: string;
  readonly body?: Json;
  readonly contentType?: string;
}

/**
 * Lists that are asked for before this turn of the event loop ends, by cluster and path: the tracks of a system stand in
 * one namespace and look at the same time. Whoever shares an answer has asked before the request was sent, so that it is
 * as new as an own one.
 */
const gathered = new WeakMap<ClusterAccess, Map<string, Promise<readonly Json[]>>>();

/** The few calls that a track and a release make to an API server. Paths are those of its REST API. */
export class KubernetesClient {
  /**
   * @param access with a token or certificate; a command that gives them was run before
   * @param signal stops what is under way
   */
  constructor(
    private readonly access: ClusterAccess,
    private readonly signal?: AbortSignal,
  ) {}

  /**
   * @returns undefined when there is no such object
   * @throws KubernetesRefusal also for a kind that the API server does not have
   */
  async find(path: string): Promise<Json | undefined> {
    try {
      return await this.call({ method: "GET", path });
    } catch (error) {
      if (error instanceof KubernetesRefusal && error.reason === "NotFound") return undefined;
      throw error;
    }
  }

  /** Objects of a namespace; none when the namespace does not exist. */
  list(path: string): Promise<readonly Json[]> {
    // A call that can be stopped is nobody else's.
    if (this.signal !== undefined) return this.listNow(path);
    const asked = gathered.get(this.access) ?? new Map<string, Promise<readonly Json[]>>();
    gathered.set(this.access, asked);
    const shared =
      asked.get(path) ??
      endOfTurn().then(() => {
        asked.delete(path);
        return this.listNow(path);
      });
    asked.set(path, shared);
    return shared;
  }

  private async listNow(path: string): Promise<readonly Json[]> {
    return listAt(await this.call({ method: "GET", path }), "items").map((item) => mapAt(item));
  }

  /** @param fieldManager under whose name the fields are kept */
  create(path: string, object: Json, fieldManager: string): Promise<Json> {
    return this.call({ method: "POST", path: `${path}?fieldManager=${fieldManager}`, body: object });
  }

  /** Merges into an object; with `metadata.resourceVersion` only when nobody changed it since it was read. */
  patch(path: string, change: Json, fieldManager: string): Promise<Json> {
    return this.call({
      method: "PATCH",
      path: `${path}?fieldManager=${fieldManager}`,
      body: change,
      contentType: "application/merge-patch+json",
    });
  }

  /** Something that is gone already counts as deleted. */
  async delete(path: string): Promise<void> {
    try {
      await this.call({ method: "DELETE", path, body: { propagationPolicy: "Background" } });
    } catch (error) {
      if (!(error instanceof KubernetesRefusal && error.status === 404)) throw error;
    }
  }

  /**
   * What a Service or pod answers to a request that the API server passes on (`…/services/NAME:PORT/proxy/PATH`), whatever
   * its status is.
   *
   * @throws KubernetesRefusal for an answer of the API server itself, such as that nothing is behind the Service
   */
  async proxied(path: string): Promise<HttpAnswer> {
    const answer = await this.answer(this.requestOf({ method: "GET", path }));
    const body = jsonOf(answer);
    if (isJson(body) && body.kind === "Status" && body.apiVersion === "v1")
      throw refusalOf({ method: "GET", path, status: answer.status, body, access: this.access });
    return answer;
  }

  private async call(call: Call): Promise<Json> {
    const answer = await this.answer(this.requestOf(call));
    const body = jsonOf(answer);
    if (answer.status < 300 && isJson(body)) return body;
    throw refusalOf({
      method: call.method,
      path: call.path,
      status: answer.status,
      body,
      access: this.access,
    });
  }

  private requestOf(call: Call): HttpRequest {
    const { server, ca, servername, token, clientCertificate: cert, clientKey: key } = this.access;
    return {
      method: call.method,
      url: new URL(server.replace(/\/$/, "") + call.path),
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(call.body !== undefined && { "content-type": call.contentType ?? "application/json" }),
      },
      body: call.body === undefined ? undefined : JSON.stringify(call.body),
      tls: { ca, cert, key, servername },
      signal: this.signal,
    };
  }

  private async answer(request: HttpRequest): Promise<HttpAnswer> {
    try {
      return await (request.method === "GET" ? patientExchange(request) : exchange(request));
    } catch (error) {
      const reason = connectionFailure(error);
      if (reason === undefined) throw error;
      throw new UserError(
        `the cluster at ${this.access.server} (${this.access.source}) cannot be reached: ${reason}`,
        {
          mend: "for dev: npx switchyard cloud start; otherwise: is KUBECONFIG right, is the network open, is the cluster up?",
          cause: error,
          retriable: true,
        },
      );
    }
  }
}
