import type { InputFault, Json } from "../model";
import { isJson, valuesAt } from "../paths";

export const POOL_NAME = /^[a-z][a-z0-9]{0,11}$/;

/** Faults of a pool, whether it stands in the cluster's list or is a resource of its own. */
export function poolFaults(pool: Json, at: (name: string) => string): InputFault[] {
  const faults: InputFault[] = [];
  const fault = (name: string, reason: string) => faults.push({ path: at(name), reason });
  const scaled = pool.enableAutoScaling === true;
  const [low, high, count] = [pool.minCount, pool.maxCount, pool.count].map((value) =>
    typeof value === "number" ? value : undefined,
  );
  if (pool.vmSize === undefined) fault("vmSize", "is required and missing");
  for (const [name, value] of [
    ["minCount", low],
    ["maxCount", high],
  ] as const) {
    if (scaled && pool[name] === undefined) fault(name, "is required with enableAutoScaling");
    if (!scaled && value !== undefined) fault(name, "is allowed with enableAutoScaling only");
  }
  if (low !== undefined && high !== undefined && low > high)
    fault("minCount", `${low} is above maxCount ${high}`);
  if (pool.mode === "System" && (low ?? count) === 0)
    fault(scaled ? "minCount" : "count", "must be at least 1 in a pool of mode System");
  if (
    scaled &&
    count !== undefined &&
    low !== undefined &&
    high !== undefined &&
    (count < low || count > high)
  )
    fault("count", `${count} is not between minCount ${low} and maxCount ${high}`);
  if (pool.mode === "System" && pool.osType === "Windows")
    fault("osType", "a pool of mode System runs Linux");
  if (Array.isArray(pool.availabilityZones) && pool.type === "AvailabilitySet")
    fault("availabilityZones", 'are not allowed with type "AvailabilitySet"');
  return faults;
}

/** The value at a path of inputs. */
export const flag = (inputs: Json, path: string) => valuesAt(inputs, path)[0]?.value;

/** What AKS refuses of a cluster's inputs without looking at anything else. */
export function clusterFaults(inputs: Json): InputFault[] {
  const pools = Array.isArray(inputs.agentPoolProfiles) ? (inputs.agentPoolProfiles as unknown[]) : [];
  const faults = pools.flatMap((pool, index) =>
    isJson(pool) ? poolFaults(pool, (name) => `agentPoolProfiles[${index}].${name}`) : [],
  );
  const refuse = (when: boolean, path: string, reason: string) => {
    if (when) faults.push({ path, reason });
  };
  const automatic = flag(inputs, "sku.name") === "Automatic";
  refuse(
    !automatic && !pools.some((pool) => isJson(pool) && pool.mode === "System"),
    "agentPoolProfiles",
    "must hold a pool of mode System",
  );
  for (const { path, value } of valuesAt(inputs, "agentPoolProfiles[*].name")) {
    const wrong = typeof value === "string" && !POOL_NAME.test(value);
    refuse(wrong, path, "has 1 to 12 lower-case letters and digits, a letter first");
  }
  const managed = flag(inputs, "aadProfile.managed") === true;
  refuse(
    inputs.disableLocalAccounts === true && !managed,
    "disableLocalAccounts",
    "needs aadProfile.managed: without either nobody could sign in",
  );
  refuse(
    flag(inputs, "aadProfile.enableAzureRBAC") === true && inputs.enableRBAC === false,
    "aadProfile.enableAzureRBAC",
    "needs enableRBAC",
  );
  refuse(
    flag(inputs, "securityProfile.workloadIdentity.enabled") === true &&
      flag(inputs, "oidcIssuerProfile.enabled") !== true,
    "securityProfile.workloadIdentity.enabled",
    "needs oidcIssuerProfile.enabled",
  );
  refuse(
    inputs.dnsPrefix === undefined && inputs.fqdnSubdomain === undefined,
    "dnsPrefix",
    "is required (or fqdnSubdomain)",
  );
  refuse(
    inputs.identity === undefined && inputs.servicePrincipalProfile === undefined,
    "identity",
    "is required (or servicePrincipalProfile)",
  );
  const cilium = flag(inputs, "networkProfile.networkPolicy") === "cilium";
  refuse(
    cilium && flag(inputs, "networkProfile.networkDataplane") !== "cilium",
    "networkProfile.networkDataplane",
    'must be "cilium" with networkPolicy "cilium"',
  );
  refuse(
    inputs.supportPlan === "AKSLongTermSupport" && flag(inputs, "sku.tier") !== "Premium",
    "supportPlan",
    "AKSLongTermSupport needs sku.tier Premium",
  );
  refuse(
    flag(inputs, "apiServerAccessProfile.enablePrivateCluster") === true &&
      valuesAt(inputs, "apiServerAccessProfile.authorizedIPRanges[*]").length > 0,
    "apiServerAccessProfile.authorizedIPRanges",
    "are not allowed on a private cluster",
  );
  return faults;
}
