import assert from "node:assert/strict";
import { alertRuleGroups } from "../../../../infra/monitoring/alert-rules";
import { type Environment, environments } from "../../../../runbooks/model";
import { retailAgentic as contract } from "../../../../runbooks/retail-agentic";
import { releaseKey, releaseKeyAnnotation } from "../../../../runbooks/sides";
import { type Colour, colours } from "../../../../runbooks/target";
import { type Rendered, render } from "../../support/render";
import { textsInClear } from "../../support/secrets";
import { renderedSystems } from "../../support/stack-rendering";
import { canary, systemSettings } from "../../support/stack-settings";
import { inputsOf, object, objects, owned, podsOf } from "./query";

// The mocks register what the program declares; whether Azure and the API server would take it is shown by
// tests/infra/local-cloud.slow.test.ts and the engine tests.

const { backend, consumerWeb, adminWeb } = contract.components;
const components = [backend, consumerWeb, adminWeb];
interface CacheRule {
  readonly ruleSetName: string;
  readonly conditions: readonly { readonly parameters: { readonly matchValues: readonly string[] } }[];
  readonly actions: readonly {
    readonly parameters: { readonly cacheConfiguration?: { readonly cacheBehavior: string } };
  }[];
}
const kindsOfRunningPods = ["Deployment", "StatefulSet", "CronJob"];

/** RET-062 to RET-064, RET-077. */
const hosts: Readonly<Record<Environment, readonly string[]>> = {
  dev: ["api.", "www.", "admin."],
  staging: ["staging-api.", "staging.", "admin.staging."],
  production: ["api.", "www.", "admin."],
};

for (const environment of environments) {
  describe(`retail-agentic in ${environment}`, function () {
    this.timeout(60_000);
    let rendered: Rendered;
    let own: NonNullable<Rendered["settings"]["bySystem"]["retail-agentic"]>;
    let declared: readonly Colour[];
    before(async () => {
      rendered = await renderedSystems(environment, ["platform", "retail-agentic"]);
      own = rendered.settings.bySystem["retail-agentic"]!;
      declared = colours.filter((colour) => own.sides[colour]);
    });

    it("keeps at the edge what the web apps are built of, and nothing of the API (RET-030)", () => {
      const kept = (inputsOf(rendered, "cdn:Rule") as unknown as readonly CacheRule[]).filter(
        ({ ruleSetName }) => ruleSetName.endsWith("files"),
      );
      assert.equal(kept.length, 1);
      const [{ actions, conditions }] = kept as [CacheRule];
      const [host, file] = conditions.map(({ parameters }) => parameters.matchValues);
      const [api, ...web] = hosts[environment];
      assert.equal(host!.length, web.length);
      assert.ok(
        web.every((prefix) => host!.some((one) => one.startsWith(prefix))),
        host!.join(),
      );
      assert.ok(!host!.some((one) => one.startsWith(api!)));
      assert.ok(["css", "js", "woff2"].every((extension) => file!.includes(extension)));
      assert.ok(!["", "html", "json", "png"].some((extension) => file!.includes(extension)));
      assert.deepEqual(actions[0]!.parameters.cacheConfiguration?.cacheBehavior, "OverrideIfOriginMissing");
      const [route] = inputsOf(rendered, "cdn:Route") as readonly { ruleSets: { id: string }[] }[];
      assert.equal(route!.ruleSets.filter(({ id }) => id.endsWith("files")).length, 1);
    });

    it("has every component whole for every declared colour, under the runbook's names (RET-060, RET-065)", () => {
      const names = components.flatMap(({ name }) => declared.map((colour) => `${name}-${colour}`)).sort();
      const sided = (kind: string) =>
        objects(rendered, kind)
          .map(({ metadata }) => metadata.name)
          .filter((name) => names.includes(name))
          .sort();
      for (const kind of [
        "Deployment",
        "HorizontalPodAutoscaler",
        "PodDisruptionBudget",
        "Service",
        "ConfigMap",
      ])
        assert.deepEqual(sided(kind), names, kind);
      for (const colour of declared) {
        for (const { name } of components) {
          const { metadata, spec } = object(rendered, "Deployment", `${name}-${colour}`);
          const block = own.sides[colour]!;
          assert.equal(metadata.annotations?.[releaseKeyAnnotation], releaseKey(block));
          assert.ok(!("replicas" in spec), "replicas are the release's");
          assert.deepEqual((spec.selector as { matchLabels: unknown }).matchLabels, {
            app: name,
            deployment: colour,
          });
          assert.equal(podsOf({ metadata, spec }).containers[0]!.image, block.images[name]);
        }
      }
    });

    it("has a track per active Service whose selector a release switches, and sides after all of them (RET-069)", () => {
      const tracks = owned(rendered).filter(({ type }) => type === "switchyard:index:Track");
      const targets = tracks.map(({ inputs }) => inputs.target as { service: string; ports: object[] });
      assert.deepEqual(targets.map(({ service }) => service).sort(), [...contract.components.order].sort());
      const ports = targets.find(({ service }) => service === backend.name)!.ports;
      assert.deepEqual(ports, [{ name: "http", port: 8080, targetPort: "http" }], "RET-142");
      for (const { inputs, protect } of tracks) {
        assert.equal(inputs.initial, "blue");
        assert.equal(protect, environment !== "dev");
      }
      for (const { name, dependsOn } of objects(rendered, "Deployment")) {
        if (!/-(?:blue|green)$/.test(name)) continue;
        for (const track of tracks) assert.ok(dependsOn.includes(track.name), `${track.name} before ${name}`);
      }
    });

    it("gives the backend every variable of the runbook: plain ones by value, secrets from the vault (RET-015 to RET-025)", () => {
      const config = object(rendered, "ConfigMap", `${backend.name}-blue`).data!;
      const { ids: _sources, ...plain } = contract.plainVariables;
      for (const [name, value] of Object.entries(plain)) assert.equal(config[name], value, name);
      assert.equal(config.SMTP_HOST, own.smtpHost);
      const { env } = podsOf(object(rendered, "Deployment", `${backend.name}-blue`)).containers[0]!;
      for (const secret of contract.secrets) {
        if (!("appSetting" in secret)) continue;
        const variable = env.find(({ name }) => name === secret.appSetting);
        assert.equal(
          variable?.valueFrom?.secretKeyRef?.name,
          `${backend.name}-blue-secrets`,
          secret.appSetting,
        );
      }
      const secretClass = JSON.stringify(
        object(rendered, "SecretProviderClass", `${backend.name}-blue`).spec,
      );
      for (const { name } of contract.secrets.filter((secret) => "appSetting" in secret))
        assert.ok(secretClass.includes(name), name);
    });

    it("has no literal secret in any pod, and none in clear anywhere", () => {
      for (const kind of kindsOfRunningPods) {
        for (const found of objects(rendered, kind)) {
          for (const { name, value } of podsOf(found).containers.flatMap(({ env }) => env)) {
            if (/PASSWORD|SECRET|KEY|_UR[IL]$/.test(name) && !/^(?:BACKUPS|SEARCH)_URL$/.test(name))
              assert.equal(value, undefined, `${name} of ${found.metadata.name}`);
          }
        }
      }
      for (const { name, inputs } of owned(rendered))
        for (const { path, text } of textsInClear(inputs))
          assert.ok(!text.includes(canary), `${name} ${path}`);
    });

    it("runs every image by digest", () => {
      const images = kindsOfRunningPods.flatMap((kind) =>
        objects(rendered, kind).flatMap((found) => podsOf(found).containers.map(({ image }) => image)),
      );
      assert.ok(images.length > 10);
      for (const image of images) assert.match(image, /@sha256:[0-9a-f]{64}$/);
    });

    it("answers its three hosts, each with a certificate of its own (RET-028, RET-064, RET-077)", () => {
      const wanted = hosts[environment].map((prefix) => `${prefix}${own.domain}`);
      const domains = inputsOf(rendered, "cdn:AFDCustomDomain");
      assert.deepEqual(domains.map(({ hostName }) => hostName).sort(), [...wanted].sort());
      for (const { tlsSettings } of domains)
        assert.deepEqual(tlsSettings, { certificateType: "ManagedCertificate", minimumTlsVersion: "TLS12" });
      const routes = objects(rendered, "HTTPRoute")
        .filter(({ metadata }) => !/-preview$|^edge-probe$/.test(metadata.name))
        .map(({ spec }) => (spec.hostnames as string[])[0]);
      assert.deepEqual(routes.sort(), [...wanted].sort());
      const previews = objects(rendered, "HTTPRoute").filter(({ metadata }) =>
        metadata.name.endsWith("-preview"),
      );
      assert.equal(previews.length, declared.length * components.length);
    });

    it("lets nobody outside reach the actuator: blocked at the edge, and not routed (RET-031, RET-094)", () => {
      const [policy] = inputsOf(rendered, "frontdoor:Policy");
      const { rules } = policy!.customRules as { rules: { name: string; action: string }[] };
      const blocked = rules.find(({ name }) => name === "BlockedPaths");
      assert.equal(blocked?.action, "Block");
      assert.match(JSON.stringify(blocked), /\/actuator/);
      assert.match(JSON.stringify(rules), /"rateLimitThreshold":100/);
      const route = object(rendered, "HTTPRoute", backend.name).spec as {
        rules: { matches: { path: { type: string; value: string } }[] }[];
      };
      assert.deepEqual(
        route.rules.flatMap(({ matches }) => matches.map(({ path }) => path)),
        [{ type: "PathPrefix", value: "/api" }],
      );
      const [origin] = inputsOf(rendered, "cdn:AFDOrigin");
      assert.ok((origin!.sharedPrivateLinkResource as { privateLink: { id: string } }).privateLink.id);
      const services = objects(rendered, "Service").map(({ spec }) => spec.type ?? spec.clusterIP);
      assert.deepEqual([...new Set(services)].sort(), ["ClusterIP", "None"]);
    });

    it("keeps 30 days of backups, and removes older dumps (conflicts 18)", () => {
      const [server] = inputsOf(rendered, "dbforpostgresql:Server");
      assert.equal((server!.backup as { backupRetentionDays: number }).backupRetentionDays, 30);
      const [lifecycle] = inputsOf(rendered, "storage:ManagementPolicy");
      const rules = JSON.stringify(lifecycle!.policy);
      for (const container of ["mongo-backups/", "postgres-backups/"]) assert.ok(rules.includes(container));
      assert.ok(!rules.includes("search-snapshots"), "snapshots share files: Elasticsearch removes them");
    });

    it("suspends every task but the daily snapshot; tasks of a side exist for each colour", () => {
      const jobs = objects(rendered, "CronJob");
      const expected = contract.tasks.flatMap(({ name, image }) =>
        image === "backend" ? declared.map((colour) => `${name}-${colour}`) : [name],
      );
      assert.deepEqual(jobs.map(({ metadata }) => metadata.name).sort(), expected.sort());
      const scheduled = jobs.filter(({ spec }) => spec.suspend === false);
      assert.deepEqual(
        scheduled.map(({ metadata, spec }) => [metadata.name, spec.timeZone]),
        [["retail-search-snapshot", "America/Los_Angeles"]],
      );
    });

    it("has every alert of the contract in Azure, and a probe per host", () => {
      const rules = inputsOf(rendered, "alertsmanagement:PrometheusRuleGroup").flatMap(
        ({ rules }) => rules as { alert: string }[],
      );
      const wanted = alertRuleGroups(contract).flatMap((group) => group.rules.map(({ alert }) => alert));
      assert.deepEqual(rules.map(({ alert }) => alert).sort(), wanted.sort());
      const targets = objects(rendered, "PodMonitor").flatMap(({ spec }) =>
        (spec.podMetricsEndpoints as { params?: { target?: string[] } }[]).flatMap(
          ({ params }) => params?.target ?? [],
        ),
      );
      assert.deepEqual(
        targets.sort(),
        hosts[environment]
          .map((prefix, index) => `https://${prefix}${own.domain}${index === 0 ? "/api/v1/health" : "/"}`)
          .sort(),
      );
    });

    it("has room in its quota for both colours at full size beside the search engine (RET-143)", () => {
      const { hard } = object(rendered, "ResourceQuota", "quota").spec as { hard: Record<string, string> };
      const bothColours = components.reduce(
        (sum, { mostReplicas, resources }) =>
          sum + 2 * mostReplicas[environment] * resources.memoryMebibytes.limit,
        contract.search.replicas[environment] * contract.search.resources.memoryMebibytes.limit,
      );
      assert.ok(Number.parseInt(hard["limits.memory"]!, 10) > bothColours);
      assert.equal(hard.persistentvolumeclaims, String(contract.search.replicas[environment]));
    });

    it("exports what a release needs, and no live fact", () => {
      const { retailAgentic } = rendered.outputs as { retailAgentic: Record<string, unknown> };
      assert.deepEqual(Object.keys(retailAgentic).sort(), [
        "adminWeb",
        "api",
        "backups",
        "cache",
        "clusterId",
        "consumerWeb",
        "contacts",
        "dashboards",
        "dns",
        "documents",
        "namespace",
        "relational",
        "release",
        "resourceGroupId",
        "vault",
      ]);
    });
  });
}

describe("retail-agentic's search engine", function () {
  this.timeout(60_000);

  it("has a certificate of the namespace's own authority outside dev, which the backend trusts", async () => {
    const rendered = await renderedSystems("production", ["platform", "retail-agentic"]);
    const certificates = objects(rendered, "Certificate").map(({ metadata }) => metadata.name);
    assert.deepEqual(certificates.sort(), ["retail-elasticsearch", "retail-elasticsearch-authority"]);
    const { env } = podsOf(object(rendered, "Deployment", "retail-backend-blue")).containers[0]!;
    assert.deepEqual(env.find(({ name }) => name === "ELASTICSEARCH_CA_CERTIFICATE")?.valueFrom, {
      secretKeyRef: { name: "retail-elasticsearch-certificate", key: "ca.crt" },
    });
  });

  it("has peers that trust the authority, whatever address a pod has, and a token where it may read one", async () => {
    const rendered = await renderedSystems("production", ["platform", "retail-agentic"]);
    const { containers, volumes } = podsOf(object(rendered, "StatefulSet", "retail-elasticsearch"));
    const { env, volumeMounts } = containers[0]!;
    const textOf = (variable: string) => env.find(({ name }) => name === variable)?.value;
    assert.equal(textOf("xpack.security.transport.ssl.verification_mode"), "certificate");
    assert.equal(textOf("xpack.security.http.ssl.verification_mode"), undefined);
    const folder = "/usr/share/elasticsearch/config/azure";
    assert.equal(textOf("AZURE_FEDERATED_TOKEN_FILE"), `${folder}/azure-identity-token`);
    const [mount] = volumeMounts.filter(({ mountPath }) => mountPath === folder);
    const [volume] = volumes.filter(({ name }) => name === mount?.name);
    assert.equal(volume?.name, "azure-identity-token", "by this name the cluster's webhook leaves it alone");
    assert.deepEqual(volume.projected?.sources, [
      {
        serviceAccountToken: {
          audience: "api://AzureADTokenExchange",
          expirationSeconds: 3600,
          path: "azure-identity-token",
        },
      },
    ]);
  });

  it("may be somebody else's: then nothing of it is here, and nobody waits for its snapshots (conflicts 19)", async () => {
    const rendered = await render(
      systemSettings("dev", ["platform", "retail-agentic"], { "retail-agentic:elasticsearch": "external" }),
    );
    assert.deepEqual(objects(rendered, "StatefulSet"), []);
    assert.ok(
      !JSON.stringify(inputsOf(rendered, "alertsmanagement:PrometheusRuleGroup")).includes("Snapshot"),
    );
    assert.ok(!objects(rendered, "CronJob").some(({ metadata }) => metadata.name.includes("search")));
  });
});
