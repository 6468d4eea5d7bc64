import { azure } from "../../azure/types";
import { judgeEach } from "../../decide";
import { describe, listAt, objectsAt, required, requiredText } from "../../read";
import type { DeclaredResource } from "../../resource";
import { systemRule } from "../../system-rule";
import { kirana } from "../../systems";
import { type Finding, judged, violation } from "../../verdict";

export const cosmosContainers = systemRule({
  name: "cosmos-containers",
  topic: "data",
  displayName: "The database holds the runbook's containers",
  description:
    "The contract's database and containers exist with their partition keys, and items with its indexing policy.",
  severity: "high",
  ids: ["KIR-028", "KIR-029", "KIR-030"],
  remediationSteps:
    "Declare the database and the containers as the contract lists them; a partition key is fixed at creation.",
  system: kirana,
  evaluate(system) {
    const { database, containers, itemsIndexing } = system.contract.cosmos;
    const databases = system.ofType(azure.cosmosDatabase);
    const declared = system.ofType(azure.cosmosContainer);
    const missingDatabase = databases.some((resource) => requiredText(resource, "resource.id") === database)
      ? []
      : [violation(system.urn, `database ${database} is not declared`)];
    const findings = judgeEach(
      containers,
      () => system.urn,
      ({ name, partitionKey }) => {
        const container = declared.find(
          (resource) =>
            requiredText(resource, "resource.id") === name &&
            requiredText(resource, "databaseName") === database,
        );
        if (!container) return [violation(system.urn, `container ${name} is not declared`)];
        return judgeEach(
          [container],
          () => container.urn,
          () => {
            const found: Finding[] = [];
            required(container, "resource.partitionKey.paths");
            const paths = listAt(container, "resource.partitionKey.paths");
            if (paths.length !== 1 || paths[0] !== partitionKey) {
              found.push(
                violation(container.urn, `resource.partitionKey.paths must be ${partitionKey} alone`),
              );
            }
            if (name === itemsIndexing.container) found.push(...judgeIndexing(container, itemsIndexing));
            return found;
          },
        );
      },
    );
    return judged([...missingDatabase, ...findings]);
  },
});

function judgeIndexing(
  container: DeclaredResource,
  { mode, includedPaths, excludedPaths }: (typeof kirana)["contract"]["cosmos"]["itemsIndexing"],
): readonly Finding[] {
  const findings: Finding[] = [];
  const declared = required(container, "resource.indexingPolicy.indexingMode");
  if (declared !== mode) {
    const found = describe(declared);
    findings.push(
      violation(container.urn, `resource.indexingPolicy.indexingMode must be "${mode}", found ${found}`),
    );
  }
  for (const [list, wanted] of Object.entries({ includedPaths, excludedPaths })) {
    const paths = objectsAt(container, `resource.indexingPolicy.${list}`).map(({ path }) => path);
    if (paths.join() === wanted.join()) continue;
    findings.push(violation(container.urn, `resource.indexingPolicy.${list} must be ${wanted.join(", ")}`));
  }
  return findings;
}
