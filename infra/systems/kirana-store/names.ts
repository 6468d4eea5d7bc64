import { edgeSiteName, globalName, localName, type NameScope } from "../../naming";

/** Names of everything in Azure, known before anything exists. The runbook has one Docker host and names none. */
export interface KiranaStoreNames {
  readonly resourceGroup: string;
  readonly vault: string;
  readonly database: string;
  readonly databaseEndpoint: string;
  readonly replica: string;
  readonly replicaEndpoint: string;
  readonly cache: string;
  readonly cacheEndpoint: string;
  readonly storageAccount: string;
  readonly identities: Readonly<Record<"backend" | "backups" | "exporters" | "scanner", string>>;
  readonly edgeEndpoint: string;
  /** Names what the store has in the shared Front Door profile: letters and digits. */
  readonly edgeSite: string;
  readonly firewall: string;
  readonly budget: string;
  readonly mailGroup: string;
}

/** @param vaultName Another name for the vault, where the usual one is still reserved after a deletion. */
export function kiranaStoreNames(scope: NameScope, vaultName?: string): KiranaStoreNames {
  return {
    resourceGroup: localName("resourceGroup", "kirana-store", scope),
    vault: vaultName ?? globalName("vault", "kirana-store", scope),
    database: globalName("mongoCluster", "kirana-store", scope),
    databaseEndpoint: localName("privateEndpoint", "kirana-store-database", scope),
    replica: globalName("mongoCluster", "kirana-store-replica", scope),
    replicaEndpoint: localName("privateEndpoint", "kirana-store-replica", scope),
    cache: globalName("redisCache", "kirana-store", scope),
    cacheEndpoint: localName("privateEndpoint", "kirana-store-cache", scope),
    storageAccount: globalName("storageAccount", "kiranastore", scope),
    identities: {
      backend: localName("identity", "kirana-store-backend", scope),
      backups: localName("identity", "kirana-store-backups", scope),
      exporters: localName("identity", "kirana-store-exporters", scope),
      scanner: localName("identity", "kirana-store-scanner", scope),
    },
    edgeEndpoint: localName("edgeEndpoint", "kirana-store", scope),
    edgeSite: edgeSiteName("kiranastore", scope),
    firewall: localName("firewallPolicy", "kiranastore", scope),
    budget: localName("budget", "kirana-store-budget", scope),
    mailGroup: localName("actionGroup", "kirana-store-mail", scope),
  };
}
