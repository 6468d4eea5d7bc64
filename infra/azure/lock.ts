import { ManagementLockByScope } from "@pulumi/azure-native/authorization/managementLockByScope";
import type * as pulumi from "@pulumi/pulumi";
import type { Placement } from "../placement";
import { childOf } from "./component";

/**
 * A lock against deletion on a data store or a vault, outside dev. Never on a resource group: there it would block
 * every later delete and replace.
 *
 * @param scope ARM id of what is locked.
 */
export function lockAgainstDeletion(
  name: string,
  scope: string,
  placement: Placement,
  parent: pulumi.Resource,
  locked: pulumi.Resource,
): void {
  if (!placement.guarded) return;
  new ManagementLockByScope(
    name,
    {
      lockName: "switchyard-no-delete",
      level: "CanNotDelete",
      notes: "Holds data. Remove this lock in a reviewed change before a deletion that is meant.",
      scope,
    },
    childOf(parent, [locked]),
  );
}
