import { azure } from "../../azure/types";
import { describe, optional, required } from "../../read";
import { resourceRule } from "../../rule";
import { kirana } from "../../systems";
import { judged, notApplicable, violation } from "../../verdict";

export const cosmosAutoscaleThroughput = resourceRule({
  name: "cosmos-autoscale-throughput",
  topic: "data",
  displayName: "Throughput scales by itself up to the contract's limit",
  description:
    "The database has autoscale throughput with the contract's upper limit, and its containers share it.",
  severity: "medium",
  ids: ["KIR-134", "KIR-135", "KIR-044"],
  conflicts: [28],
  remediationSteps:
    "Declare options.autoscaleSettings.maxThroughput on the database, and no throughput on its containers.",
  types: [azure.cosmosDatabase, azure.cosmosContainer],
  evaluate(resource) {
    const findings = [];
    if (optional(resource, "options.throughput") !== undefined) {
      findings.push(
        violation(resource.urn, "options.throughput must not be declared: manual throughput does not scale"),
      );
    }
    const limit = kirana.contract.cosmos.autoscaleMaxRequestUnitsPerSecond;
    if (resource.type === azure.cosmosDatabase) {
      const declared = required(resource, "options.autoscaleSettings.maxThroughput");
      if (declared !== limit) {
        const found = describe(declared);
        findings.push(
          violation(resource.urn, `options.autoscaleSettings.maxThroughput must be ${limit}, found ${found}`),
        );
      }
    } else if (optional(resource, "options.autoscaleSettings") !== undefined) {
      findings.push(
        violation(
          resource.urn,
          "options.autoscaleSettings must not be declared: the containers share the database's",
        ),
      );
    } else if (findings.length === 0) {
      return notApplicable("the container shares the throughput of its database");
    }
    return judged(findings);
  },
});
