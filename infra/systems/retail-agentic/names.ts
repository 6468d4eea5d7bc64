import { edgeSiteName, globalName, localName, type NameScope } from "../../naming";

/** Names of everything in Azure, known before anything exists. The runbook's are AWS's and name nothing here. */
export interface RetailNames {
  readonly resourceGroup: string;
  readonly vault: string;
  readonly documents: string;
  readonly documentsEndpoint: string;
  readonly cache: string;
  readonly cacheEndpoint: string;
  readonly relational: string;
  readonly relationalEndpoint: string;
  readonly backups: string;
  readonly identities: Readonly<Record<"backend" | "tasks" | "search", string>>;
  readonly edgeEndpoint: string;
  /** Names what the system has in the shared Front Door profile: letters and digits. */
  readonly edgeSite: string;
  readonly firewall: string;
  readonly budget: string;
}

/** @param vaultName Another name for the vault, where the usual one is still reserved after a deletion. */
export function retailNames(scope: NameScope, vaultName?: string): RetailNames {
  return {
    resourceGroup: localName("resourceGroup", "retail-agentic", scope),
    vault: vaultName ?? globalName("vault", "retail", scope),
    documents: globalName("mongoCluster", "retail-agentic", scope),
    documentsEndpoint: localName("privateEndpoint", "retail-agentic-documents", scope),
    cache: globalName("redisCache", "retail-agentic", scope),
    cacheEndpoint: localName("privateEndpoint", "retail-agentic-cache", scope),
    relational: globalName("postgresServer", "retail-agentic", scope),
    relationalEndpoint: localName("privateEndpoint", "retail-agentic-relational", scope),
    backups: globalName("storageAccount", "retailbackups", scope),
    identities: {
      backend: localName("identity", "retail-agentic-backend", scope),
      tasks: localName("identity", "retail-agentic-tasks", scope),
      search: localName("identity", "retail-agentic-search", scope),
    },
    edgeEndpoint: localName("edgeEndpoint", "retail-agentic", scope),
    edgeSite: edgeSiteName("retailagentic", scope),
    firewall: localName("firewallPolicy", "retailagentic", scope),
    budget: localName("budget", "retail-agentic-budget", scope),
  };
}
