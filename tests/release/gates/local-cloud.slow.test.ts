import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { surroundingsOf } from "../../../release/clients/surroundings";
import { systemClock } from "../../../release/engine/system-clock";
import { accessProvider } from "../../../release/gates/access";
import type { Asking } from "../../../release/gates/asking";
import type { Sample } from "../../../release/gates/gate-provider";
import { inNetworkProvider } from "../../../release/gates/in-network";
import { restorePointProvider } from "../../../release/gates/restore-point";
import type { StoreFacts, StoreKind } from "../../../runbooks/release-facts";
import { COSMOS, cosmosAccount, GROUP, TestCloud, VAULT, vault } from "../../local/cloud/support";
import { checkGate, contextAt } from "../support/gates";

/** What is real: the embedded cloud over HTTP, with its operations, and everything that asks it. */

describe("gates, asked of the embedded cloud", () => {
  const SQL = `${GROUP}/providers/Microsoft.Sql/servers/tesoro-sql`;
  let cloud: TestCloud;
  let asking: Asking;

  before(async () => {
    cloud = await TestCloud.create({ operationMillis: 20 });
    const url = await cloud.app.listen({ host: "127.0.0.1", port: 0 });
    writeFileSync(
      join(cloud.folder, "cloud", "endpoint.json"),
      JSON.stringify({ url, token: "token-of-this-test" }),
    );
    const surroundings = surroundingsOf("dev", {
      SWITCHYARD_STATE_DIR: cloud.folder,
      PATH: process.env.PATH,
    });
    asking = { surroundings, view: { release: "r" } } as unknown as Asking;
    await cloud.put(GROUP, { location: "westeurope" });
    await cloud.put(VAULT, vault());
    await cloud.put(COSMOS, cosmosAccount());
    await cloud.put(`${COSMOS}/sqlDatabases/db`, { properties: { resource: { id: "db" } } });
    for (const name of ["items", "users"]) {
      const resource = { id: name, partitionKey: { paths: ["/id"], kind: "Hash" } };
      await cloud.put(`${COSMOS}/sqlDatabases/db/containers/${name}`, { properties: { resource } });
    }
    const login = { administratorLogin: "sqladmin", administratorLoginPassword: "Long-enough-1" };
    await cloud.put(SQL, { location: "westus2", properties: login });
    await cloud.put(`${SQL}/databases/db`, { location: "westus2", sku: { name: "S0" } });
  });
  after(() => cloud.remove());

  function said(sample: Sample): string {
    if (sample.kind === "nothing") return `nothing: ${sample.why}`;
    assert.ok(sample.kind === "answer");
    return `${sample.holds}: ${sample.seen}`;
  }
  const context = (stores: Partial<Record<StoreKind, StoreFacts>> = {}) => {
    const { facts, ...rest } = contextAt("http://127.0.0.1:1", { environment: "dev", clock: systemClock() });
    const vault = { name: "vault-one", uri: "https://vault-one.vault.azure.net/", id: VAULT };
    return { ...rest, facts: { ...facts, resourceGroupId: GROUP, vault, stores } };
  };
  const restorePoint = async (store: StoreKind, facts: StoreFacts, minutes: number) => {
    const check = { provider: "restorePoint" as const, store, atMostAgeMinutes: minutes, restored: false };
    const gate = checkGate(check, { timeoutSeconds: 10 });
    return said(await restorePointProvider(asking).look(gate, context({ [store]: facts })));
  };

  it("Cosmos DB tells its restore point after a poll", async () => {
    const seen = await restorePoint("cosmos", { resourceId: COSMOS, database: "db" }, 60);
    assert.match(seen, /^true: .*, [012] min old \((items|users) of 2 containers\)/);
  });

  it("SQL and what is not there are told apart", async () => {
    assert.match(
      await restorePoint("sql", { resourceId: `${SQL}/databases/db` }, 15),
      /^true: .*every moment since/,
    );
    assert.match(
      await restorePoint("sql", { resourceId: `${SQL}/databases/no` }, 15),
      /^nothing: .*does not exist/,
    );
  });

  it("a fault on demand is nothing", async () => {
    cloud.cloud.faults.add({ match: { method: "POST" }, kind: "error", times: 1 });
    const seen = await restorePoint("cosmos", { resourceId: COSMOS, database: "db" }, 60);
    assert.match(seen, /^nothing: Azure refused POST .*InternalServerError/);
  });

  describe("a question to SQL", () => {
    const providers = `${GROUP}/providers`;
    const NETWORK = `${providers}/Microsoft.Network/virtualNetworks/net`;
    const SUBNET = `${NETWORK}/subnets/tasks`;
    const TASKS = `${providers}/Microsoft.App/managedEnvironments/tasks`;
    const IDENTITY = `${providers}/Microsoft.ManagedIdentity/userAssignedIdentities/task`;
    const location = "westeurope";
    const jobOf = (work: string) => `${providers}/Microsoft.App/jobs/${work}`;

    before(async () => {
      await cloud.put(NETWORK, {
        location,
        properties: { addressSpace: { addressPrefixes: ["10.0.0.0/24"] } },
      });
      const delegations = [{ name: "apps", serviceName: "Microsoft.App/environments" }];
      await cloud.put(SUBNET, { properties: { addressPrefix: "10.0.0.0/27", delegations } });
      await cloud.put(TASKS, {
        location,
        properties: {
          vnetConfiguration: { infrastructureSubnetId: SUBNET, internal: true },
          workloadProfiles: [{ name: "Consumption", workloadProfileType: "Consumption" }],
        },
      });
      await cloud.put(IDENTITY, { location });
      const value = "Server=tcp:tesoro-sql.database.windows.net,1433;Database=db;Encrypt=True";
      await cloud.put(`${VAULT}/secrets/connection`, { properties: { value } });
      for (const [work, tags] of [
        ["sql-migrate", {}],
        ["sql-ask", { store: "sql", work: "ask" }],
      ] as const)
        await cloud.put(jobOf(work), job(work, tags));
    });

    const job = (work: string, tags: object) => ({
      location,
      identity: { type: "UserAssigned", userAssignedIdentities: { [IDENTITY]: {} } },
      tags: { "local-job": work, ...tags },
      properties: {
        environmentId: TASKS,
        workloadProfileName: "Consumption",
        configuration: {
          triggerType: "Manual",
          replicaTimeout: 60,
          replicaRetryLimit: 0,
          secrets: [
            {
              name: "connection",
              keyVaultUrl: "https://vault-one.vault.azure.net/secrets/connection",
              identity: IDENTITY,
            },
          ],
        },
        template: {
          containers: [
            {
              name: "task",
              image: `registry.invalid/tools@sha256:${"0".repeat(64)}`,
              env: [{ name: "SQL_CONNECTION_STRING", secretRef: "connection" }],
            },
          ],
        },
      },
    });

    it("is told what a migration has recorded, and not what it has not", async () => {
      const at = { ...context(), clock: { ...systemClock(), sleep: async () => {} } };
      const named = {
        ...at,
        facts: { ...at.facts, tasks: { migrate: jobOf("sql-migrate"), ask: jobOf("sql-ask") } },
        manifest: { ...at.manifest, migration: { names: ["V7__points"], kind: "additive" as const } },
      };
      const gate = checkGate(
        {
          provider: "inNetwork",
          target: "sql",
          question: "SELECT * FROM __MigrationHistory ORDER BY AppliedOn DESC",
          expects: [{ path: "0", operator: "contains", value: "{migration}" }],
        },
        { timeoutSeconds: 20 },
      );
      const provider = inNetworkProvider(asking);
      assert.match(said(await provider.look(gate, named)), /^false: 0 is not there/);
      const { containers } = job("sql-migrate", {}).properties.template;
      const variables = [
        { name: "DIRECTION", value: "up" },
        { name: "MIGRATIONS", value: "V7__points" },
      ];
      const given = { containers: [{ ...containers[0]!, env: [...containers[0]!.env, ...variables] }] };
      await cloud.done(await cloud.call("POST", `${jobOf("sql-migrate")}/start`, given));
      assert.match(said(await provider.look(gate, named)), /^true: 0 is .*V7__points/);
    }).timeout(10_000);
  });

  it("whoever has its token may do everything", async () => {
    for (const [to, permission] of [
      ["subscription", "read"],
      ["subscription", "Contributor"],
      ["vault", "Key Vault Secrets User"],
    ] as const) {
      const gate = checkGate({ provider: "access", to, permission });
      assert.match(said(await accessProvider(asking, ".").look(gate, context())), /^true/);
    }
  });
});
