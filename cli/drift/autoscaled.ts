import type { PropertyMap } from "../../plugin-server/values/property";
import { isJson } from "../../release/targets/json";
import type { RecordedResource } from "./finding";

const autoscaleSetting = "azure-native:monitor:AutoscaleSetting";

/** What the autoscale settings of a stack make larger and smaller: ARM ids in lower case. */
export function scaledResources(resources: readonly RecordedResource[]): ReadonlySet<string> {
  return new Set(
    resources
      .filter(({ type, inputs }) => type === autoscaleSetting && inputs.enabled !== false)
      .map(({ inputs }) => String(inputs.targetResourceUri).toLowerCase()),
  );
}

/**
 * What was found, with numbers that an autoscaler decides as they were declared: they state where it begins. Of a cluster's
 * list of pools those that it was made with; the others, which Azure lists there too, are resources of their own.
 */
export function withoutAutoscale(
  { type, id }: Pick<RecordedResource, "type" | "id">,
  declared: PropertyMap,
  found: PropertyMap,
  scaled: ReadonlySet<string>,
): PropertyMap {
  switch (type) {
    case "azure-native:web:AppServicePlan":
      return scaled.has(id.toLowerCase())
        ? { ...found, sku: countAs("capacity", declared.sku, found.sku) }
        : found;
    case "azure-native:containerservice:AgentPool":
      return poolAs(declared, found) as PropertyMap;
    case "azure-native:containerservice:ManagedCluster":
      return { ...found, agentPoolProfiles: poolsAs(declared.agentPoolProfiles, found.agentPoolProfiles) };
    default:
      return found;
  }
}

function poolsAs(declared: unknown, found: unknown): unknown {
  if (!Array.isArray(declared) || !Array.isArray(found)) return found;
  return declared.flatMap((pool) => {
    const live = found.find((one) => isJson(one) && isJson(pool) && one.name === pool.name);
    return live === undefined ? [] : [poolAs(pool, live)];
  });
}

function poolAs(declared: unknown, found: unknown): unknown {
  return isJson(declared) && declared.enableAutoScaling === true ? countAs("count", declared, found) : found;
}

function countAs(key: string, declared: unknown, found: unknown): unknown {
  return isJson(declared) && isJson(found) && key in declared ? { ...found, [key]: declared[key] } : found;
}
