import { kubernetesBenchmark } from "../../frameworks";
import { podMakers, podPath } from "../../kubernetes/pods";
import { kubernetes } from "../../kubernetes/types";
import { type Expectation, equals, propertyRule } from "../../property-rule";

const ownAccount: Expectation = {
  says: "an account of its own",
  holds: (value) => typeof value === "string" && value !== "" && value !== "default",
};

export const noMountedToken = propertyRule({
  name: "no-mounted-token",
  topic: "kubernetes",
  displayName: "A pod cannot speak to the API server",
  description: "Pods have a service account of their own, whose token is not mounted.",
  severity: "high",
  ids: [],
  framework: kubernetesBenchmark("5.1.6"),
  remediationSteps: "Declare automountServiceAccountToken: false on the account and on the pod.",
  types: [kubernetes.serviceAccount, ...podMakers],
  properties: (resource) =>
    resource.type === kubernetes.serviceAccount
      ? [{ path: "automountServiceAccountToken", expected: equals(false) }]
      : [
          { path: podPath(resource, "spec.automountServiceAccountToken"), expected: equals(false) },
          { path: podPath(resource, "spec.serviceAccountName"), expected: ownAccount },
        ],
});
