/**
 * Systems that this program can declare, in the order in which they are declared: `platform` (cluster, registry, edge)
 * comes before those that stand on it.
 */
export const declarableSystems = [
  "platform",
  "kirana-inventory",
  "tesoro-xp",
  "kirana-store",
  "retail-agentic",
  "case-management",
] as const;
/** Those whose programs run on the cluster: they need the platform. */
export const clusterSystems: readonly string[] = ["kirana-store", "retail-agentic", "case-management"];
export type DeclarableSystem = (typeof declarableSystems)[number];
