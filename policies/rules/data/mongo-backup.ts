import { isMongoReplica } from "../../azure/mongo";
import { azure } from "../../azure/types";
import { benchmark } from "../../frameworks";
import { type Expectation, propertyRule } from "../../property-rule";
import { environmentOfResource } from "../../resource";

/** Smaller tiers are backed up for 7 days, from this one on for 35 (Microsoft Learn, "Restore a cluster"). */
const smallestTier = 30;

const keepsBackups: Expectation = {
  says: `M${smallestTier} or larger, which is backed up for 35 days`,
  holds: (value) => typeof value === "string" && Number(/^M(\d+)$/.exec(value)?.[1]) >= smallestTier,
};

export const mongoBackup = propertyRule({
  name: "mongo-backup",
  topic: "data",
  displayName: "MongoDB can be restored for as long as the contract says",
  description:
    "Outside dev a MongoDB cluster has a tier whose own backups reach as far back as the contract.",
  severity: "critical",
  ids: ["STO-050", "STO-093", "STO-133", "RET-117"],
  conflicts: [18, 53, 67],
  framework: benchmark("BR-1"),
  remediationSteps: `Declare properties.compute.tier as M${smallestTier} or larger.`,
  types: [azure.mongoCluster],
  exempt: (cluster) => {
    if (environmentOfResource(cluster) === "dev") return "dev holds nothing to be restored";
    return isMongoReplica(cluster) ? "a replica is of its source's tier, and so are its backups" : undefined;
  },
  properties: [{ path: "properties.compute.tier", expected: keepsBackups }],
});
