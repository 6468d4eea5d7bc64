import type { SystemNamespaceArgs } from "./system-namespace";

/** Pods of one kind, and what each is given and may take. */
export interface PodRoom {
  readonly pods: number;
  readonly cpuMillicores: { readonly request: number };
  readonly memoryMebibytes: { readonly request: number; readonly limit: number };
}

const colourCount = 2;

/** Pods of a component that has both colours at full size, and a quarter more of one while its pods are replaced. */
export function podsOfBothColours(mostReplicas: number): number {
  return colourCount * mostReplicas + Math.ceil(mostReplicas / 4);
}

/** The quota in which all of them fit at once. */
export function quotaFor(rooms: readonly PodRoom[]): SystemNamespaceArgs["quota"] {
  const sum = (of: (room: PodRoom) => number) =>
    rooms.reduce((total, room) => total + room.pods * of(room), 0);
  return {
    requestedCpu: `${sum(({ cpuMillicores }) => cpuMillicores.request)}m`,
    requestedMemory: `${sum(({ memoryMebibytes }) => memoryMebibytes.request)}Mi`,
    memoryLimit: `${sum(({ memoryMebibytes }) => memoryMebibytes.limit)}Mi`,
    pods: sum(() => 1),
  };
}
