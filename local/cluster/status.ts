import { existsSync } from "node:fs";
import { lives } from "../daemon/end-process";
import { fullDisk } from "../daemon/free-space";
import { ApiClient } from "./api-client";
import { readClusterEndpoint, readParts } from "./endpoint";
import { readAccess } from "./kubeconfig";
import { callKubelet, readKubeletEndpoint } from "./kubelet/endpoint";
import type { PodFault } from "./kubelet/pod-faults";
import type { PodRow } from "./kubelet/pod-table";
import { type PartName, partNames } from "./parts";
import { clusterFiles } from "./paths";
import { residentBytes } from "./resident-memory";

export interface PartStatus {
  readonly name: PartName | "supervisor";
  readonly running: boolean;
  readonly pid?: number;
  readonly restarts?: number;
  readonly residentBytes?: number;
}

/** What of the cluster runs, and what runs in it. Without secrets. */
export interface ClusterStatus {
  readonly running: boolean;
  /** Whether the API server answers. */
  readonly answers: boolean;
  readonly server?: string;
  readonly kubeconfig?: string;
  readonly startedAt?: string;
  readonly certificatesExpireAt?: string;
  /** Why parts do not run, when it is that. */
  readonly diskFull?: string;
  readonly parts: readonly PartStatus[];
  readonly residentBytes: number;
  readonly pods: readonly PodRow[];
  readonly faults: readonly PodFault[];
}

const answerMilliseconds = 2_000;

/** Undefined when this state has never had a cluster. */
export async function clusterStatus({
  stateDir,
}: {
  readonly stateDir: string;
}): Promise<ClusterStatus | undefined> {
  const files = clusterFiles(stateDir);
  if (!existsSync(files.folder)) return undefined;
  const endpoint = readClusterEndpoint(stateDir);
  const running = endpoint !== undefined && lives(endpoint);
  const records = readParts(files).filter(lives);
  const parts: PartStatus[] = [
    { name: "supervisor", running, ...(running ? { pid: endpoint.pid, ...memory(endpoint.pid) } : {}) },
    ...partNames.map((name): PartStatus => {
      const record = records.find((each) => each.name === name);
      if (record === undefined) return { name, running: false };
      return { name, running: true, pid: record.pid, restarts: record.restarts, ...memory(record.pid) };
    }),
  ];
  const diskFull = fullDisk(stateDir);
  const { pods, faults } = running ? await fromKubelet(stateDir) : { pods: [], faults: [] };
  return {
    running,
    answers: running && (await apiAnswers(endpoint.kubeconfig)),
    ...(running
      ? {
          server: endpoint.server,
          kubeconfig: endpoint.kubeconfig,
          startedAt: endpoint.startedAt,
          certificatesExpireAt: endpoint.certificatesExpireAt,
        }
      : {}),
    ...(diskFull === undefined ? {} : { diskFull }),
    parts,
    residentBytes: parts.reduce((sum, part) => sum + (part.residentBytes ?? 0), 0),
    pods,
    faults,
  };
}

function memory(pid: number): { residentBytes?: number } {
  const bytes = residentBytes(pid);
  return bytes === undefined ? {} : { residentBytes: bytes };
}

async function fromKubelet(stateDir: string): Promise<{ pods: PodRow[]; faults: PodFault[] }> {
  const kubelet = readKubeletEndpoint(stateDir);
  if (kubelet === undefined) return { pods: [], faults: [] };
  try {
    const [pods, faults] = await Promise.all([
      callKubelet<PodRow[]>(kubelet, "GET", "/pods"),
      callKubelet<PodFault[]>(kubelet, "GET", "/faults"),
    ]);
    return { pods, faults };
  } catch {
    return { pods: [], faults: [] }; // it is being started again
  }
}

async function apiAnswers(kubeconfig: string): Promise<boolean> {
  let api: ApiClient | undefined;
  try {
    // A kubeconfig that was removed while the cluster runs is no reason to say nothing of the rest.
    api = new ApiClient(readAccess(kubeconfig));
    await api.call("GET", "/readyz", { timeoutMilliseconds: answerMilliseconds });
    return true;
  } catch {
    return false;
  } finally {
    await api?.close();
  }
}
