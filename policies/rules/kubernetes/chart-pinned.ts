import { kubernetes } from "../../kubernetes/types";
import { equals, matching, propertyRule } from "../../property-rule";

export const chartPinned = propertyRule({
  name: "chart-pinned",
  topic: "kubernetes",
  displayName: "A chart is installed in the version that was tested",
  description:
    "A Helm release names its chart's exact version, comes over HTTPS, and is taken back when it fails.",
  severity: "high",
  ids: ["RET-107"],
  remediationSteps:
    "Declare version as MAJOR.MINOR.PATCH, repositoryOpts.repo with https:// and atomic: true.",
  types: [kubernetes.helmRelease],
  properties: [
    { path: "version", expected: matching(/^v?\d+\.\d+\.\d+(?:[-+][\w.-]+)?$/, "an exact version") },
    { path: "repositoryOpts.repo", expected: matching(/^(?:https|oci):\/\//, "an address with https://") },
    { path: "atomic", expected: equals(true) },
  ],
});
