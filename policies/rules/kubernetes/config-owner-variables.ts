import { judgeEach } from "../../decide";
import { clusterRule } from "../../kubernetes/cluster-rule";
import { colourName } from "../../kubernetes/cluster-systems";
import { declaredColours, objectNamed } from "../../kubernetes/declared-sides";
import { textUnder } from "../../kubernetes/objects";
import { kubernetes } from "../../kubernetes/types";
import { isPlaceholder } from "../../placeholder";
import { violation } from "../../verdict";

export const configOwnerVariables = clusterRule({
  name: "config-owner-variables",
  topic: "kubernetes",
  displayName: "Values that only the owner has are given",
  description:
    "Every colour's backend has the variables whose values the runbook leaves to the owner, and none as the runbook's example.",
  severity: "high",
  ids: ["RET-022"],
  conflicts: [21],
  remediationSteps: "Give the value in the settings of the stack file.",
  judge: ({ backend, ownerVariables }, view) =>
    declaredColours(view).flatMap((colour) => {
      const map = objectNamed(view, kubernetes.configMap, colourName(backend, colour));
      // That it is missing is for side-whole to say.
      if (!map) return [];
      return judgeEach(
        ownerVariables,
        () => map.urn,
        (name) =>
          isPlaceholder(textUnder(map, "data", name))
            ? [violation(map.urn, `data.${name} must be the owner's value, found one that stands in for it`)]
            : [],
      );
    }),
});
