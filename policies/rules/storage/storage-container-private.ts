import { azure } from "../../azure/types";
import { benchmark } from "../../frameworks";
import { equals, propertyRule } from "../../property-rule";

export const storageContainerPrivate = propertyRule({
  name: "storage-container-private",
  topic: "storage",
  displayName: "A blob container is private",
  description: "A blob container gives no anonymous access.",
  severity: "high",
  ids: ["KIR-016", "KIR-034", "TES-049", "CAS-031"],
  framework: benchmark("NS-2"),
  remediationSteps: "Declare publicAccess: None on the container.",
  types: [azure.blobContainer],
  properties: [{ path: "publicAccess", expected: equals("None") }],
});
