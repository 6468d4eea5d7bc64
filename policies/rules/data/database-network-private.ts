import { azure } from "../../azure/types";
import { benchmark } from "../../frameworks";
import { equals, propertyRule } from "../../property-rule";

const switches: Readonly<Record<string, string>> = {
  [azure.postgresServer]: "network.publicNetworkAccess",
  [azure.mongoCluster]: "properties.publicNetworkAccess",
  [azure.redisCache]: "publicNetworkAccess",
};

export const databaseNetworkPrivate = propertyRule({
  name: "database-network-private",
  topic: "data",
  displayName: "Databases and caches have no public address",
  description:
    "A PostgreSQL server, MongoDB cluster or Redis cache is reached from within the network alone.",
  severity: "critical",
  ids: ["STO-056", "STO-093", "RET-033", "CAS-025", "CAS-026"],
  framework: benchmark("NS-2"),
  remediationSteps: "Declare publicNetworkAccess: Disabled and a private endpoint.",
  types: Object.keys(switches),
  properties: (store) => [{ path: switches[store.type]!, expected: equals("Disabled") }],
});
