import { azure } from "../../azure/types";
import { benchmark } from "../../frameworks";
import { atLeast, equals, propertyRule } from "../../property-rule";
import { contractOf } from "../../resource";

export const storageSoftDelete = propertyRule({
  name: "storage-soft-delete",
  topic: "storage",
  displayName: "Deleted and overwritten blobs can be recovered",
  description:
    "The blob service keeps versions, and deleted blobs and containers, as long as backups are kept.",
  severity: "high",
  ids: ["KIR-034"],
  conflicts: [18],
  framework: benchmark("BR-1"),
  remediationSteps:
    "Declare isVersioningEnabled, deleteRetentionPolicy and containerDeleteRetentionPolicy on the account's blob service.",
  types: [azure.blobService],
  properties: (service) => {
    const days = contractOf(service).retentionDays;
    return [
      { path: "isVersioningEnabled", expected: equals(true) },
      { path: "deleteRetentionPolicy.enabled", expected: equals(true) },
      { path: "deleteRetentionPolicy.days", expected: atLeast(days) },
      { path: "containerDeleteRetentionPolicy.enabled", expected: equals(true) },
      { path: "containerDeleteRetentionPolicy.days", expected: atLeast(days) },
    ];
  },
});
