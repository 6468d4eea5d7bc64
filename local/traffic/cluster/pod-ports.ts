import { callKubelet, readKubeletEndpoint } from "../../cluster/kubelet/endpoint";
import type { PodRow } from "../../cluster/kubelet/pod-table";
import { UserError } from "../../user-error";
import type { Endpoint } from "./cluster-objects";

/** Asked again for an endpoint that was not found after this time at the earliest. */
const freshMilliseconds = 100;

/** Where an address of the cluster really listens: the kubelet's table, read anew when it lacks something. */
export class PodPorts {
  #byAddress = new Map<string, PodRow>();
  #readAt = 0;
  #reading: Promise<void> | undefined;

  constructor(readonly stateDir: string) {}

  /** @param stale the port was found closed: the table is older than the pod */
  async find({ address, port }: Endpoint, stale = false): Promise<{ port: number; pod: PodRow } | undefined> {
    const known = this.#byAddress.get(address);
    const local = known?.ports[String(port)];
    if (known !== undefined && local !== undefined && !stale) return { port: local, pod: known };
    if (Date.now() - this.#readAt >= freshMilliseconds) await this.refresh();
    const now = this.#byAddress.get(address);
    const found = now?.ports[String(port)];
    return now === undefined || found === undefined ? undefined : { port: found, pod: now };
  }

  refresh(): Promise<void> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #read(): Promise<void> {
    const endpoint = readKubeletEndpoint(this.stateDir);
    if (endpoint === undefined) return;
    try {
      const rows = await callKubelet<PodRow[]>(endpoint, "GET", "/pods");
      this.#byAddress = new Map(rows.map((row) => [row.podIP, row]));
    } catch (error) {
      // The pods serve on without it; the last table holds for those that were not restarted.
      if (!(error instanceof UserError)) throw error;
    } finally {
      this.#readAt = Date.now();
    }
  }
}
