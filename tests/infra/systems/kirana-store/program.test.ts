import assert from "node:assert/strict";
import { kiranaStore as contract } from "../../../../runbooks/kirana-store";
import { environments } from "../../../../runbooks/model";
import { releaseKey } from "../../../../runbooks/sides";
import { colours } from "../../../../runbooks/target";
import { ofType } from "../../support/query";
import type { Rendered, RenderedResource } from "../../support/render";
import { textsInClear, unwrapped } from "../../support/secrets";
import { renderedSystems } from "../../support/stack-rendering";
import { canary } from "../../support/stack-settings";
import type {
  EdgeOrigin,
  EdgeRoute,
  FirewallPolicy,
  HeaderRule,
  KubernetesObject,
  LifecyclePolicy,
  MongoClusterInputs,
  RuleGroup,
  StoreOutputs,
  TrackInputs,
} from "./shapes";

// The mocks register what the program declares. Whether the API server takes it is shown by the engine tests.

for (const environment of environments) {
  describe(`kirana-store in ${environment}`, function () {
    this.timeout(60_000);
    let rendered: Rendered;
    let own: readonly RenderedResource[];
    before(async () => {
      rendered = await renderedSystems(environment, ["platform", "kirana-store"]);
      own = rendered.resources.filter(({ name }) => name.startsWith(contract.system));
    });

    const objects = (kind: string) =>
      own
        .filter(({ type }) => type.startsWith("kubernetes:") && type.endsWith(`:${kind}`))
        .map((resource) => ({ ...resource, object: unwrapped(resource.inputs) as KubernetesObject }));
    const declared = () =>
      colours.filter((colour) => rendered.settings.bySystem["kirana-store"]!.sides[colour]);
    const deployments = () => objects("Deployment").filter(({ object }) => object.metadata.labels.deployment);
    const azure = (type: string) => own.filter((resource) => ofType(rendered, type).includes(resource));
    const inputs = <T>(type: string) => azure(type).map((resource) => unwrapped(resource.inputs) as T);

    it("renders each declared colour whole: 10 containers, both components (STO-067, STO-068)", () => {
      assert.deepEqual(declared(), environment === "dev" ? ["blue", "green"] : ["blue"]);
      for (const colour of declared()) {
        const names = [contract.components.backend.name, contract.components.frontend.name].map(
          (name) => `${name}-${colour}`,
        );
        const found = deployments().filter(({ object }) => object.metadata.labels.deployment === colour);
        assert.deepEqual(found.map(({ object }) => object.metadata.name).sort(), names);
        const sizes = objects("HorizontalPodAutoscaler")
          .filter(({ object }) => names.includes(object.spec.scaleTargetRef.name))
          .map(({ object }) => object.spec.minReplicas as number);
        assert.equal(
          sizes.reduce((sum, size) => sum + size, 0),
          contract.components.containersPerColour,
        );
      }
    });

    it("declares no replicas, no weights and no object that carries the traffic", () => {
      for (const { object } of deployments()) assert.ok(!("replicas" in object.spec));
      const routes = objects("HTTPRoute").map(({ object }) => object.metadata.name as string);
      assert.deepEqual(
        routes.sort(),
        declared().map((colour) => `${contract.components.frontend.name}-${colour}-preview`),
      );
      const services = objects("Service").map(({ object }) => object.metadata.name as string);
      for (const name of services) assert.match(name, /-(?:blue|green)$/);
    });

    it("shares the traffic at one weighted route between the entries of both colours (STO-066, conflicts 19)", () => {
      const tracks = own.filter(({ type }) => type === "switchyard:index:Track");
      assert.equal(tracks.length, 1);
      const { target, initial, sides } = unwrapped(tracks[0]!.inputs) as TrackInputs;
      assert.equal(target.kind, "gateway");
      assert.equal(target.route, contract.ramp.route);
      // Front Door probes by the gateway's own name: only these weights know which colours serve.
      assert.deepEqual(target.hostnames, [
        rendered.settings.bySystem["kirana-store"]!.host,
        rendered.settings.bySystem.platform!.gatewayHost,
      ]);
      const { frontend } = contract.components;
      assert.deepEqual(target.services, {
        blue: `${frontend.name}-blue`,
        green: `${frontend.name}-green`,
        port: frontend.port,
      });
      assert.equal(initial, "blue");
      assert.deepEqual(Object.keys(sides as object), declared());
      for (const colour of declared()) {
        assert.equal(sides[colour], releaseKey(rendered.settings.bySystem["kirana-store"]!.sides[colour]!));
      }
      for (const { name, dependsOn } of deployments()) assert.ok(dependsOn.includes(tracks[0]!.name), name);
    });

    it("lets a frontend call the backend of its own colour alone", () => {
      const { frontend, backend } = contract.components;
      for (const colour of declared()) {
        const config = objects("ConfigMap").find(
          ({ object }) => object.metadata.name === `${frontend.name}-${colour}`,
        );
        assert.equal(config?.object.data.BACKEND_URL, `http://${backend.name}-${colour}:${backend.port}`);
      }
    });

    it("gives the backend its credentials by reference to the vault, each variable of the contract (STO-046)", () => {
      const variables = contract.secrets.flatMap((secret) =>
        "appSetting" in secret ? [secret.appSetting] : [],
      );
      assert.ok(variables.includes("MONGODB_URI") && variables.includes("JWT_SIGNING_KEY"));
      const backends = deployments().filter(
        ({ object }) => object.metadata.labels.app === "kirana-store-backend",
      );
      for (const { object } of backends) {
        const [container] = object.spec.template.spec.containers;
        assert.deepEqual(container!.env.map(({ name }) => name).sort(), [...variables].sort());
        for (const { name, value, valueFrom } of container!.env) {
          assert.equal(value, undefined, name);
          assert.ok(valueFrom.secretKeyRef.name, name);
        }
      }
      const written = inputs<{ secretName: string }>("keyvault:Secret").map(({ secretName }) => secretName);
      assert.deepEqual(written.sort(), contract.secrets.map(({ name }) => name as string).sort());
    });

    it("opens the two public ports at the edge only: pods listen inside the cluster (STO-057, conflicts 59)", () => {
      for (const { object } of objects("Service")) assert.equal(object.spec.type, "ClusterIP");
      const [route] = inputs<EdgeRoute>("cdn:Route");
      assert.deepEqual(route?.supportedProtocols, ["Http", "Https"]);
      assert.equal(route?.httpsRedirect, "Enabled");
      const [origin] = inputs<EdgeOrigin>("cdn:AFDOrigin");
      assert.ok(origin?.sharedPrivateLinkResource.privateLink.id, "the origin has no public address");
    });

    it("counts 100 requests a minute from an address, and blocks metrics and admin from outside", () => {
      const [policy] = inputs<FirewallPolicy>("frontdoor:Policy");
      const { rules } = policy!.customRules;
      const rule = (name: string) => rules.find((candidate) => candidate.name === name)!;
      assert.equal(rule("RateLimit").rateLimitThreshold, contract.edge.requestsPerMinutePerAddress);
      assert.equal(rule("RateLimit").rateLimitDurationInMinutes, 1);
      // The API's requests alone: a page alone asks for dozens of files.
      const [, api] = rule("RateLimit").matchConditions;
      const counted = new RegExp(api!.matchValue[0]!);
      assert.ok(
        ["/api", "/api/orders?page=2"].every((path) => counted.test(`https://store.test:443${path}`)),
      );
      assert.ok(
        ["/", "/assets/app.js", "/apis"].every((path) => !counted.test(`https://store.test:443${path}`)),
      );
      assert.match(JSON.stringify(rule("BlockedPaths")), /\/metrics/);
      const admin = JSON.stringify(rule("RestrictedPaths"));
      for (const path of contract.edge.admin.pathPrefixes) assert.ok(admin.includes(path), path);
      const ranges = rendered.settings.bySystem["kirana-store"]!.adminRanges;
      assert.ok(ranges.every((range) => admin.includes(range)));
      assert.equal(policy!.policySettings.mode, "Prevention");
    });

    it("sets HSTS, CSP and the other headers on every answer (STO-060)", () => {
      const names = inputs<HeaderRule>("cdn:Rule").flatMap(({ actions }) =>
        actions.map(({ parameters }) => parameters.headerName as string),
      );
      for (const header of [
        "Strict-Transport-Security",
        "Content-Security-Policy",
        "X-Content-Type-Options",
      ]) {
        assert.ok(names.includes(header), header);
      }
    });

    it("names the store's own origin for CORS, never a wildcard (STO-052)", () => {
      for (const { object } of objects("ConfigMap")) {
        const origins = object.data.CORS_ALLOWED_ORIGINS;
        if (origins) assert.equal(origins, `https://${rendered.settings.bySystem["kirana-store"]!.host}`);
      }
    });

    it("has a database with a replica in another region, closed to the public, and no data outside its network", () => {
      const [database, replica] = ["Default", "GeoReplica"].map((mode) =>
        inputs<MongoClusterInputs>("mongocluster:MongoCluster").find(
          ({ properties }) => properties.createMode === mode,
        ),
      );
      assert.ok(database && replica);
      assert.notEqual(database.location, replica.location);
      assert.match(String(replica.properties.replicaParameters.sourceResourceId), /mongoClusters\//);
      for (const { properties } of [database, replica])
        assert.equal(properties.publicNetworkAccess, "Disabled");
      assert.equal(inputs<unknown>("network:PrivateEndpoint").length, 3);
    });

    it("keeps dumps for 30 days, and protects what holds data outside dev", () => {
      const [policy] = inputs<LifecyclePolicy>("storage:ManagementPolicy");
      const expiry = policy!.policy.rules.find(({ name }) => name === "expire-dumps")!;
      assert.equal(
        expiry.definition.actions.baseBlob.delete.daysAfterModificationGreaterThan,
        contract.dumps.retentionDays,
      );
      const guarded = ["mongocluster:MongoCluster", "keyvault:Vault", "storage:StorageAccount"].flatMap(
        azure,
      );
      assert.equal(guarded.length, 4);
      for (const { name, protect } of guarded) assert.equal(protect, environment !== "dev", name);
      const locks = azure("authorization:ManagementLockByScope").length;
      assert.equal(locks, environment === "dev" ? 0 : 4);
    });

    it("suspends every task but the two that are scheduled, and keeps logins off command lines", () => {
      const jobs = objects("CronJob");
      const perColour = contract.tasks.filter(({ image }) => image === "backend").length;
      assert.equal(jobs.length, contract.tasks.length - perColour + perColour * declared().length);
      const running = jobs.filter(({ object }) => object.spec.suspend === false);
      assert.deepEqual(running.map(({ object }) => object.metadata.name as string).sort(), [
        "kirana-store-backup",
        "kirana-store-security-updates",
      ]);
      for (const { object } of jobs) {
        const [container] = object.spec.jobTemplate.spec.template.spec.containers;
        assert.ok(!/mongodb(?:\+srv)?:|MONGODB_URI/.test(JSON.stringify(container!.command)));
      }
    });

    it("scans as an identity that may pull images and nothing else: the nodes' right is not the pods'", () => {
      const scan = "kirana-store-security-updates";
      const [account] = objects("ServiceAccount").filter(({ object }) => object.metadata.name === scan);
      assert.ok(account?.object.metadata.annotations?.["azure.workload.identity/client-id"]);
      const [job] = objects("CronJob").filter(({ object }) => object.metadata.name === scan);
      const { labels } = job!.object.spec.jobTemplate.spec.template.metadata;
      assert.equal(labels["azure.workload.identity/use"], "true");
      const subjects = inputs<{ subject: string; resourceName: string }>(
        "managedidentity:FederatedIdentityCredential",
      ).filter(({ subject }) => subject === `system:serviceaccount:${contract.namespace.name}:${scan}`);
      assert.equal(subjects.length, 1);
      const roles = azure("authorization:RoleAssignment").filter(({ name }) => name.includes("-scanner-"));
      const [registry] = ofType(rendered, "containerregistry:Registry");
      const { registryName } = unwrapped(registry!.inputs) as { registryName: string };
      assert.equal(roles.length, 1);
      const { scope } = unwrapped(roles[0]!.inputs) as { scope: string };
      assert.ok(scope.endsWith(`/providers/Microsoft.ContainerRegistry/registries/${registryName}`), scope);
    });

    it("restores a drill into a database of its own, never over the store's", () => {
      const drill = objects("CronJob").find(
        ({ object }) => object.metadata.name === "kirana-store-restore-drill",
      );
      const [container] = drill!.object.spec.jobTemplate.spec.template.spec.containers;
      const script = JSON.stringify(container!.command);
      assert.match(script, /--nsTo=\\"kirana_store_drill\.\*\\"/);
      assert.match(script, /BACKUP_NAME:\?/);
    });

    it("renders all 28 rules to Azure, each once; what is told once a day has a second rule that tells it", () => {
      const groups = inputs<RuleGroup>("alertsmanagement:PrometheusRuleGroup");
      for (const { rules } of groups) assert.ok(rules.length <= 20);
      const rules = groups.flatMap((group) => group.rules);
      const daily = contract.alerts.filter(({ severity }) => severity === "info");
      assert.deepEqual(
        rules.map(({ alert }) => alert).sort(),
        [...contract.alerts.map(({ name }) => name), ...daily.map(({ name }) => `${name}Digest`)].sort(),
      );
      for (const { name, operator, threshold, severity } of contract.alerts) {
        const rule = rules.find(({ alert }) => alert === name)!;
        assert.ok(rule.expression.includes(`${operator} ${threshold}`), name);
        // Told of once a day by its digest, or at once by every receiver of its severity.
        const told = severity === "info" ? 0 : contract.routing.routes[severity].receivers.length;
        assert.equal(rule.actions.length, told, name);
      }
    });

    it("declares an exporter behind database-down, disk, cache and probe, and scrapes each", () => {
      const scraped = objects("PodMonitor").map(
        ({ object }) => object.spec.selector.matchLabels.app as string,
      );
      const jobs = contract.exporters.filter(({ kind }) => kind !== "addon").map(({ job }) => job as string);
      assert.deepEqual(scraped.sort(), jobs.sort());
      const running = new Set(
        objects("Deployment").map(({ object }) => object.metadata.labels.app as string),
      );
      for (const job of jobs) assert.ok(running.has(job), job);
      const probe = objects("PodMonitor").find(({ object }) => object.metadata.name === "probe");
      assert.deepEqual(probe?.object.spec.podMetricsEndpoints[0]?.params.target, [
        `https://${rendered.settings.bySystem["kirana-store"]!.host}/api/health`,
      ]);
    });

    it("fits both colours at full size into the namespace's quota, exporters and tasks beside them", () => {
      const [quota] = objects("ResourceQuota");
      const most = contract.components.order
        .map((component) => contract.components[component].mostReplicas[environment])
        .reduce((sum, count) => sum + count, 0);
      assert.ok(Number(quota?.object.spec.hard.pods) >= 2 * most + 3);
    });

    it("emulates pods in dev alone, with the metrics that the contract says they export", () => {
      for (const { object } of deployments()) {
        const text = object.spec.template.metadata.annotations["local.switchyard.dev/backend"] as
          | string
          | undefined;
        if (environment !== "dev") {
          assert.equal(text, undefined);
          continue;
        }
        const shown = new Set(
          (JSON.parse(text!) as { metrics: { name: string }[] }).metrics.map(({ name }) => name),
        );
        const expected = contract.metrics
          .filter(({ exporter }) => exporter === object.metadata.labels.app)
          .map(({ name }) => name as string);
        assert.deepEqual([...shown].sort(), expected.sort());
      }
    });

    it("shows no secret in clear, in no input and no output", () => {
      for (const { urn, inputs: all } of own) {
        const leaks = textsInClear(all).filter(({ text }) => text.includes(canary));
        assert.deepEqual(leaks, [], urn);
      }
    });

    it("exports what a release needs, and no live fact", () => {
      const { kiranaStore } = rendered.outputs as { kiranaStore: StoreOutputs };
      assert.equal(kiranaStore.namespace, contract.namespace.name);
      assert.equal(kiranaStore.route, contract.ramp.route);
      assert.equal(
        kiranaStore.previewHosts.green,
        `green.preview.${rendered.settings.bySystem["kirana-store"]!.host}`,
      );
      assert.ok(!/live|weight/i.test(JSON.stringify(Object.keys(kiranaStore))));
    });
  });
}
