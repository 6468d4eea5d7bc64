import { azure } from "../../azure/types";
import { judgeEach } from "../../decide";
import { isSearchEngine, searchIsElsewhere } from "../../kubernetes/search-engine";
import { kubernetes } from "../../kubernetes/types";
import { optionalText, requiredText } from "../../read";
import type { DeclaredResource } from "../../resource";
import type { SystemView } from "../../stack-view";
import { systemsRule } from "../../system-rule";
import { cases, platform, retail, type SystemContract, store } from "../../systems";
import { type Finding, violation } from "../../verdict";

/** Something that a system is not whole without. */
interface Part {
  readonly what: string;
  readonly type: string;
  /** Narrows it to one with a certain property; may read what preview does not know, which is undecided. */
  is?(resource: DeclaredResource): boolean;
  /** Whether this system has it here; absent: always. */
  on?(view: SystemView): boolean;
}

interface CompleteSystem {
  readonly system: SystemContract;
  readonly parts: readonly Part[];
  /** Databases of PostgreSQL that must not share a server. */
  readonly apart?: readonly string[];
}

const container = (name: string): Part => ({
  what: `storage container ${name}`,
  type: azure.blobContainer,
  is: (blobs) => requiredText(blobs, "containerName") === name,
});

const database = (name: string): Part => ({
  what: `PostgreSQL database ${name}`,
  type: azure.postgresDatabase,
  is: (declared) => requiredText(declared, "databaseName") === name,
});

/** What each system on the cluster has in front of it and beside it. */
const common: readonly Part[] = [
  { what: "key vault", type: azure.vault },
  { what: "storage account", type: azure.storageAccount },
  { what: "cache", type: azure.redisCache },
  { what: "database of the cache", type: azure.redisDatabase },
  { what: "route of the edge", type: azure.edgeRoute },
  { what: "firewall of the edge", type: azure.firewallPolicy },
  { what: "namespace", type: kubernetes.namespace },
];

const mongo: Part = {
  what: "MongoDB",
  type: azure.mongoCluster,
  is: (cluster) => optionalText(cluster, "properties.createMode") !== "GeoReplica",
};

const search: Part = {
  what: "search engine",
  type: kubernetes.statefulSet,
  is: isSearchEngine,
  on: (view) => !searchIsElsewhere(view),
};

const completeSystems: readonly CompleteSystem[] = [
  {
    system: store,
    parts: [
      ...common,
      mongo,
      {
        what: "replica of MongoDB in another region",
        type: azure.mongoCluster,
        is: (cluster) => optionalText(cluster, "properties.createMode") === "GeoReplica",
      },
      container(store.contract.dumps.container),
    ],
  },
  {
    system: retail,
    parts: [
      ...common,
      mongo,
      { what: "PostgreSQL server", type: azure.postgresServer },
      search,
      container(retail.contract.backups.mongo),
      container(retail.contract.backups.postgres),
    ],
  },
  {
    system: cases,
    parts: [
      ...common,
      { what: "PostgreSQL server", type: azure.postgresServer },
      database(cases.contract.database.name),
      database(cases.contract.restoreTest.database),
      container(cases.contract.files.uploads),
      container(cases.contract.files.databaseBackups),
    ],
    apart: [cases.contract.database.name, cases.contract.restoreTest.database],
  },
  {
    system: platform,
    parts: [
      { what: "Azure Monitor workspace", type: azure.prometheusWorkspace },
      { what: "Grafana", type: azure.grafana },
      { what: "cluster", type: azure.cluster },
      { what: "gateway", type: kubernetes.gateway },
      { what: "container registry", type: azure.containerRegistry },
    ],
  },
];

export const clusterSystemComplete = systemsRule({
  name: "cluster-system-complete",
  topic: "governance",
  displayName: "No rule falls silent because its store, edge or monitoring is gone",
  description:
    "A system on the cluster declares its databases, cache, vault, storage and edge; the platform its cluster, gateway, registry and monitoring.",
  severity: "critical",
  ids: [
    "STO-049",
    "STO-093",
    "STO-110",
    "RET-033",
    "CAS-025",
    "CAS-026",
    "CAS-029",
    "CAS-031",
    "CAS-033",
    "CAS-077",
  ],
  conflicts: [19, 67, 73],
  remediationSteps: "Declare the missing part, or take the whole system out of the stack's list.",
  systems: completeSystems,
  findings: (view, { parts, apart = [] }) => [
    ...judgeEach(
      [apart],
      () => view.urn,
      (names) => judgeApart(view, names),
    ),
    ...judgeEach(
      parts,
      () => view.urn,
      ({ what, type, is, on }) => {
        if (on && !on(view)) return [];
        if (view.ofType(type).some((resource) => is === undefined || is(resource))) return [];
        return [violation(view.urn, `no ${what} is declared`)];
      },
    ),
  ],
});

/** A restore that goes to the wrong address meets a server that does not know its login (conflicts 73). */
function judgeApart(view: SystemView, names: readonly string[]): readonly Finding[] {
  const databases = view
    .ofType(azure.postgresDatabase)
    .filter((each) => names.includes(requiredText(each, "databaseName")));
  const servers = new Set(databases.map((each) => requiredText(each, "serverName")));
  if (databases.length < names.length || servers.size === databases.length) return [];
  return [violation(databases[0]!.urn, `serverName must differ between ${names.join(" and ")}`)];
}
