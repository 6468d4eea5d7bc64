import assert from "node:assert/strict";
import { environments } from "../../../../runbooks/model";
import { ofType, single } from "../../support/query";
import type { Rendered } from "../../support/render";
import { renderedSystems } from "../../support/stack-rendering";

// The mocks register what the program declares; whether Azure takes it is not shown here. What the local cloud refuses
// of these types is in tests/local/cloud.

for (const environment of environments) {
  describe(`platform in ${environment}`, function () {
    this.timeout(60_000);
    let rendered: Rendered;
    before(async () => {
      rendered = await renderedSystems(environment, ["platform"]);
    });

    it("is a cluster that nobody signs in to without Entra", () => {
      const cluster = single(rendered, "containerservice:ManagedCluster");
      assert.equal(cluster.disableLocalAccounts, true);
      const { managed, enableAzureRBAC } = cluster.aadProfile as Record<string, unknown>;
      assert.deepEqual({ managed, enableAzureRBAC }, { managed: true, enableAzureRBAC: true });
      assert.deepEqual(cluster.oidcIssuerProfile, { enabled: true });
      const security = cluster.securityProfile as { workloadIdentity: unknown };
      assert.deepEqual(security.workloadIdentity, { enabled: true });
    });

    it("sends the cluster's metrics to the Prometheus workspace and its logs to Log Analytics", () => {
      const cluster = single(rendered, "containerservice:ManagedCluster");
      const metrics = cluster.azureMonitorProfile as { metrics: { enabled: boolean } };
      assert.equal(metrics.metrics.enabled, true);
      const associations = ofType(rendered, "monitor:DataCollectionRuleAssociation");
      assert.equal(associations.length, 2);
      for (const { inputs } of associations) assert.match(String(inputs.resourceUri), /managedClusters\//);
      const rules = JSON.stringify(
        ofType(rendered, "monitor:DataCollectionRule").map(({ inputs }) => inputs),
      );
      for (const part of [
        "Microsoft-PrometheusMetrics",
        "Microsoft-ContainerLogV2",
        "Microsoft.Monitor/accounts/",
      ]) {
        assert.ok(rules.includes(part), part);
      }
    });

    it("wakes nobody for a node that is added, as a release's pods may need one", () => {
      const rules = ofType(rendered, "monitor:MetricAlert").map(
        ({ inputs }) => inputs as unknown as MetricRule,
      );
      const about = (metric: string) =>
        rules.find(({ criteria }) => criteria.allOf.some(({ metricName }) => metricName === metric))!;
      const waiting = about("cluster_autoscaler_unschedulable_pods_count");
      assert.equal(waiting.severity, 2);
      const notReady = about("kube_node_status_condition");
      assert.equal(notReady.severity, 1);
      const [{ timeAggregation, threshold }] = notReady.criteria.allOf as [MetricCriterion];
      // Node-minutes of a quarter of an hour: four new nodes of two minutes each are below it, one that is gone is not.
      assert.equal(timeAggregation, "Total");
      assert.ok(threshold >= 8 && threshold < 15, String(threshold));
    });

    it("bounds the logs on every node (STO-063), and lets a pool scale between its bounds", () => {
      const [first] = single(rendered, "containerservice:ManagedCluster").agentPoolProfiles as Pool[];
      const pools = [
        first!,
        ...ofType(rendered, "containerservice:AgentPool").map(({ inputs }) => inputs as unknown as Pool),
      ];
      assert.deepEqual(
        pools.map(({ mode }) => mode),
        ["System", "User"],
      );
      for (const pool of pools) {
        assert.ok(
          pool.kubeletConfig.containerLogMaxSizeMB > 0 && pool.kubeletConfig.containerLogMaxFiles > 1,
        );
        assert.ok(pool.enableAutoScaling && pool.minCount <= pool.maxCount);
        assert.equal(pool.localDNSProfile.mode, "Disabled", "pods may ask the cluster's name server alone");
        assert.deepEqual(pool.availabilityZones, environment === "dev" ? undefined : ["1", "2", "3"]);
      }
    });

    it("has no way into the network but Private Link: the gateway's load balancer is internal", () => {
      const gateway = rendered.resources.find(
        ({ type }) => type.endsWith(":Gateway") && type.includes("gateway."),
      );
      const { infrastructure } = gateway!.inputs.spec as {
        infrastructure: { annotations: Record<string, string> };
      };
      const { annotations } = infrastructure;
      assert.equal(annotations["service.beta.kubernetes.io/azure-load-balancer-internal"], "true");
      assert.equal(annotations["service.beta.kubernetes.io/azure-pls-create"], "true");
      assert.equal(annotations["service.beta.kubernetes.io/port_443_health-probe_protocol"], "tcp");
      for (const { inputs } of ofType(rendered, "network:NetworkSecurityGroup")) {
        const rules = inputs.securityRules as { access: string; sourceAddressPrefix: string }[];
        const opened = rules.filter(
          ({ access, sourceAddressPrefix }) => access === "Allow" && sourceAddressPrefix === "Internet",
        );
        assert.deepEqual(opened, []);
      }
    });

    it("has a registry without an admin user, from which only the nodes pull", () => {
      const registry = single(rendered, "containerregistry:Registry");
      assert.equal(registry.adminUserEnabled, false);
      assert.equal(registry.anonymousPullEnabled, false);
      assert.equal((registry.networkRuleSet as { defaultAction: string }).defaultAction, "Deny");
      const pulls = ofType(rendered, "authorization:RoleAssignment").filter(({ inputs }) =>
        String(inputs.scope).includes("/registries/"),
      );
      assert.deepEqual(
        pulls.map(({ inputs }) => inputs.principalId),
        ["principal of platform-cluster-kubelet-identity"],
      );
    });

    it("turns Defender on for what the systems stand on (STO-061, STO-064)", () => {
      const plans = ofType(rendered, "security:Pricing").map(
        ({ inputs }) => `${inputs.pricingName} ${inputs.pricingTier}`,
      );
      for (const plan of ["Containers", "KeyVaults", "StorageAccounts", "OpenSourceRelationalDatabases"]) {
        assert.ok(plans.includes(`${plan} Standard`), plan);
      }
    });

    it("writes the control plane's audit log and the subscription's activity to the workspace (STO-062)", () => {
      const settings = ofType(rendered, "monitor:DiagnosticSetting").map(({ inputs }) => inputs);
      const logsOf = (part: RegExp) =>
        settings
          .filter(({ resourceUri }) => part.test(String(resourceUri)))
          .flatMap(({ logs }) => (logs as { category: string }[]).map(({ category }) => category));
      assert.ok(logsOf(/managedClusters\//).includes("kube-audit-admin"));
      assert.ok(logsOf(/^\/subscriptions\/[^/]+$/).includes("Administrative"));
    });

    it("asks an issuer for the gateway's certificate where one could answer", () => {
      const kinds = rendered.resources.map(({ type }) => type);
      const issued = environment !== "dev";
      assert.equal(kinds.includes("kubernetes:cert-manager.io/v1:Certificate"), issued);
      assert.equal(kinds.includes("kubernetes:cert-manager.io/v1:ClusterIssuer"), issued);
      assert.equal(kinds.includes("kubernetes:helm.sh/v3:Release"), issued);
    });

    it(`${environment === "dev" ? "neither protects nor locks" : "protects"} what would take data or hosts along`, () => {
      const guarded = environment !== "dev";
      const types = [
        "containerservice:ManagedCluster",
        "containerregistry:Registry",
        "keyvault:Vault",
        "cdn:Profile",
      ];
      for (const { name, protect } of ofType(rendered, ...types)) assert.equal(protect, guarded, name);
      assert.equal(ofType(rendered, "authorization:ManagementLockByScope").length, guarded ? 2 : 0);
    });

    it("exports what another stack's switchyard:platform takes", () => {
      const { platform } = rendered.outputs as { platform: { reference: Record<string, string> } };
      assert.ok(platform.reference.clusterId?.includes("/managedClusters/"));
      assert.ok(platform.reference.registryHost?.endsWith(".azurecr.io"));
    });
  });
}

interface Pool {
  readonly mode: string;
  readonly minCount: number;
  readonly maxCount: number;
  readonly enableAutoScaling: boolean;
  readonly availabilityZones?: string[];
  readonly localDNSProfile: { readonly mode: string };
  readonly kubeletConfig: { readonly containerLogMaxSizeMB: number; readonly containerLogMaxFiles: number };
}

interface MetricCriterion {
  readonly metricName: string;
  readonly timeAggregation: string;
  readonly threshold: number;
}

interface MetricRule {
  readonly severity: number;
  readonly criteria: { readonly allOf: readonly MetricCriterion[] };
}
