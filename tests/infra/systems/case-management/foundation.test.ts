import assert from "node:assert/strict";
import { hostsOf } from "../../../../infra/systems/case-management/hosts";
import { caseManagement as contract } from "../../../../runbooks/case-management";
import { environments } from "../../../../runbooks/model";
import { colours } from "../../../../runbooks/target";
import { ofType } from "../../support/query";
import type { Rendered } from "../../support/render";
import { renderedSystems } from "../../support/stack-rendering";
import { type Container, inputsOf, jobContainer, object, objects, owned } from "./query";

// The mocks register what the program declares; whether Azure and the API server would take it is shown by
// tests/infra/local-cloud.slow.test.ts and the engine tests.

const { backend, frontend } = contract.components;

for (const environment of environments) {
  describe(`what case-management stands on in ${environment}`, function () {
    this.timeout(60_000);
    let rendered: Rendered;
    let declared: readonly (typeof colours)[number][];
    before(async () => {
      rendered = await renderedSystems(environment, ["platform", "case-management"]);
      const own = rendered.settings.bySystem["case-management"]!;
      declared = colours.filter((colour) => own.sides[colour]);
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
      assert.match(dump.command!.join("\n"), /pg_dump .*--format=custom/);
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

    it("scrapes the backend of both colours, the database's exporter and a probe of each health path, within and through the edge", () => {
      const monitors = objects(rendered, "PodMonitor");
      assert.deepEqual(monitors.map(({ metadata }) => metadata.name).sort(), [
        "backend",
        "edge-backend",
        "edge-frontend",
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
      assert.equal(exporters.length, 5);
      const hosts = hostsOf(environment, rendered.settings.bySystem["case-management"]!.domain);
      for (const asked of [hosts.api + backend.healthPath, hosts.web + frontend.healthPath])
        assert.ok(targets.includes(`"https://${asked}"`), asked);
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
  });
}
