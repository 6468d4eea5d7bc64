import { liveBy } from "../../local/providers/azure-native/live";
import type { ArmReader } from "../../release/clients/arm";
import { scaledResources } from "./autoscaled";
import { bounded } from "./bounded";
import { azureType, compareAzure } from "./compare-azure";
import type { Finding, RecordedResource } from "./finding";
import { Patience } from "./unreachable";

const atOnce = 8;

/** Every recorded Azure resource compared with what Azure answers for its id. */
export function surveyAzure(
  resources: readonly RecordedResource[],
  arm: ArmReader,
  looked: (resource: RecordedResource) => void,
): Promise<Finding[]> {
  const patience = new Patience();
  const scaled = scaledResources(resources);
  return bounded(resources, atOnce, async (resource) => {
    const finding = await lookAt(resource, { arm, patience, scaled });
    looked(resource);
    return finding;
  });
}

interface Looking {
  readonly arm: ArmReader;
  readonly patience: Patience;
  readonly scaled: ReadonlySet<string>;
}

async function lookAt(resource: RecordedResource, { arm, patience, scaled }: Looking): Promise<Finding> {
  const common = {
    urn: resource.urn,
    type: resource.type,
    check: "azure",
    changes: [],
    remarks: [],
  } as const;
  const type = azureType(resource);
  if (type === undefined)
    return {
      ...common,
      state: "undecided",
      remarks: [`${resource.type} is a type that drift cannot compare`],
    };
  const asked = await patience.ask(() =>
    liveBy(type, resource.id, (path, readBy) =>
      readBy === undefined
        ? arm.get(path, type.apiVersion)
        : arm.list(path, readBy.replace(/^\//, ""), type.apiVersion),
    ),
  );
  if ("reason" in asked) return { ...common, state: "undecided", remarks: [asked.reason] };
  if (asked.value === undefined)
    return { ...common, state: "missing", remarks: ["there is nothing of this id in Azure"] };
  const changes = compareAzure(resource, type, asked.value, scaled);
  return { ...common, changes, state: changes.length > 0 ? "differs" : "same" };
}
