import { existsSync, readFileSync } from "node:fs";
import type { ProcessRecord } from "../daemon/end-process";
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
  const value = readJson<Partial<ClusterEndpoint>>(clusterFiles(stateDir).endpoint);
  const whole =
    typeof value?.pid === "number" &&
    [value.processStart, value.server, value.kubeconfig].every((part) => typeof part === "string");
  return whole ? (value as ClusterEndpoint) : undefined;
}

/** The processes that the last supervisor has started, alive or not. */
export function readParts(files: ClusterFiles): PartRecord[] {
  return readJson<PartRecord[]>(files.parts) ?? [];
}

/** Undefined when the file is missing or was cut off. */
export function readJson<T>(file: string): T | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return (JSON.parse(readFileSync(file, "utf8")) ?? undefined) as T | undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof SyntaxError || code === "ENOENT") return undefined;
    throw error;
  }
}
