import { resourceRule } from "../../rule";
import { systemOfUrn } from "../../systems";
import { judged, notApplicable, passed, violation } from "../../verdict";

export const resourceInSystem = resourceRule({
  name: "resource-in-system",
  topic: "governance",
  displayName: "Every resource belongs to a system",
  description:
    "Every Azure resource, object of the cluster and track sits under the component of its system, so that its contract is known.",
  severity: "medium",
  ids: ["KIR-008"],
  remediationSteps: "Pass the system's component, or a component below it, as parent.",
  types: "*",
  evaluate(resource) {
    if (!/^(?:azure-native|kubernetes|switchyard:index):/.test(resource.type))
      return notApplicable("looks at Azure, the cluster and tracks only");
    if (systemOfUrn(resource.urn)) return passed;
    return judged([
      violation(resource.urn, "sits under no component of a system whose contract the pack knows"),
    ]);
  },
});
