import { existsSync, readFileSync } from "node:fs";
import { freePort, isFree } from "../daemon/free-port";

/** Ports on the loopback address. */
export interface ClusterPorts {
  readonly api: number;
  readonly etcd: number;
  readonly etcdPeer: number;
}

/** The wanted port cannot be had. */
export class PortInUse extends Error {
  override readonly name = "PortInUse";
  constructor(readonly port: number) {
    super(`port ${port} on 127.0.0.1 is in use by another process`);
  }
}

/**
 * The ports of the last start where they are still free, so that a shell with an old kubeconfig goes on working;
 * others where they are not.
 *
 * @param wantedApi a port that the user asked for
 * @throws PortInUse when that one is taken
 */
export async function choosePorts(file: string, wantedApi?: number): Promise<ClusterPorts> {
  const before = readPorts(file);
  if (wantedApi !== undefined && !(await isFree(wantedApi))) throw new PortInUse(wantedApi);
  const chosen: number[] = [];
  for (const port of [wantedApi ?? before?.api, before?.etcd, before?.etcdPeer]) {
    const keeps = port !== undefined && !chosen.includes(port) && (await isFree(port));
    chosen.push(keeps ? port : await freePort(chosen));
  }
  const [api, etcd, etcdPeer] = chosen as [number, number, number];
  return { api, etcd, etcdPeer };
}

function readPorts(file: string): Partial<ClusterPorts> | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Partial<ClusterPorts>;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
