import { azure } from "../../azure/types";
import { benchmark } from "../../frameworks";
import { equals, propertyRule } from "../../property-rule";

export const storageNoKeyAccess = propertyRule({
  name: "storage-no-key-access",
  topic: "storage",
  displayName: "Storage is reached by identity",
  description: "A storage account refuses its keys and what is signed with them.",
  severity: "high",
  ids: ["KIR-016", "KIR-034"],
  framework: benchmark("IM-1"),
  remediationSteps: "Declare allowSharedKeyAccess: false, and give the app a data role on the account.",
  types: [azure.storageAccount],
  properties: [{ path: "allowSharedKeyAccess", expected: equals(false) }],
});
