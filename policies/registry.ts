import type { Rule } from "./rule";
import { cosmosRoleScope } from "./rules/access/cosmos-role-scope";
import { roleLeastPrivilege } from "./rules/access/role-least-privilege";
import { cosmosAutoscaleThroughput } from "./rules/data/cosmos-autoscale-throughput";
import { cosmosContainers } from "./rules/data/cosmos-containers";
import { cosmosContinuousBackup } from "./rules/data/cosmos-continuous-backup";
import { cosmosMinimumTls } from "./rules/data/cosmos-minimum-tls";
import { cosmosNetworkRestricted } from "./rules/data/cosmos-network-restricted";
import { cosmosNoKeyAccess } from "./rules/data/cosmos-no-key-access";
import { domainCertificateBound } from "./rules/edge/domain-certificate-bound";
import { domainsBound } from "./rules/edge/domains-bound";
import { edgeHttpsOnly } from "./rules/edge/edge-https-only";
import { staticSiteNoDeployOnPush } from "./rules/edge/static-site-no-deploy-on-push";
import { budgetNotifies } from "./rules/governance/budget-notifies";
import { lockOnData } from "./rules/governance/lock-on-data";
import { lockScope } from "./rules/governance/lock-scope";
import { protectData } from "./rules/governance/protect-data";
import { requiredTags } from "./rules/governance/required-tags";
import { resourceInSystem } from "./rules/governance/resource-in-system";
import { resourceTypeKnown } from "./rules/governance/resource-type-known";
import { systemComplete } from "./rules/governance/system-complete";
import { alertChannels } from "./rules/monitoring/alert-channels";
import { alertEnabled } from "./rules/monitoring/alert-enabled";
import { alertForEachGate } from "./rules/monitoring/alert-for-each-gate";
import { applicationInsightsWorkspace } from "./rules/monitoring/application-insights-workspace";
import { availabilityTests } from "./rules/monitoring/availability-tests";
import { diagnosticsToWorkspace } from "./rules/monitoring/diagnostics-to-workspace";
import { telemetryByIdentity } from "./rules/monitoring/telemetry-by-identity";
import { workspaceRetention } from "./rules/monitoring/workspace-retention";
import { settingsDeclared } from "./rules/settings/settings-declared";
import { settingsEqualOnSlots } from "./rules/settings/settings-equal-on-slots";
import { settingsLlmDailyCap } from "./rules/settings/settings-llm-daily-cap";
import { settingsNoContentShare } from "./rules/settings/settings-no-content-share";
import { settingsNoPlainSecret } from "./rules/settings/settings-no-plain-secret";
import { settingsRunFromPackage } from "./rules/settings/settings-run-from-package";
import { settingsSecretReferences } from "./rules/settings/settings-secret-references";
import { settingsWarmUp } from "./rules/settings/settings-warm-up";
import { settingsWholeSet } from "./rules/settings/settings-whole-set";
import { storageContainerPrivate } from "./rules/storage/storage-container-private";
import { storageEncryptedTransport } from "./rules/storage/storage-encrypted-transport";
import { storageNetworkRestricted } from "./rules/storage/storage-network-restricted";
import { storageNoKeyAccess } from "./rules/storage/storage-no-key-access";
import { storageNoPublicBlobs } from "./rules/storage/storage-no-public-blobs";
import { storageSoftDelete } from "./rules/storage/storage-soft-delete";
import { vaultNetworkDeny } from "./rules/vault/vault-network-deny";
import { vaultOwnerSecretGiven } from "./rules/vault/vault-owner-secret-given";
import { vaultPurgeProtection } from "./rules/vault/vault-purge-protection";
import { vaultRoleBasedAccess } from "./rules/vault/vault-role-based-access";
import { vaultSecretsPresent } from "./rules/vault/vault-secrets-present";
import { planDedicated } from "./rules/web/plan-dedicated";
import { planZoneRedundant } from "./rules/web/plan-zone-redundant";
import { siteOnPlan } from "./rules/web/site-on-plan";
import { slotExists } from "./rules/web/slot-exists";
import { webFtpsDisabled } from "./rules/web/web-ftps-disabled";
import { webHealthCheck } from "./rules/web/web-health-check";
import { webHttp2 } from "./rules/web/web-http2";
import { webHttpsOnly } from "./rules/web/web-https-only";
import { webManagedIdentity } from "./rules/web/web-managed-identity";
import { webMinimumTls } from "./rules/web/web-minimum-tls";
import { webNoIgnoredChanges } from "./rules/web/web-no-ignored-changes";
import { webPublishingCredentialsOff } from "./rules/web/web-publishing-credentials-off";
import { webSeparateIdentities } from "./rules/web/web-separate-identities";
import { webTrafficNotDeclared } from "./rules/web/web-traffic-not-declared";

/** Every rule of the pack, by topic. The pack, its tests, its documentation and `coverage` read this list. */
export const rules: readonly Rule[] = [
  cosmosAutoscaleThroughput,
  cosmosContainers,
  cosmosContinuousBackup,
  cosmosMinimumTls,
  cosmosNetworkRestricted,
  cosmosNoKeyAccess,
  vaultNetworkDeny,
  vaultOwnerSecretGiven,
  vaultPurgeProtection,
  vaultRoleBasedAccess,
  vaultSecretsPresent,
  storageContainerPrivate,
  storageEncryptedTransport,
  storageNetworkRestricted,
  storageNoKeyAccess,
  storageNoPublicBlobs,
  storageSoftDelete,
  planDedicated,
  planZoneRedundant,
  siteOnPlan,
  slotExists,
  webFtpsDisabled,
  webHealthCheck,
  webHttp2,
  webHttpsOnly,
  webManagedIdentity,
  webMinimumTls,
  webNoIgnoredChanges,
  webPublishingCredentialsOff,
  webSeparateIdentities,
  webTrafficNotDeclared,
  settingsDeclared,
  settingsEqualOnSlots,
  settingsLlmDailyCap,
  settingsNoContentShare,
  settingsNoPlainSecret,
  settingsRunFromPackage,
  settingsSecretReferences,
  settingsWarmUp,
  settingsWholeSet,
  alertChannels,
  alertEnabled,
  alertForEachGate,
  applicationInsightsWorkspace,
  availabilityTests,
  diagnosticsToWorkspace,
  telemetryByIdentity,
  workspaceRetention,
  domainCertificateBound,
  domainsBound,
  edgeHttpsOnly,
  staticSiteNoDeployOnPush,
  cosmosRoleScope,
  roleLeastPrivilege,
  budgetNotifies,
  lockOnData,
  lockScope,
  protectData,
  requiredTags,
  resourceInSystem,
  resourceTypeKnown,
  systemComplete,
];

export const rulesByName: ReadonlyMap<string, Rule> = new Map(rules.map((rule) => [rule.name, rule]));
