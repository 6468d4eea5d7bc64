import { optional } from "../read";
import type { DeclaredResource } from "../resource";

/** Whether a MongoDB cluster only follows another one, in another region. */
export function isMongoReplica(cluster: DeclaredResource): boolean {
  return (
    optional(cluster, "properties.createMode") === "GeoReplica" &&
    optional(cluster, "properties.replicaParameters.sourceResourceId") !== undefined
  );
}
