import { azure } from "../../azure/types";
import { judgeEach } from "../../decide";
import { listAt, mapAt, required, requiredText } from "../../read";
import { stackRule } from "../../rule";
import { kirana } from "../../systems";
import { judged, notApplicable, violation } from "../../verdict";

/** The container whose indexing policy the runbook brings. */
const indexedContainer = "items";

export const cosmosContainers = stackRule({
  name: "cosmos-containers",
  topic: "data",
  displayName: "The database holds the runbook's containers",
  description:
    "Database and containers of the contract exist with their partition keys; items has an indexing policy.",
  severity: "high",
  ids: ["KIR-028", "KIR-029", "KIR-030"],
  remediationSteps:
    "Declare the database and the containers as the contract lists them; a partition key is fixed at creation.",
  evaluate(stack) {
    const system = stack.system(kirana);
    if (!system) return notApplicable(`the stack does not carry ${kirana.name}`);
    const { database, containers } = system.contract.cosmos;
    const databases = system.ofType(azure.cosmosDatabase);
    const declared = system.ofType(azure.cosmosContainer);
    const missingDatabase = databases.some((resource) => requiredText(resource, "resource.id") === database)
      ? []
      : [violation(system.urn, `database ${database} is not declared`)];
    const findings = judgeEach(
      containers,
      () => system.urn,
      ({ name, partitionKey }) => {
        const container = declared.find((resource) => requiredText(resource, "resource.id") === name);
        if (!container) return [violation(system.urn, `container ${name} is not declared`)];
        return judgeEach(
          [container],
          () => container.urn,
          () => {
            const found = [];
            required(container, "resource.partitionKey.paths");
            const paths = listAt(container, "resource.partitionKey.paths");
            if (paths.length !== 1 || paths[0] !== partitionKey) {
              found.push(
                violation(container.urn, `resource.partitionKey.paths must be ${partitionKey} alone`),
              );
            }
            if (name === indexedContainer) mapAt(container, "resource.indexingPolicy");
            return found;
          },
        );
      },
    );
    return judged([...missingDatabase, ...findings]);
  },
});
