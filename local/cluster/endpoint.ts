import type { ProcessRecord } from "../daemon/end-process";
import { readEndpointRecord, readRecord } from "../daemon/read-record";
import type { PartRecord } from "./part-process";
import type { ControlPlaneBinaries } from "./parts";
import { type ClusterFiles, clusterFiles } from "./paths";

/** The cluster that runs for a state folder: no secrets in it. Kept in `cluster/endpoint.json` (0600). */
export interface ClusterEndpoint extends ProcessRecord {
  readonly stateDir: string;
  /** `https://127.0.0.1:PORT` */
  readonly server: string;
  readonly kubeconfig: string;
  readonly startedAt: string;
  /** From the start of the supervisor until everything answered, in milliseconds. */
  readonly readyMilliseconds: number;
  readonly certificatesExpireAt: string;
  /** The build of the supervisor, and what it runs. */
  readonly version: string;
  readonly binaries: ControlPlaneBinaries;
  readonly customResources: string;
}

export function readClusterEndpoint(stateDir: string): ClusterEndpoint | undefined {
  return readEndpointRecord<ClusterEndpoint>(clusterFiles(stateDir).endpoint, ["server", "kubeconfig"]);
}

/** The processes that the last supervisor has started, alive or not. */
export function readParts(files: ClusterFiles): PartRecord[] {
  return readRecord<PartRecord[]>(files.parts) ?? [];
}
