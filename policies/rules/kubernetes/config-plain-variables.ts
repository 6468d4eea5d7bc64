import { judgeEach } from "../../decide";
import { clusterRule } from "../../kubernetes/cluster-rule";
import { colourName } from "../../kubernetes/cluster-systems";
import { declaredColours, objectNamed } from "../../kubernetes/declared-sides";
import { textUnder } from "../../kubernetes/objects";
import { kubernetes } from "../../kubernetes/types";
import { describe } from "../../read";
import { violation } from "../../verdict";

export const configPlainVariables = clusterRule({
  name: "config-plain-variables",
  topic: "kubernetes",
  displayName: "Switches of the runbook are on",
  description: "Every colour's backend has the plain variables of the contract with the contract's values.",
  severity: "high",
  ids: ["RET-020", "RET-022", "RET-024", "RET-025"],
  remediationSteps: "Take the variables from the contract's plainVariables into the component's variables.",
  judge: ({ backend, plainVariables }, view) =>
    declaredColours(view).flatMap((colour) => {
      const map = objectNamed(view, kubernetes.configMap, colourName(backend, colour));
      // That it is missing is for side-whole to say.
      if (!map) return [];
      return judgeEach(
        Object.entries(plainVariables),
        () => map.urn,
        ([name, value]) => {
          const found = textUnder(map, "data", name);
          if (found === value) return [];
          return [
            violation(map.urn, `data.${name} must be ${JSON.stringify(value)}, found ${describe(found)}`),
          ];
        },
      );
    }),
});
