import { isMongoReplica } from "../../azure/mongo";
import { postgresServersWithData } from "../../azure/postgres";
import { azure } from "../../azure/types";
import { judgeEach } from "../../decide";
import { describe, required } from "../../read";
import { stackRule } from "../../rule";
import { judged, notApplicable, violation } from "../../verdict";

const modes: readonly {
  readonly type: string;
  readonly path: string;
  readonly accepted: readonly string[];
}[] = [
  { type: azure.postgresServer, path: "highAvailability.mode", accepted: ["ZoneRedundant"] },
  {
    type: azure.mongoCluster,
    path: "properties.highAvailability.targetMode",
    accepted: ["ZoneRedundantPreferred", "SameZone"],
  },
  { type: azure.redisCache, path: "highAvailability", accepted: ["Enabled"] },
];

export const databaseHighAvailability = stackRule({
  name: "database-high-availability",
  topic: "data",
  displayName: "A database survives the loss of a machine",
  description:
    "In production every PostgreSQL server with data, MongoDB cluster and Redis cache has a standby.",
  severity: "high",
  ids: ["STO-093", "STO-090", "RET-033", "CAS-025", "CAS-026"],
  remediationSteps: "Declare high availability on the server, cluster or cache; burstable sizes have none.",
  evaluate(stack) {
    if (stack.environment !== "production") return notApplicable("asked for in production only");
    const kept = new Set(postgresServersWithData(stack));
    const stores = modes.flatMap((mode) =>
      stack
        .ofType(mode.type)
        .filter((store) => store.type !== azure.postgresServer || kept.has(store))
        .filter((store) => store.type !== azure.mongoCluster || !isMongoReplica(store))
        .map((store) => ({ store, ...mode })),
    );
    if (stores.length === 0) return notApplicable("the stack has no such store");
    return judged(
      judgeEach(
        stores,
        ({ store }) => store.urn,
        ({ store, path, accepted }) => {
          const found = required(store, path);
          if (accepted.includes(String(found))) return [];
          return [violation(store.urn, `${path} must be ${accepted.join(" or ")}, found ${describe(found)}`)];
        },
      ),
    );
  },
});
