/** One pod for those who route traffic to it or look at it. */
export interface PodRow {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Address in the cluster, of a private range: what EndpointSlices hold. */
  readonly podIP: string;
  /** Container port to port on 127.0.0.1; empty while nothing listens. */
  readonly ports: Readonly<Record<string, number>>;
  readonly phase: string;
  readonly ready: boolean;
  readonly terminating: boolean;
  readonly restarts: number;
}

const network = "10.244";
/** .0.0 is the network and .0.1 the node. */
const firstHost = 2;
const lastHost = 65_534;

/** Address of the node itself. */
export const nodeAddress = `${network}.0.1`;

/** Hands out pod addresses; each is used again only after all others were. */
export class PodAddresses {
  readonly #taken = new Set<string>();
  #next = firstHost;

  /** Keeps an address that a pod has from an earlier run. */
  keep(address: string): void {
    this.#taken.add(address);
  }

  take(): string {
    for (let tries = firstHost; tries <= lastHost; tries++) {
      const host = this.#next;
      this.#next = host === lastHost ? firstHost : host + 1;
      const address = `${network}.${host >> 8}.${host & 255}`;
      if (this.#taken.has(address)) continue;
      this.#taken.add(address);
      return address;
    }
    throw new Error("no pod address is free");
  }

  release(address: string): void {
    this.#taken.delete(address);
  }
}
