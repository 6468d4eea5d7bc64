import { randomBytes } from "node:crypto";
import type { ApiClient } from "../api-client";
import { nodeName } from "./node";
import { kubernetesTime, type Pod } from "./pod";

/** Writes events about pods. They are for people: one that cannot be written is only logged. */
export class Events {
  readonly #said = new Map<string, string>();

  constructor(readonly api: ApiClient) {}

  /** @param once do not repeat the same words about the same pod */
  async say(
    pod: Pod,
    type: "Normal" | "Warning",
    reason: string,
    message: string,
    once = false,
  ): Promise<void> {
    const { namespace, name, uid } = pod.metadata;
    if (once && this.#said.get(uid) === message) return;
    this.#said.set(uid, message);
    const time = kubernetesTime(new Date());
    const event = {
      apiVersion: "v1",
      kind: "Event",
      metadata: { name: `${name}.${randomBytes(6).toString("hex")}`, namespace },
      involvedObject: { apiVersion: "v1", kind: "Pod", namespace, name, uid },
      type,
      reason,
      message,
      source: { component: "switchyard-kubelet", host: nodeName },
      firstTimestamp: time,
      lastTimestamp: time,
      count: 1,
    };
    try {
      await this.api.call("POST", `/api/v1/namespaces/${namespace}/events`, { body: event });
    } catch (error) {
      // A namespace that is being deleted takes none.
      console.error(`event ${reason} of ${namespace}/${name} not written: ${(error as Error).message}`);
    }
  }

  forget(pod: Pod): void {
    this.#said.delete(pod.metadata.uid);
  }
}
