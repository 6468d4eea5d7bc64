import type * as pulumi from "@pulumi/pulumi";

/** How long the provider waits for an object. Without it some kinds are waited for until somebody interrupts. */
export const objectTimeouts = { create: "2m", update: "2m", delete: "2m" } as const;
/** Kinds that are ready only when their pods are: images are pulled, probes answer. */
export const workloadTimeouts = { create: "10m", update: "10m", delete: "5m" } as const;

export interface ObjectOptions {
  readonly dependsOn?: readonly pulumi.Resource[];
  readonly ignoreChanges?: readonly string[];
  readonly protect?: boolean;
  /** @default objectTimeouts */
  readonly timeouts?: pulumi.CustomTimeouts;
}

/** Options of every Kubernetes object: its parent, which brings the provider along, and how long it is waited for. */
export function objectOf(
  parent: pulumi.Resource,
  { dependsOn = [], ignoreChanges = [], protect = false, timeouts = objectTimeouts }: ObjectOptions = {},
): pulumi.CustomResourceOptions {
  return {
    parent,
    dependsOn: [...dependsOn],
    ignoreChanges: [...ignoreChanges],
    protect,
    customTimeouts: timeouts,
  };
}
