import { azure } from "../../azure/types";
import { judgeEach } from "../../decide";
import { describe, listAt, optional, required, requiredNumber } from "../../read";
import { type DeclaredResource, environmentOfResource } from "../../resource";
import { resourceRule } from "../../rule";
import { type Finding, judged, violation } from "../../verdict";

/** A node in each of these survives the loss of a zone; two would leave a colour of three pods with one. */
const zones = 3;

export const nodePools = resourceRule({
  name: "node-pools",
  topic: "cluster",
  displayName: "Nodes survive the loss of a zone and grow by themselves",
  description:
    "A node pool scales by itself, takes no SSH, and outside dev stands in three zones with a node in each.",
  severity: "high",
  ids: ["RET-106", "STO-067", "RET-139"],
  remediationSteps: `Declare enableAutoScaling, minCount of at least ${zones}, availabilityZones and securityProfile.sshAccess: Disabled.`,
  types: [azure.cluster, azure.nodePool],
  evaluate: (resource) =>
    judged(
      judgeEach(
        resource.type === azure.nodePool ? [""] : pools(resource),
        () => resource.urn,
        (prefix) => judgePool(resource, prefix),
      ),
    ),
});

function pools(cluster: DeclaredResource): readonly string[] {
  required(cluster, "agentPoolProfiles.0");
  return listAt(cluster, "agentPoolProfiles").map((_pool, index) => `agentPoolProfiles.${index}.`);
}

function judgePool(resource: DeclaredResource, prefix: string): readonly Finding[] {
  const findings: Finding[] = [];
  const expect = (path: string, wanted: unknown) => {
    const found = required(resource, prefix + path);
    if (found !== wanted)
      findings.push(
        violation(
          resource.urn,
          `${prefix}${path} must be ${JSON.stringify(wanted)}, found ${describe(found)}`,
        ),
      );
  };
  expect("enableAutoScaling", true);
  expect("securityProfile.sshAccess", "Disabled");
  const environment = environmentOfResource(resource);
  if (environment === "dev") return findings;
  if (listAt(resource, `${prefix}availabilityZones`).length < zones)
    findings.push(violation(resource.urn, `${prefix}availabilityZones must hold ${zones}`));
  const least = environment === "production" ? zones : 1;
  if (requiredNumber(resource, `${prefix}minCount`) < least)
    findings.push(violation(resource.urn, `${prefix}minCount must be at least ${least}`));
  if (optional(resource, `${prefix}enableNodePublicIP`) === true)
    findings.push(violation(resource.urn, `${prefix}enableNodePublicIP must not be true`));
  return findings;
}
