import { judgeEach } from "../../decide";
import { kubernetesBenchmark } from "../../frameworks";
import { objectName, textUnder } from "../../kubernetes/objects";
import { gatewayNamespaces } from "../../kubernetes/stack-objects";
import { kubernetes } from "../../kubernetes/types";
import { describe } from "../../read";
import { stackRule } from "../../rule";
import { judged, violation } from "../../verdict";

const enforce = "pod-security.kubernetes.io/enforce";

export const namespaceRestricted = stackRule({
  name: "namespace-restricted",
  topic: "kubernetes",
  displayName: "The API server refuses pods with more rights",
  description:
    "Every namespace enforces the restricted Pod Security Standard; the gateway's, whose pods the mesh makes, at least the baseline.",
  severity: "critical",
  ids: ["STO-056", "RET-065"],
  framework: kubernetesBenchmark("5.2.1"),
  remediationSteps: `Label the namespace ${enforce}: restricted.`,
  presence: kubernetes.namespace,
  evaluate(stack) {
    const gateways = gatewayNamespaces(stack);
    return judged(
      judgeEach(
        stack.ofType(kubernetes.namespace),
        (namespace) => namespace.urn,
        (namespace) => {
          const level = textUnder(namespace, "metadata.labels", enforce);
          const accepted = gateways.has(objectName(namespace)) ? ["restricted", "baseline"] : ["restricted"];
          if (accepted.includes(level)) return [];
          const wanted = accepted.map((one) => JSON.stringify(one)).join(" or ");
          return [
            violation(
              namespace.urn,
              `metadata.labels["${enforce}"] must be ${wanted}, found ${describe(level)}`,
            ),
          ];
        },
      ),
    );
  },
});
