import assert from "node:assert/strict";
import { releaseKey, releaseKeyAnnotation } from "../../../../infra/kubernetes/sides";
import { caseManagement as contract } from "../../../../runbooks/case-management";
import { type Environment, environments } from "../../../../runbooks/model";
import { colours } from "../../../../runbooks/target";
import { dummyPlatform } from "../../support/platform-reference";
import { ofType } from "../../support/query";
import { type Rendered, type RenderedResource, render } from "../../support/render";
import { unwrapped } from "../../support/secrets";
import { systemSettings } from "../../support/stack-settings";

// The mocks register what the program declares; whether Azure and the API server would take it is shown by
// tests/infra/local-cloud.test.ts and the engine tests.

const { backend, frontend } = contract.components;

interface KubernetesObject {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly labels: Record<string, string>;
    readonly annotations?: Record<string, string>;
  };
  readonly spec: Record<string, unknown>;
  readonly data?: Record<string, string>;
}

/** What the system has of its own; the platform is rendered beside it. */
function owned({ resources }: Rendered): readonly RenderedResource[] {
  return resources.filter(({ name }) => name.startsWith(contract.system));
}

function objects(rendered: Rendered, kind: string): readonly (KubernetesObject & RenderedResource)[] {
  return owned(rendered)
    .filter(({ type }) => type.startsWith("kubernetes:") && type.endsWith(`:${kind}`))
    .map((resource) => ({ ...resource, ...(unwrapped(resource.inputs) as KubernetesObject) }));
}

function object(rendered: Rendered, kind: string, name: string): KubernetesObject & RenderedResource {
  const found = objects(rendered, kind).filter(({ metadata }) => metadata.name === name);
  assert.equal(found.length, 1, `${kind} ${name}`);
  return found[0]!;
}

interface Container {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly env: readonly { name: string; value?: string; valueFrom?: unknown }[];
}

function jobContainer({ spec }: KubernetesObject): Container {
  const { jobTemplate } = spec as {
    jobTemplate: { spec: { template: { spec: { containers: Container[] } } } };
  };
  return jobTemplate.spec.template.spec.containers[0]!;
}

function inputsOf(rendered: Rendered, type: string): readonly Record<string, unknown>[] {
  return ofType({ ...rendered, resources: owned(rendered) }, type).map(
    ({ inputs }) => unwrapped(inputs) as Record<string, unknown>,
  );
}

const hosts: Readonly<Record<Environment, (domain: string) => { api: string; web: string }>> = {
  dev: (domain) => ({ api: `api.${domain}`, web: domain }),
  staging: (domain) => ({ api: `api.staging.${domain}`, web: `staging.${domain}` }),
  production: (domain) => ({ api: `api.${domain}`, web: domain }),
};

for (const environment of environments) {
  describe(`case-management in ${environment}`, function () {
    this.timeout(20_000);
    let rendered: Rendered;
    let domain: string;
    let declared: readonly (typeof colours)[number][];
    before(async () => {
      rendered = await render(systemSettings(environment, ["platform", "case-management"]));
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

    it("has the database with 30 days of geo-redundant backups, and a server of its own for restore tests", () => {
      const servers = inputsOf(rendered, "dbforpostgresql:Server");
      assert.equal(servers.length, 2);
      const backups = servers.map(({ backup }) => backup as Record<string, unknown>);
      assert.deepEqual(
        backups.find(({ geoRedundantBackup }) => geoRedundantBackup === "Enabled"),
        { backupRetentionDays: 30, geoRedundantBackup: "Enabled" },
      );
      const logins = servers.map(({ administratorLogin }) => administratorLogin);
      assert.equal(new Set(logins).size, 2, "a restore test signs in as nobody whom production knows");
      const passwords = servers.map(({ administratorLoginPassword }) => administratorLoginPassword);
      assert.equal(new Set(passwords).size, 2);
      assert.deepEqual(
        inputsOf(rendered, "dbforpostgresql:Database")
          .map(({ databaseName }) => databaseName)
          .sort(),
        [contract.database.name, contract.restoreTest.database],
      );
      for (const { network } of servers) {
        assert.deepEqual(network, { publicNetworkAccess: "Disabled" });
      }
    });

    it("keeps uploads and backups in accounts of their own; dumps and dated copies end after 30 days", () => {
      const containers = inputsOf(rendered, "storage:BlobContainer");
      assert.deepEqual(containers.map(({ containerName }) => containerName).sort(), [
        contract.files.databaseBackups,
        contract.files.uploads,
      ]);
      assert.equal(new Set(containers.map(({ accountName }) => accountName)).size, 2);
      const rules = JSON.stringify(inputsOf(rendered, "storage:ManagementPolicy"));
      for (const prefix of [
        `"${contract.files.databaseBackups}/"`,
        `"${contract.files.datedBackupPrefix}"`,
      ]) {
        assert.ok(rules.includes(`"prefixMatch":[${prefix}]`), prefix);
      }
      assert.equal(rules.match(/"daysAfterModificationGreaterThan":30/g)?.length, 2);
    });

    it("writes every secret of the contract into the vault; the backend reads those that it needs by reference", () => {
      assert.deepEqual(
        inputsOf(rendered, "keyvault:Secret")
          .map(({ secretName }) => secretName)
          .sort(),
        contract.secrets.map(({ name }) => name).sort(),
      );
      for (const colour of declared) {
        const { spec } = object(rendered, "Deployment", `${backend.name}-${colour}`);
        const [container] = (spec as { template: { spec: { containers: Container[] } } }).template.spec
          .containers;
        const variables = container!.env.map(({ name, value, valueFrom }) => {
          assert.equal(value, undefined, `${name} is no literal`);
          assert.match(JSON.stringify(valueFrom), /secretKeyRef/);
          return name;
        });
        assert.deepEqual(variables.sort(), ["DATABASE_URL", "JWT_SECRET", "REDIS_URL", "SENDGRID_API_KEY"]);
      }
    });

    it("declares every task of a release suspended: one for each colour where it runs the backend's image", () => {
      const cronJobs = objects(rendered, "CronJob");
      const wanted = contract.tasks.flatMap(({ name, image }) =>
        image === "backend"
          ? declared.map((colour) => `case-management-${name}-${colour}`)
          : [`case-management-${name}`],
      );
      assert.deepEqual(cronJobs.map(({ metadata }) => metadata.name).sort(), wanted.sort());
      for (const { metadata, spec } of cronJobs) assert.equal(spec.suspend, true, metadata.name);
    });

    it("migrates by the digest of the colour, and never resets (CAS-038, conflicts 74)", () => {
      const own = rendered.settings.bySystem["case-management"]!;
      for (const colour of declared) {
        const container = jobContainer(object(rendered, "CronJob", `case-management-migrate-${colour}`));
        assert.equal(container.image, own.sides[colour]!.images[backend.name]);
        assert.deepEqual(container.command, ["npx", "--no-install", "prisma", "migrate", "deploy"]);
      }
      const everything = JSON.stringify(objects(rendered, "CronJob").map(({ spec }) => spec));
      assert.ok(!/migrate["',\s]+reset/.test(everything));
      assert.ok(!/\bkubectl\b|\baws\b/.test(everything));
    });

    it("dumps in custom format under the Job's name, and restores a named one into the restore test alone (conflicts 73)", () => {
      const dump = jobContainer(object(rendered, "CronJob", "case-management-backup-database"));
      assert.match(dump.command!.join("\n"), /pg_dump --format=custom/);
      assert.match(dump.command!.join("\n"), /\$\{HOSTNAME%-\*\}/);
      const restore = jobContainer(object(rendered, "CronJob", "case-management-restore-test"));
      assert.match(restore.command!.join("\n"), /BACKUP_NAME:\?/);
      assert.match(restore.command!.join("\n"), /pg_restore --exit-on-error/);
      const host = ({ env }: Container) => env.find(({ name }) => name === "PGHOST")?.value;
      assert.ok(host(dump) && host(restore));
      assert.notEqual(host(dump), host(restore));
      for (const { command } of [dump, restore]) {
        assert.ok(!/\bdate\b/.test(command!.join("\n")), "a name is computed once, by the release");
      }
    });

    it("renders every alert once, to who is named for its severity; critical ones reach PagerDuty and n8n", () => {
      const rules = inputsOf(rendered, "alertsmanagement:PrometheusRuleGroup").flatMap(
        ({ rules: inGroup }) => inGroup as { alert: string; actions: { actionGroupId: string }[] }[],
      );
      assert.deepEqual(
        rules.map(({ alert }) => alert).sort(),
        contract.alerts.map(({ name }) => name).sort(),
      );
      for (const { alert, actions } of rules) {
        const { severity } = contract.alerts.find(({ name }) => name === alert)!;
        assert.equal(actions.length, contract.routing.routes[severity].receivers.length, alert);
        if (severity !== "critical") continue;
        const groups = actions.map(({ actionGroupId }) => actionGroupId).join();
        assert.match(groups, /pagerduty/);
        assert.match(groups, /webhook-n8n/);
      }
    });

    it("scrapes the backend of both colours, the database's exporter and a probe of each health path", () => {
      const monitors = objects(rendered, "PodMonitor");
      assert.deepEqual(monitors.map(({ metadata }) => metadata.name).sort(), [
        "backend",
        "postgres",
        "probe-backend",
        "probe-frontend",
      ]);
      const targets = JSON.stringify(monitors.map(({ spec }) => spec));
      for (const { name, servicePort, healthPath } of [backend, frontend]) {
        assert.ok(
          targets.includes(
            `${name}.${contract.namespace.name}.svc.cluster.local:${servicePort}${healthPath}`,
          ),
        );
      }
      const exporters = objects(rendered, "Deployment").filter(({ name }) => !/-(?:blue|green)$/.test(name));
      assert.equal(exporters.length, 3);
    });

    it(`${environment === "dev" ? "neither protects nor locks" : "protects and locks"} data stores and vault`, () => {
      const guarded = environment !== "dev";
      const stores = [
        "dbforpostgresql:Server",
        "keyvault:Vault",
        "redisenterprise:RedisEnterprise",
        "storage:StorageAccount",
      ];
      for (const type of stores) {
        const found = ofType({ ...rendered, resources: owned(rendered) }, type);
        assert.ok(found.length > 0, type);
        for (const { name, protect } of found) assert.equal(protect, guarded, name);
      }
      const locks = inputsOf(rendered, "authorization:ManagementLockByScope");
      assert.equal(locks.length, guarded ? 5 : 0);
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
  this.timeout(20_000);

  it("is refused while nobody says which platform it stands on", () => {
    assert.throws(() => systemSettings("dev", ["case-management"]), /case-management stands on it/);
  });

  it("stands on the platform that another stack carries", async () => {
    const platform = { "switchyard:platform": JSON.stringify(dummyPlatform) };
    const rendered = await render(systemSettings("production", ["case-management"], platform));
    assert.equal(objects(rendered, "CronJob").length, 8);
    const [endpoint] = inputsOf(rendered, "network:PrivateEndpoint");
    assert.equal((endpoint!.subnet as { id: string }).id, dummyPlatform.endpointSubnetId);
  });
});
