import type * as pulumi from "@pulumi/pulumi";
import type { Placement } from "../placement";

/** Options of a component's child: its parent, and what must exist before it when no output says so. */
export function childOf(
  parent: pulumi.Resource,
  dependsOn: readonly pulumi.Resource[] = [],
): pulumi.CustomResourceOptions {
  return { parent, dependsOn: [...dependsOn] };
}

/** The same for a data store or a vault: outside dev a preview that would delete it fails. */
export function guardedChildOf(
  parent: pulumi.Resource,
  { guarded }: Placement,
  dependsOn: readonly pulumi.Resource[] = [],
): pulumi.CustomResourceOptions {
  return { ...childOf(parent, dependsOn), protect: guarded };
}
