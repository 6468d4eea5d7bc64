import type { Rule } from "./rule";
import { cosmosContinuousBackup } from "./rules/data/cosmos-continuous-backup";
import { cosmosMinimumTls } from "./rules/data/cosmos-minimum-tls";
import { storageContainerPrivate } from "./rules/storage/storage-container-private";
import { storageEncryptedTransport } from "./rules/storage/storage-encrypted-transport";
import { storageNoPublicBlobs } from "./rules/storage/storage-no-public-blobs";
import { storageSoftDelete } from "./rules/storage/storage-soft-delete";
import { vaultNetworkDeny } from "./rules/vault/vault-network-deny";
import { vaultPurgeProtection } from "./rules/vault/vault-purge-protection";
import { vaultRoleBasedAccess } from "./rules/vault/vault-role-based-access";
import { planDedicated } from "./rules/web/plan-dedicated";
import { planZoneRedundant } from "./rules/web/plan-zone-redundant";
import { webFtpsDisabled } from "./rules/web/web-ftps-disabled";
import { webHealthCheck } from "./rules/web/web-health-check";
import { webHttp2 } from "./rules/web/web-http2";
import { webHttpsOnly } from "./rules/web/web-https-only";
import { webManagedIdentity } from "./rules/web/web-managed-identity";
import { webMinimumTls } from "./rules/web/web-minimum-tls";
import { webNoIgnoredChanges } from "./rules/web/web-no-ignored-changes";
import { webPublishingCredentialsOff } from "./rules/web/web-publishing-credentials-off";
import { webTrafficNotDeclared } from "./rules/web/web-traffic-not-declared";

/** Every rule of the pack, by topic. The pack, its tests, its documentation and `coverage` read this list. */
export const rules: readonly Rule[] = [
  cosmosContinuousBackup,
  cosmosMinimumTls,
  vaultNetworkDeny,
  vaultPurgeProtection,
  vaultRoleBasedAccess,
  storageContainerPrivate,
  storageEncryptedTransport,
  storageNoPublicBlobs,
  storageSoftDelete,
  planDedicated,
  planZoneRedundant,
  webFtpsDisabled,
  webHealthCheck,
  webHttp2,
  webHttpsOnly,
  webManagedIdentity,
  webMinimumTls,
  webNoIgnoredChanges,
  webPublishingCredentialsOff,
  webTrafficNotDeclared,
];

export const rulesByName: ReadonlyMap<string, Rule> = new Map(rules.map((rule) => [rule.name, rule]));
