import { admitsEverybody } from "../../azure/network";
import { azure } from "../../azure/types";
import { benchmark } from "../../frameworks";
import { listOf, propertyRule } from "../../property-rule";
import { optional } from "../../read";
import { environmentOfResource } from "../../resource";

export const clusterApiServerClosed = propertyRule({
  name: "cluster-api-server-closed",
  topic: "cluster",
  displayName: "The API server answers named networks only",
  description:
    "Outside dev an AKS cluster is private, or names the ranges from which its API server is reached.",
  severity: "high",
  ids: ["STO-056", "STO-059"],
  framework: benchmark("NS-2"),
  remediationSteps:
    "Declare apiServerAccessProfile.authorizedIPRanges with the ranges of CI, releases and VPN.",
  types: [azure.cluster],
  exempt: (cluster) => {
    if (environmentOfResource(cluster) === "dev") return "dev's cluster is on this machine";
    return optional(cluster, "apiServerAccessProfile.enablePrivateCluster") === true
      ? "the cluster is private"
      : undefined;
  },
  properties: [
    {
      path: "apiServerAccessProfile.authorizedIPRanges",
      expected: listOf(
        (range) => !admitsEverybody(range),
        "ranges that do not admit everybody, at least one",
      ),
    },
  ],
});
