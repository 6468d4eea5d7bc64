import { azure } from "../../azure/types";
import { benchmark } from "../../frameworks";
import { equals, propertyRule } from "../../property-rule";

export const storageNoPublicBlobs = propertyRule({
  name: "storage-no-public-blobs",
  topic: "storage",
  displayName: "No blob can be made public",
  description: "A storage account does not allow anonymous access to blobs.",
  severity: "critical",
  ids: ["KIR-016", "KIR-034"],
  framework: benchmark("NS-2"),
  remediationSteps: "Declare allowBlobPublicAccess: false on the account.",
  types: [azure.storageAccount],
  properties: [{ path: "allowBlobPublicAccess", expected: equals(false) }],
});
