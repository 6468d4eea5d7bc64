/**
 * Systems that this program can declare, in the order in which they are declared: `platform` (cluster, registry, edge)
 * comes before those that stand on it.
 */
export const declarableSystems = ["kirana-inventory"] as const;
export type DeclarableSystem = (typeof declarableSystems)[number];
