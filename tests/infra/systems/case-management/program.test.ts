import assert from "node:assert/strict";
import { caseManagement as contract } from "../../../../runbooks/case-management";
import { type Environment, environments } from "../../../../runbooks/model";
import { releaseKey, releaseKeyAnnotation } from "../../../../runbooks/sides";
import { colours } from "../../../../runbooks/target";
import { dummyPlatform } from "../../support/platform-reference";
import { type Rendered, render } from "../../support/render";
import { renderedSystems } from "../../support/stack-rendering";
import { systemSettings } from "../../support/stack-settings";
import { type Container, inputsOf, object, objects, owned } from "./query";

// The mocks register what the program declares; whether Azure and the API server would take it is shown by
// tests/infra/local-cloud.slow.test.ts and the engine tests.

const { backend, frontend } = contract.components;

const hosts: Readonly<Record<Environment, (domain: string) => { api: string; web: string }>> = {
  dev: (domain) => ({ api: `api.${domain}`, web: domain }),
  staging: (domain) => ({ api: `api.staging.${domain}`, web: `staging.${domain}` }),
  production: (domain) => ({ api: `api.${domain}`, web: domain }),
};

for (const environment of environments) {
  describe(`case-management in ${environment}`, function () {
    this.timeout(60_000);
    let rendered: Rendered;
    let domain: string;
    let declared: readonly (typeof colours)[number][];
    before(async () => {
      rendered = await renderedSystems(environment, ["platform", "case-management"]);
      const own = rendered.settings.bySystem["case-management"]!;
      domain = own.domain;
      declared = colours.filter((colour) => own.sides[colour]);
    });

    it("has backend and frontend whole for every declared colour, under the runbook's names (CAS-056)", () => {
      const own = rendered.settings.bySystem["case-management"]!;
      assert.deepEqual(
        objects(rendered, "Deployment")
          .map(({ metadata }) => metadata.name)
          .filter((name) => /-(?:blue|green)$/.test(name))
          .sort(),
        declared.flatMap((colour) => [`${backend.name}-${colour}`, `${frontend.name}-${colour}`]).sort(),
      );
      for (const colour of declared) {
        for (const { name } of [backend, frontend]) {
          const deployment = object(rendered, "Deployment", `${name}-${colour}`);
          const { template, ...spec } = deployment.spec as {
            template: { metadata: { labels: Record<string, string> }; spec: { containers: Container[] } };
          };
          assert.equal(template.metadata.labels.app, name);
          assert.equal(template.metadata.labels.deployment, colour);
          assert.equal(
            deployment.metadata.annotations?.[releaseKeyAnnotation],
            releaseKey(own.sides[colour]!),
          );
          assert.equal(template.spec.containers[0]?.image, own.sides[colour]!.images[name]);
          assert.ok(!("replicas" in spec), "replicas are the release's");
          assert.equal(objects(rendered, "HorizontalPodAutoscaler").length, declared.length * 2);
          assert.equal(objects(rendered, "PodDisruptionBudget").length, declared.length * 2);
        }
      }
    });

    it("has a track for each active Service, backend first, and every side waits for both", () => {
      const tracks = owned(rendered).filter(({ type }) => type === "switchyard:index:Track");
      assert.deepEqual(
        tracks.map(({ inputs }) => (inputs.target as { service: string }).service).sort(),
        [...contract.components.order].sort(),
      );
      assert.deepEqual(contract.components.order, [backend.name, frontend.name]);
      for (const { inputs, protect } of tracks) {
        const { target, initial, sides } = inputs as Record<string, Record<string, unknown>>;
        assert.equal(initial, "blue");
        assert.equal(target!.kind, "selector");
        assert.equal(target!.namespace, contract.namespace.name);
        assert.deepEqual(Object.keys(target!.components as object), [target!.service]);
        assert.deepEqual(Object.keys(sides!).sort(), [...declared].sort());
        assert.equal(protect, environment !== "dev");
      }
      for (const { name, dependsOn } of objects(rendered, "Deployment")) {
        if (!/-(?:blue|green)$/.test(name)) continue;
        for (const track of tracks) assert.ok(dependsOn.includes(track.name), `${track.name} before ${name}`);
      }
    });

    it("leads api and web host to the active Services, and /health of the web host to the backend (CAS-023, CAS-048)", () => {
      const wanted = hosts[environment](domain);
      const routes = objects(rendered, "HTTPRoute").map(({ metadata, spec }) => {
        const { hostnames, rules } = spec as {
          hostnames: string[];
          rules: {
            matches: { path: { value: string } }[];
            backendRefs: { name: string; weight: number }[];
          }[];
        };
        assert.equal(rules.length, 1, metadata.name);
        assert.deepEqual(rules[0]!.backendRefs.length, 1, "one Service, so no weight is decided here");
        return [
          hostnames[0],
          rules[0]!.matches.map(({ path }) => path.value).join(),
          rules[0]!.backendRefs[0]!.name,
        ];
      });
      for (const route of [
        [wanted.api, "/", backend.name],
        [wanted.web, "/", frontend.name],
        [wanted.web, "/health", backend.name],
      ]) {
        assert.ok(
          routes.some((candidate) => String(candidate) === String(route)),
          String(route),
        );
      }
      const previews = routes.filter(([host]) => host!.includes(".preview."));
      assert.equal(previews.length, declared.length * 2);
      const certificates = inputsOf(rendered, "cdn:AFDCustomDomain");
      assert.deepEqual(certificates.map(({ hostName }) => hostName).sort(), [wanted.api, wanted.web].sort());
      for (const { tlsSettings } of certificates) {
        assert.deepEqual(tlsSettings, { certificateType: "ManagedCertificate", minimumTlsVersion: "TLS12" });
      }
    });

    it("blocks /metrics at the edge and counts requests by address; the origin has no way around it (conflicts 77)", () => {
      const [policy] = inputsOf(rendered, "frontdoor:Policy");
      const { rules } = policy!.customRules as { rules: { name: string; action: string }[] };
      const metrics = rules.find(({ name }) => name === "BlockedPaths");
      assert.equal(metrics?.action, "Block");
      assert.match(JSON.stringify(metrics), /\/metrics/);
      assert.match(JSON.stringify(rules), /"rateLimitThreshold":100/);
      const [origin] = inputsOf(rendered, "cdn:AFDOrigin");
      assert.ok((origin!.sharedPrivateLinkResource as { privateLink: { id: string } }).privateLink.id);
      const services = objects(rendered, "Service").map(({ spec }) => spec.type);
      assert.deepEqual([...new Set(services)], ["ClusterIP"]);
    });

    it("has room in its quota for both colours at full size", () => {
      const quota = object(rendered, "ResourceQuota", "quota").spec as { hard: Record<string, string> };
      const most = backend.mostReplicas[environment];
      const both =
        2 * most * (backend.resources.memoryMebibytes.limit + frontend.resources.memoryMebibytes.limit);
      assert.ok(Number.parseInt(quota.hard["limits.memory"]!, 10) > both);
      assert.ok(Number(quota.hard.pods) > 4 * most);
    });

    it("exports what a release needs, and no live fact", () => {
      const { caseManagement } = rendered.outputs as { caseManagement: Record<string, unknown> };
      assert.deepEqual(Object.keys(caseManagement).sort(), [
        "api",
        "cache",
        "clusterId",
        "contacts",
        "dashboards",
        "database",
        "dns",
        "namespace",
        "release",
        "resourceGroupId",
        "restoreTest",
        "storage",
        "vault",
        "web",
      ]);
    });
  });
}

describe("case-management in a stack without the platform", function () {
  this.timeout(60_000);

  it("is refused while nobody says which platform it stands on", () => {
    assert.throws(() => systemSettings("dev", ["case-management"]), /case-management stands on it/);
  });

  it("stands on the platform that another stack carries", async () => {
    const platform = { "switchyard:platform": JSON.stringify(dummyPlatform) };
    const rendered = await render(systemSettings("production", ["case-management"], platform));
    assert.equal(objects(rendered, "CronJob").length, 11);
    const [endpoint] = inputsOf(rendered, "network:PrivateEndpoint");
    assert.equal((endpoint!.subnet as { id: string }).id, dummyPlatform.endpointSubnetId);
  });
});
