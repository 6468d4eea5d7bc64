import { secondsPerMinute } from "../../entry-basics";
import { kiranaStore } from "..";

export * from "../../entry-basics";

export const millisecondsPerSecond = 1000;

/** Hosts by their names in the system's outputs: the store as customers reach it, and the side that is not live. */
export const hosts = { store: "store", preview: "preview" };

/** Components of a colour as manifest, stack file and Deployments name them, in the order in which they are deployed. */
export const componentNames: string[] = kiranaStore.components.order.map(
  (component) => kiranaStore.components[component].name,
);

/** Numbers of the runbook that two halves of it name and no resource needs. */
export const figures = {
  /** Ramp and week (159, 486). */
  rampErrorRate: 0.005,
  /** First hour (267). */
  hourErrorRate: 0.001,
  /** When to roll back (296, 297); five minutes for both, since the runbook gives them to the first only. */
  rollback: { errorRate: 0.05, latencySeconds: 5, sustainedSeconds: 5 * secondsPerMinute },
  /** Staging and first hour (44, 268); the alert's limit of 70 % is another one. */
  cacheHitRate: 0.8,
};
