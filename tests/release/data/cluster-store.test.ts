import assert from "node:assert/strict";
import { ClusterStore } from "../../../release/data/cluster-store";
import { containerOf, contextOf, cronJob, FakeJobCluster, FakeVault, facts, worldOf } from "./fakes";

const other = "registry.invalid/backend@sha256:other";
const work = (work: string) => ({ "switchyard.dev/store": "postgres", "switchyard.dev/work": work });
const backup = {
  store: "postgres",
  recordedAs: "backup-20260128-101500",
  at: "2026-01-28T10:15:00Z",
  bytes: 9,
};
const confirmation = {
  confirmedBy: [{ person: "Ada", role: "devops-lead" }],
  reason: "cases are damaged",
};

function clusterWith(): FakeJobCluster {
  const cluster = new FakeJobCluster();
  cluster.cronJobs = [
    cronJob("case-management-backup-database"),
    cronJob("case-management-restore-test", { labels: work("prove") }),
    cronJob("case-management-restore-database", { labels: work("restore") }),
    cronJob("case-management-migrate-blue", { app: "backend", image: other, version: "1.4.1" }),
    cronJob("case-management-migrate-green", { app: "backend", version: "1.4.2" }),
  ];
  return cluster;
}

function storeOf(cluster: FakeJobCluster, vault?: FakeVault): ClusterStore {
  return new ClusterStore("postgres", worldOf({ cluster, ...(vault && { vault }) }));
}

const says = (report: object) => ({ exitCode: 0, message: JSON.stringify(report) });
const whole = { source: { cases: 7, notes: 0 }, restored: { cases: 7, notes: 0 } };

describe("release/data/cluster-store: data moved by Jobs", () => {
  it("backs up under the recorded name, with the size that the storage says", async () => {
    const cluster = clusterWith();
    cluster.otherwise = says({ bytes: 1234, files: 1 });
    const step = { recordedAs: "backup-20260128-101500", task: "backup-database" };
    assert.deepEqual(await storeOf(cluster).backup(step, contextOf()), {
      store: "postgres",
      recordedAs: "backup-20260128-101500",
      at: "2026-01-28T10:15:00Z",
      bytes: 1234,
    });
  });

  for (const [what, ending, expected] of [
    ["without a report", { exitCode: 0 }, /left no report/],
    ["with a report that is no JSON", { exitCode: 0, message: "done" }, /no JSON/],
    ["with a report of other types", { exitCode: 0, message: '{"bytes":"many"}' }, /faults.*bytes/],
  ] as const) {
    it(`refuses a backup ${what}`, async () => {
      const cluster = clusterWith();
      cluster.otherwise = ending;
      const step = { recordedAs: "backup-1", task: "backup-database" };
      await assert.rejects(storeOf(cluster).backup(step, contextOf()), expected);
    });
  }

  it("proves a backup by a restore: which, into what, row by row, and that the scratch target is gone", async () => {
    const cluster = clusterWith();
    cluster.otherwise = says({ ...whole, target: "scratch_x", dropped: true });
    const proof = await storeOf(cluster).prove(backup, "restoreToScratch", contextOf());
    assert.deepEqual(proof, {
      by: "restoreToScratch",
      counts: { cases: { source: 7, restored: 7 }, notes: { source: 0, restored: 0 } },
      seconds: 42,
      scratch: "scratch_x",
    });
    const job = [...cluster.jobs.values()][0]!;
    assert.deepEqual((containerOf(job).env as unknown[]).at(-1), {
      name: "BACKUP_NAME",
      value: backup.recordedAs,
    });
  });

  for (const [what, report, expected] of [
    [
      "fewer rows",
      { source: { cases: 7 }, restored: { cases: 6 }, dropped: true },
      /cases: 7 in the source, 6 restored/,
    ],
    [
      "more rows",
      { source: { cases: 7 }, restored: { cases: 8 }, dropped: true },
      /7 in the source, 8 restored/,
    ],
    [
      "a table less",
      { source: { cases: 7, notes: 0 }, restored: { cases: 7 }, dropped: true },
      /notes: 0 in the source, not restored/,
    ],
    [
      "rows of a table that the source lacks",
      { source: { cases: 7 }, restored: { cases: 7, old: 3 }, dropped: true },
      /old: 0 in the source, 3 restored/,
    ],
    [
      "fewer than were there before and after writers went on",
      { source: { a: 5 }, sourceAfter: { a: 9 }, restored: { a: 4 }, dropped: true },
      /a: 5 to 9 in the source, 4 restored/,
    ],
    ["no table at all", { source: {}, restored: {}, dropped: true }, /counted no table/],
    ["no counts", { dropped: true }, /reports no counts/],
    [
      "a scratch database left over",
      { ...whole, target: "scratch_x", dropped: false },
      /scratch_x.*was not dropped/,
    ],
  ] as const) {
    it(`a restore that shows ${what} proves nothing`, async () => {
      const cluster = clusterWith();
      cluster.otherwise = says(report);
      await assert.rejects(storeOf(cluster).prove(backup, "restoreToScratch", contextOf()), expected);
    });
  }

  it("accepts what lies between the counts before and after the dump where writers went on", async () => {
    const cluster = clusterWith();
    cluster.otherwise = says({ source: { a: 5 }, sourceAfter: { a: 9 }, restored: { a: 6 }, dropped: true });
    const { counts } = await storeOf(cluster).prove(backup, "restoreToScratch", contextOf());
    assert.deepEqual(counts, { a: { source: 5, restored: 6 } });
  });

  it("a file of no size is not proven by its listing", async () => {
    const store = storeOf(clusterWith());
    await assert.rejects(store.prove({ ...backup, bytes: 0 }, "listedAndSized", contextOf()), /is empty/);
    const { bytes, ...unknown } = backup;
    await assert.rejects(store.prove(unknown, "listedAndSized", contextOf()), /of unknown size/);
    assert.equal((await store.prove(backup, "listedAndSized", contextOf())).by, "listedAndSized");
    assert.equal(bytes, 9);
  });

  it("migrates by the CronJob of the candidate's side, naming the migrations", async () => {
    const cluster = clusterWith();
    const step = { task: "migrate", direction: "up" } as const;
    const { job, migrations } = await storeOf(cluster).migrate(step, contextOf());
    assert.deepEqual(migrations, ["001_cases", "002_notes"]);
    assert.match(job, /^case-management-migrate-green-/);
    const variables = containerOf(cluster.jobs.get(job)!).env as { name: string; value: string }[];
    assert.equal(variables.find(({ name }) => name === "MIGRATIONS")?.value, "001_cases,002_notes");
  });

  it("goes back to the version that the other side holds", async () => {
    const cluster = clusterWith();
    const step = { task: "migrate", direction: "down" } as const;
    const { job } = await storeOf(cluster).migrate(step, contextOf());
    const variables = containerOf(cluster.jobs.get(job)!).env as { name: string; value: string }[];
    assert.equal(variables.find(({ name }) => name === "PREVIOUS_VERSION")?.value, "1.4.1");
  });

  it("a migration whose pod was killed is not repeated by itself", async () => {
    const cluster = clusterWith();
    cluster.otherwise = { exitCode: 137, podReason: "Evicted" };
    const step = { task: "migrate", direction: "up" } as const;
    await assert.rejects(storeOf(cluster).migrate(step, contextOf()), { retriable: false });
  });

  it("refuses to migrate with another version's image, and where the candidate's side is not declared", async () => {
    const cluster = clusterWith();
    const step = { task: "migrate", direction: "up" } as const;
    const blue = contextOf({ candidate: { "case-management-track": "blue" } });
    await assert.rejects(
      storeOf(cluster).migrate(step, blue),
      /migrate-blue holds registry\.invalid\/backend@sha256:other/,
    );
    cluster.cronJobs = cluster.cronJobs.filter(({ metadata }) => !JSON.stringify(metadata).includes("green"));
    await assert.rejects(
      storeOf(cluster).migrate(step, contextOf()),
      /declared nowhere in ns; of other sides/,
    );
    assert.deepEqual(cluster.created, []);
  });

  it("makes no Job from a CronJob that also runs by itself", async () => {
    const cluster = clusterWith();
    cluster.cronJobs = [cronJob("case-management-backup-database", { suspend: false })];
    const step = { recordedAs: "backup-1", task: "backup-database" };
    await assert.rejects(storeOf(cluster).backup(step, contextOf()), /also runs by itself/);
  });

  it("restores into a new database, then gives the secret a version that names it; the one before stays", async () => {
    const cluster = clusterWith();
    cluster.otherwise = says({ ...whole, target: "restored_backup_20260128_101500" });
    const vault = new FakeVault();
    vault.versions.set("database-url", [
      "postgresql://u:canary@host:5432/case_management?sslmode=verify-full",
    ]);
    const context = contextOf();
    const store = storeOf(cluster, vault);
    const restored = await store.restore({ backup }, confirmation, context);
    assert.equal(restored.target, "restored_backup_20260128_101500");
    assert.equal(restored.switchedSecret, "database-url");
    assert.deepEqual(vault.versions.get("database-url"), [
      "postgresql://u:canary@host:5432/case_management?sslmode=verify-full",
      "postgresql://u:canary@host:5432/restored_backup_20260128_101500?sslmode=verify-full",
    ]);
    await store.restore({ backup }, confirmation, context);
    assert.equal(vault.versions.get("database-url")!.length, 2, "done again it writes nothing");
    assert.doesNotMatch(context.lines.join("\n"), /canary/);
  });

  describe("pods that start after a restore", () => {
    const inObjects = (...names: string[]) =>
      JSON.stringify({
        array: names.map((objectName) => JSON.stringify({ objectName, objectType: "secret" })),
      });
    const providerClass = (secretName: string, objects: string) => ({
      spec: { parameters: { objects }, secretObjects: [{ secretName, type: "Opaque", data: [] }] },
    });
    async function restoredOn(cluster: FakeJobCluster, address = "postgresql://u:canary@h/case_management") {
      cluster.otherwise = says({ ...whole, target: "restored_backup_20260128_101500" });
      const vault = new FakeVault();
      vault.versions.set("database-url", [address]);
      const context = contextOf();
      await storeOf(cluster, vault).restore({ backup }, confirmation, context);
      return context;
    }

    it("find no copy of the secret's old value on the cluster, and others stay", async () => {
      const cluster = clusterWith();
      cluster.providerClasses = [
        providerClass("backend-green-secrets", inObjects("jwt-key", "database-url")),
        providerClass("backend-blue-secrets", inObjects("database-url")),
        providerClass("frontend-blue-secrets", inObjects("jwt-key")),
        providerClass("by-hand", "array:\n  - |\n    objectName: database-url"),
      ];
      const { lines } = await restoredOn(cluster);
      const path = (name: string) => `/api/v1/namespaces/ns/secrets/${name}`;
      const expected = ["backend-blue-secrets", "backend-green-secrets", "by-hand"].map(path);
      assert.deepEqual(cluster.deleted, expected);
      assert.match(lines.at(-1)!, /read the vault anew: backend-blue-secrets, .*, by-hand taken away/);
    });

    it("find none either when the one who wrote the secret died before that", async () => {
      const cluster = clusterWith();
      cluster.providerClasses = [providerClass("backend-blue-secrets", inObjects("database-url"))];
      await restoredOn(cluster, "postgresql://u:canary@h/restored_backup_20260128_101500");
      assert.equal(cluster.deleted.length, 1);
    });

    it("have no copies on a cluster without the driver", async () => {
      const cluster = clusterWith();
      await restoredOn(cluster);
      assert.deepEqual(cluster.deleted, []);
    });
  });

  it("gives every secret that names the database a version that names the restored one, that of a replica too", async () => {
    const cluster = new FakeJobCluster();
    const labels = { "switchyard.dev/store": "mongo", "switchyard.dev/work": "restore" };
    cluster.cronJobs = [cronJob("kirana-store-restore-database", { labels })];
    cluster.otherwise = says({ ...whole, target: "restored_prod_20260128_101500" });
    const vault = new FakeVault();
    for (const [secret, host] of [
      ["mongodb-uri", "cluster"],
      ["mongodb-replica-uri", "replica"],
    ])
      vault.versions.set(secret!, [`mongodb+srv://u:canary@${host}/kirana_store?tls=true`]);
    const store = new ClusterStore("mongo", worldOf({ cluster, vault }));
    const dump = { ...backup, store: "mongo", recordedAs: "prod-20260128-101500" };
    const context = contextOf({ facts: facts({ system: "kirana-store" }) });
    const restored = await store.restore({ backup: dump }, confirmation, context);
    assert.equal(restored.switchedSecret, "mongodb-uri, mongodb-replica-uri");
    assert.deepEqual(
      ["mongodb-uri", "mongodb-replica-uri"].map((secret) => vault.versions.get(secret)!.at(-1)),
      ["cluster", "replica"].map(
        (host) => `mongodb+srv://u:canary@${host}/restored_prod_20260128_101500?tls=true`,
      ),
    );
  });

  it("restores nothing unless named people confirmed it with a reason", async () => {
    const cluster = clusterWith();
    for (const wanting of [
      { confirmedBy: [], reason: "x" },
      { confirmedBy: [{ person: " ", role: "devops-lead" }], reason: "x" },
      { ...confirmation, reason: "" },
    ]) {
      await assert.rejects(storeOf(cluster).restore({ backup }, wanting, contextOf()), /needs the names/);
    }
    assert.deepEqual(cluster.created, []);
  });

  it("switches no secret when the restored rows are fewer, or the target is another", async () => {
    for (const report of [
      { source: { a: 2 }, restored: { a: 1 }, target: "restored_backup_20260128_101500" },
      { ...whole, target: "case_management" },
    ]) {
      const cluster = clusterWith();
      cluster.otherwise = says(report);
      const vault = new FakeVault();
      vault.versions.set("database-url", ["postgresql://h/case_management"]);
      await assert.rejects(storeOf(cluster, vault).restore({ backup }, confirmation, contextOf()));
      assert.equal(vault.versions.get("database-url")!.length, 1);
    }
  });

  it("says whose right is missing when the secret may not be written, and shows no value", async () => {
    const cluster = clusterWith();
    cluster.otherwise = says({ ...whole, target: "restored_backup_20260128_101500" });
    const vault = new FakeVault();
    vault.versions.set("database-url", ["postgresql://u:canary@h/case_management"]);
    vault.refuses = { method: "PUT", status: 403 };
    await assert.rejects(
      storeOf(cluster, vault).restore({ backup }, confirmation, contextOf()),
      (error: Error) => {
        assert.match(error.message, /database-url.*may not be written \(403\)/);
        assert.doesNotMatch(error.message, /canary/);
        return true;
      },
    );
  });

  it("refuses to restore a store that no contract restores", async () => {
    const store = new ClusterStore("blob", worldOf({ cluster: clusterWith() }));
    await assert.rejects(
      store.restore({ backup }, confirmation, contextOf({ facts: facts() })),
      /no contract restores blob/,
    );
  });
});
