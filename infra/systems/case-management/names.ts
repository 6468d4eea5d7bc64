import { edgeSiteName, globalName, localName, type NameScope } from "../../naming";

/** Names of everything in Azure, known before anything exists. The runbook gives none: its AWS names nothing. */
export interface CaseManagementNames {
  readonly resourceGroup: string;
  readonly vault: string;
  readonly database: string;
  readonly databaseEndpoint: string;
  readonly restoreTest: string;
  readonly restoreTestEndpoint: string;
  readonly cache: string;
  readonly cacheEndpoint: string;
  readonly uploads: string;
  readonly backups: string;
  readonly identities: Readonly<Record<"backend" | "tasks" | "exporters", string>>;
  readonly edgeEndpoint: string;
  /** Names what the system has in the shared Front Door profile. */
  readonly edgeSite: string;
  readonly firewall: string;
  readonly budget: string;
}

/** @param vaultName Another name for the vault, where the usual one is still reserved after a deletion. */
export function caseManagementNames(scope: NameScope, vaultName?: string): CaseManagementNames {
  return {
    resourceGroup: localName("resourceGroup", "case-management", scope),
    vault: vaultName ?? globalName("vault", "cases", scope),
    database: globalName("postgresServer", "case-management", scope),
    databaseEndpoint: localName("privateEndpoint", "case-management-database", scope),
    restoreTest: globalName("postgresServer", "case-management-restore-test", scope),
    restoreTestEndpoint: localName("privateEndpoint", "case-management-restore-test", scope),
    cache: globalName("redisCache", "case-management", scope),
    cacheEndpoint: localName("privateEndpoint", "case-management-cache", scope),
    uploads: globalName("storageAccount", "caseuploads", scope),
    backups: globalName("storageAccount", "casebackups", scope),
    identities: {
      backend: localName("identity", "case-management-backend", scope),
      tasks: localName("identity", "case-management-tasks", scope),
      exporters: localName("identity", "case-management-exporters", scope),
    },
    edgeEndpoint: localName("edgeEndpoint", "case-management", scope),
    edgeSite: edgeSiteName("casemanagement", scope),
    firewall: localName("firewallPolicy", "casemanagement", scope),
    budget: localName("budget", "case-management-budget", scope),
  };
}
