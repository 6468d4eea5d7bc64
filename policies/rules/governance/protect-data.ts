import { protectedStores } from "../../azure/data-stores";
import { environmentOfResource } from "../../resource";
import { resourceRule } from "../../rule";
import { judged, notApplicable, passed, violation } from "../../verdict";

export const protectData = resourceRule({
  name: "protect-data",
  topic: "governance",
  displayName: "The program cannot delete data",
  description:
    "Outside dev data stores and vaults are protected, so that a shortened program fails in preview.",
  severity: "critical",
  ids: ["KIR-008", "KIR-028", "KIR-029", "KIR-031", "TES-001", "STO-093", "CAS-025", "CAS-077"],
  remediationSteps: "Pass protect: true in the resource's options.",
  types: protectedStores,
  evaluate(store) {
    if (environmentOfResource(store) === "dev") return notApplicable("dev may be destroyed");
    return store.protect ? passed : judged([violation(store.urn, "the option protect must be true")]);
  },
});
