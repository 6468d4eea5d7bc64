import { type CloudEndpoint, callCloud } from "./endpoint";
import type { CloudSettings } from "./server/cloud";
import type { ActiveFault, Fault } from "./server/faults";

/** Adds a fault on demand. */
export async function setFault(endpoint: CloudEndpoint, fault: Fault): Promise<ActiveFault> {
  return (await callCloud(endpoint, "POST", "/_switchyard/faults", fault)) as ActiveFault;
}

export async function listFaults(endpoint: CloudEndpoint): Promise<ActiveFault[]> {
  return ((await callCloud(endpoint, "GET", "/_switchyard/faults")) as { value: ActiveFault[] }).value;
}

/** @returns how many were cleared */
export async function clearFaults(endpoint: CloudEndpoint): Promise<number> {
  return ((await callCloud(endpoint, "DELETE", "/_switchyard/faults")) as { cleared: number }).cleared;
}

export async function setCloudSettings(
  endpoint: CloudEndpoint,
  settings: Partial<CloudSettings>,
): Promise<CloudSettings> {
  return (await callCloud(endpoint, "POST", "/_switchyard/settings", settings)) as CloudSettings;
}
