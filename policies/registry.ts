import type { Rule } from "./rule";
import { cosmosRoleActions } from "./rules/access/cosmos-role-actions";
import { cosmosRoleScope } from "./rules/access/cosmos-role-scope";
import { randomSecretStrong } from "./rules/access/random-secret-strong";
import { roleLeastPrivilege } from "./rules/access/role-least-privilege";
import { clusterApiServerClosed } from "./rules/cluster/cluster-api-server-closed";
import { clusterGuarded } from "./rules/cluster/cluster-guarded";
import { clusterNetworkPolicy } from "./rules/cluster/cluster-network-policy";
import { clusterSignIn } from "./rules/cluster/cluster-sign-in";
import { clusterUpgrades } from "./rules/cluster/cluster-upgrades";
import { clusterWorkloadIdentity } from "./rules/cluster/cluster-workload-identity";
import { containerLogRotation } from "./rules/cluster/container-log-rotation";
import { defenderPlans } from "./rules/cluster/defender-plans";
import { gatewayCertificateRenewed } from "./rules/cluster/gateway-certificate-renewed";
import { nodePools } from "./rules/cluster/node-pools";
import { registryClosed } from "./rules/cluster/registry-closed";
import { cosmosAutoscaleThroughput } from "./rules/data/cosmos-autoscale-throughput";
import { cosmosContainers } from "./rules/data/cosmos-containers";
import { cosmosContinuousBackup } from "./rules/data/cosmos-continuous-backup";
import { cosmosMinimumTls } from "./rules/data/cosmos-minimum-tls";
import { cosmosNetworkRestricted } from "./rules/data/cosmos-network-restricted";
import { cosmosNoKeyAccess } from "./rules/data/cosmos-no-key-access";
import { dataEncryptedAtRest } from "./rules/data/data-encrypted-at-rest";
import { databaseHighAvailability } from "./rules/data/database-high-availability";
import { databaseNetworkPrivate } from "./rules/data/database-network-private";
import { mongoBackup } from "./rules/data/mongo-backup";
import { postgresBackup } from "./rules/data/postgres-backup";
import { postgresEncrypted } from "./rules/data/postgres-encrypted";
import { redisEncrypted } from "./rules/data/redis-encrypted";
import { sqlAuditing } from "./rules/data/sql-auditing";
import { sqlEncrypted } from "./rules/data/sql-encrypted";
import { sqlEntraAdmin } from "./rules/data/sql-entra-admin";
import { sqlNetworkPrivate } from "./rules/data/sql-network-private";
import { sqlRetention } from "./rules/data/sql-retention";
import { stagingDatabaseShared } from "./rules/data/staging-database-shared";
import { taskEnvironmentPrivate } from "./rules/data/task-environment-private";
import { taskJobClosed } from "./rules/data/task-job-closed";
import { taskJobs } from "./rules/data/task-jobs";
import { domainCertificateBound } from "./rules/edge/domain-certificate-bound";
import { domainsBound } from "./rules/edge/domains-bound";
import { edgeBlockedPaths } from "./rules/edge/edge-blocked-paths";
import { edgeDomainTls } from "./rules/edge/edge-domain-tls";
import { edgeFirewallBound } from "./rules/edge/edge-firewall-bound";
import { edgeFirewallOn } from "./rules/edge/edge-firewall-on";
import { edgeHostsComplete } from "./rules/edge/edge-hosts-complete";
import { edgeHttpsOnly } from "./rules/edge/edge-https-only";
import { edgeOriginPrivate } from "./rules/edge/edge-origin-private";
import { edgeRateLimit } from "./rules/edge/edge-rate-limit";
import { edgeSecurityHeaders } from "./rules/edge/edge-security-headers";
import { staticSiteNoDeployOnPush } from "./rules/edge/static-site-no-deploy-on-push";
import { budgetNotifies } from "./rules/governance/budget-notifies";
import { clusterSystemComplete } from "./rules/governance/cluster-system-complete";
import { contractNames } from "./rules/governance/contract-names";
import { lockOnData } from "./rules/governance/lock-on-data";
import { lockScope } from "./rules/governance/lock-scope";
import { protectData } from "./rules/governance/protect-data";
import { providerOfStack } from "./rules/governance/provider-of-stack";
import { requiredTags } from "./rules/governance/required-tags";
import { resourceInSystem } from "./rules/governance/resource-in-system";
import { resourceTypeKnown } from "./rules/governance/resource-type-known";
import { systemComplete } from "./rules/governance/system-complete";
import { trackForEachSwitch } from "./rules/governance/track-for-each-switch";
import { autoscalerMinimum } from "./rules/kubernetes/autoscaler-minimum";
import { chartPinned } from "./rules/kubernetes/chart-pinned";
import { colourServiceSelects } from "./rules/kubernetes/colour-service-selects";
import { componentLabels } from "./rules/kubernetes/component-labels";
import { componentPorts } from "./rules/kubernetes/component-ports";
import { configOwnerVariables } from "./rules/kubernetes/config-owner-variables";
import { configPlainVariables } from "./rules/kubernetes/config-plain-variables";
import { corsOrigins } from "./rules/kubernetes/cors-origins";
import { cronJobBounded } from "./rules/kubernetes/cron-job-bounded";
import { gatewayClosed } from "./rules/kubernetes/gateway-closed";
import { imageByDigest } from "./rules/kubernetes/image-by-digest";
import { imageOfRegistry } from "./rules/kubernetes/image-of-registry";
import { kindAllowed } from "./rules/kubernetes/kind-allowed";
import { migrationNeverResets } from "./rules/kubernetes/migration-never-resets";
import { namespaceBounded } from "./rules/kubernetes/namespace-bounded";
import { namespaceRestricted } from "./rules/kubernetes/namespace-restricted";
import { networkDefaultDeny } from "./rules/kubernetes/network-default-deny";
import { networkPolicyNamedPeers } from "./rules/kubernetes/network-policy-named-peers";
import { networkPolicyPerApp } from "./rules/kubernetes/network-policy-per-app";
import { noDeclaredReplicas } from "./rules/kubernetes/no-declared-replicas";
import { noMountedToken } from "./rules/kubernetes/no-mounted-token";
import { podDisruptionBudget } from "./rules/kubernetes/pod-disruption-budget";
import { podNoAddedRights } from "./rules/kubernetes/pod-no-added-rights";
import { podNoPlainSecret } from "./rules/kubernetes/pod-no-plain-secret";
import { podProbes } from "./rules/kubernetes/pod-probes";
import { podResources } from "./rules/kubernetes/pod-resources";
import { podSecurityContext } from "./rules/kubernetes/pod-security-context";
import { podTopologySpread } from "./rules/kubernetes/pod-topology-spread";
import { quotaFitsBothSides } from "./rules/kubernetes/quota-fits-both-sides";
import { routeBounded } from "./rules/kubernetes/route-bounded";
import { routeByTrack } from "./rules/kubernetes/route-by-track";
import { secretClassOwnVault } from "./rules/kubernetes/secret-class-own-vault";
import { secretVariablesPresent } from "./rules/kubernetes/secret-variables-present";
import { serviceAccountRights } from "./rules/kubernetes/service-account-rights";
import { serviceInternal } from "./rules/kubernetes/service-internal";
import { sideWhole } from "./rules/kubernetes/side-whole";
import { taskSchedules } from "./rules/kubernetes/task-schedules";
import { trackInitialSide } from "./rules/kubernetes/track-initial-side";
import { trackServicePort } from "./rules/kubernetes/track-service-port";
import { alertChannels } from "./rules/monitoring/alert-channels";
import { alertEnabled } from "./rules/monitoring/alert-enabled";
import { alertForEachGate } from "./rules/monitoring/alert-for-each-gate";
import { alertRoutesComplete } from "./rules/monitoring/alert-routes-complete";
import { applicationInsightsWorkspace } from "./rules/monitoring/application-insights-workspace";
import { availabilityTests } from "./rules/monitoring/availability-tests";
import { dashboardsComplete } from "./rules/monitoring/dashboards-complete";
import { diagnosticsToWorkspace } from "./rules/monitoring/diagnostics-to-workspace";
import { metricsScraped } from "./rules/monitoring/metrics-scraped";
import { prometheusRulesComplete } from "./rules/monitoring/prometheus-rules-complete";
import { prometheusRulesTold } from "./rules/monitoring/prometheus-rules-told";
import { serviceHealthAlert } from "./rules/monitoring/service-health-alert";
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
import { planAutoscaleMinimum } from "./rules/web/plan-autoscale-minimum";
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
  dataEncryptedAtRest,
  databaseHighAvailability,
  databaseNetworkPrivate,
  mongoBackup,
  postgresBackup,
  postgresEncrypted,
  redisEncrypted,
  sqlAuditing,
  sqlEncrypted,
  sqlEntraAdmin,
  sqlNetworkPrivate,
  sqlRetention,
  stagingDatabaseShared,
  taskEnvironmentPrivate,
  taskJobClosed,
  taskJobs,
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
  planAutoscaleMinimum,
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
  autoscalerMinimum,
  chartPinned,
  colourServiceSelects,
  componentLabels,
  componentPorts,
  configOwnerVariables,
  configPlainVariables,
  corsOrigins,
  cronJobBounded,
  gatewayClosed,
  imageByDigest,
  imageOfRegistry,
  kindAllowed,
  migrationNeverResets,
  namespaceBounded,
  namespaceRestricted,
  networkDefaultDeny,
  networkPolicyNamedPeers,
  networkPolicyPerApp,
  noDeclaredReplicas,
  noMountedToken,
  podDisruptionBudget,
  podNoAddedRights,
  podNoPlainSecret,
  podProbes,
  podResources,
  podSecurityContext,
  podTopologySpread,
  quotaFitsBothSides,
  routeBounded,
  routeByTrack,
  secretClassOwnVault,
  secretVariablesPresent,
  serviceAccountRights,
  serviceInternal,
  sideWhole,
  taskSchedules,
  trackInitialSide,
  trackServicePort,
  clusterApiServerClosed,
  clusterGuarded,
  clusterNetworkPolicy,
  clusterSignIn,
  clusterUpgrades,
  clusterWorkloadIdentity,
  containerLogRotation,
  defenderPlans,
  gatewayCertificateRenewed,
  nodePools,
  registryClosed,
  alertChannels,
  alertEnabled,
  alertForEachGate,
  alertRoutesComplete,
  applicationInsightsWorkspace,
  availabilityTests,
  dashboardsComplete,
  diagnosticsToWorkspace,
  metricsScraped,
  prometheusRulesComplete,
  prometheusRulesTold,
  serviceHealthAlert,
  telemetryByIdentity,
  workspaceRetention,
  domainCertificateBound,
  domainsBound,
  edgeBlockedPaths,
  edgeDomainTls,
  edgeFirewallBound,
  edgeFirewallOn,
  edgeHostsComplete,
  edgeHttpsOnly,
  edgeOriginPrivate,
  edgeRateLimit,
  edgeSecurityHeaders,
  staticSiteNoDeployOnPush,
  cosmosRoleActions,
  cosmosRoleScope,
  randomSecretStrong,
  roleLeastPrivilege,
  budgetNotifies,
  clusterSystemComplete,
  contractNames,
  lockOnData,
  lockScope,
  protectData,
  providerOfStack,
  requiredTags,
  resourceInSystem,
  resourceTypeKnown,
  systemComplete,
  trackForEachSwitch,
];

export const rulesByName: ReadonlyMap<string, Rule> = new Map(rules.map((rule) => [rule.name, rule]));
