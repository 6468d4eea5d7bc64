import type { RecordedResource } from "../../../cli/drift/finding";

export const providers = "/subscriptions/s/resourceGroups/g/providers";

/** A resource of Azure as a stack has recorded it. */
export function recordedOf(token: string, id: string, inputs: Record<string, unknown>): RecordedResource {
  return {
    urn: `urn:pulumi:production::switchyard::azure-native:${token}::one`,
    type: `azure-native:${token}`,
    id: `${providers}/${id}`,
    inputs: { resourceGroupName: "g", ...inputs },
    secretPaths: [],
    outputs: {},
  };
}
