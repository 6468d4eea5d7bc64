import { kubernetesBenchmark } from "../../frameworks";
import { podMakers, podPath } from "../../kubernetes/pods";
import { kubernetes } from "../../kubernetes/types";
import { type Expectation, equals, propertyRule } from "../../property-rule";
import { objectsAt, optional } from "../../read";
import type { DeclaredResource } from "../../resource";

const ownAccount: Expectation = {
  says: "an account of its own",
  holds: (value) => typeof value === "string" && value !== "" && value !== "default",
};

/** Without an audience of its own a token is one for the API server. */
const forOthers: Expectation = {
  says: "the audience of another service",
  holds: (value) => typeof value === "string" && value !== "" && !value.includes("kubernetes"),
};

export const noMountedToken = propertyRule({
  name: "no-mounted-token",
  topic: "kubernetes",
  displayName: "A pod cannot speak to the API server",
  description: "Pods have a service account of their own, whose token for the API server is not mounted.",
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
          ...tokenSources(resource).map((path) => ({ path: `${path}.audience`, expected: forOthers })),
        ],
});

/** Paths of the tokens that a pod's volumes hold. */
function tokenSources(maker: DeclaredResource): readonly string[] {
  const volumes = podPath(maker, "spec.volumes");
  return [...objectsAt(maker, volumes).keys()].flatMap((volume) => {
    const sources = `${volumes}.${volume}.projected.sources`;
    return [...objectsAt(maker, sources).keys()]
      .map((source) => `${sources}.${source}.serviceAccountToken`)
      .filter((path) => optional(maker, path) !== undefined);
  });
}
