import assert from "node:assert/strict";
import type { ArmWork } from "../../../release/data/arm-work";
import type { ListedBlob } from "../../../release/data/blobs";
import type { Asking } from "../../../release/gates/asking";
import { restorePointProvider } from "../../../release/gates/restore-point";
import type { Json } from "../../../release/targets/json";
import { UserError } from "../../../release/user-error";
import type { StoreFacts, StoreKind } from "../../../runbooks/release-facts";
import { migration } from "../../../runbooks/tesoro-xp/entries/migration";
import { checkGate, contextAt, surroundingsWith } from "../support/gates";

/** What is faked: the answers of Resource Manager and the storage, and what the release has made. */

const now = new Date("2026-11-21T12:00:00Z");
const id = "/subscriptions/s/resourceGroups/g/providers/x/y/store";
const backups = { accountName: "dumps", accountId: "/dumps", container: "mongodb" };

interface World {
  /** By the end of the path. */
  readonly get?: Readonly<Record<string, Json | Error>>;
  readonly post?: (path: string, body: Json) => Json;
  readonly blobs?: readonly ListedBlob[] | Error;
  readonly made?: readonly object[];
  /** Whether the plan takes a backup of the store. @default true */
  readonly planned?: boolean;
}

async function look(
  store: StoreKind,
  { get = {}, post = () => ({}), blobs = [], made = [], planned = true }: World,
  more: { facts?: StoreFacts; restored?: boolean; minutes?: number; enclosesBackup?: boolean } = {},
): Promise<string> {
  const find = (path: string): Json | undefined => {
    const found = Object.entries(get).find(([end]) => path.endsWith(end))?.[1];
    if (found instanceof Error) throw found;
    return found;
  };
  const arm = {
    get: async (path: string) => find(path),
    post: async (path: string, body: Json) => post(path, body),
  };
  const asking = {
    surroundings: surroundingsWith({}),
    view: { release: "r", backups: () => ({ required: planned ? [store] : [], made }) },
  } as unknown as Asking;
  const provider = restorePointProvider(asking, {
    arm: () => arm as unknown as ArmWork,
    blobs: async () => {
      if (blobs instanceof Error) throw blobs;
      return blobs;
    },
  });
  const context = contextAt("http://127.0.0.1:1");
  const gate = checkGate({
    provider: "restorePoint",
    store,
    atMostAgeMinutes: more.minutes ?? 60,
    restored: more.restored ?? false,
    ...(more.enclosesBackup && { enclosesBackup: true }),
  });
  const sample = await provider.look(gate, {
    ...context,
    clock: { ...context.clock, speed: 1, now: () => now, sleep: async () => {}, monotonic: () => 0 },
    facts: {
      ...context.facts,
      stores: { [store]: more.facts ?? { resourceId: id, database: "db", backups } },
    },
  });
  if (sample.kind === "nothing") return `nothing: ${sample.why}`;
  assert.ok(sample.kind === "answer");
  return `${sample.holds}: ${sample.seen}`;
}

describe("restore points of Cosmos DB", () => {
  const account = (type: string): Json => ({
    location: "westus2",
    properties: { backupPolicy: { type }, locations: [{ locationName: "West US 2" }] },
  });
  const containers: Json = { value: [{ name: "items" }, { name: "users" }] };
  const world = (points: Readonly<Record<string, unknown>>, type = "Continuous"): World => ({
    get: { "/store": account(type), "/sqlDatabases/db/containers": containers },
    post: (path, body) => {
      assert.equal(body.location, "West US 2");
      const name = /containers\/(\w+)\/retrieveContinuousBackupInformation$/.exec(path)![1]!;
      return { continuousBackupInformation: { latestRestorableTimestamp: points[name] } };
    },
  });

  it("are as old as the oldest of all containers", async () => {
    const fresh = world({ items: "11/21/2026 11:58:00 AM", users: "2026-11-21T11:50:00Z" });
    assert.match(await look("cosmos", fresh), /^true: 2026-11-21T11:50:00.000Z, 10 min old \(users of 2/);
    const stale = world({ items: "11/21/2026 10:00:00 AM", users: "11/21/2026 11:59:00 AM" });
    assert.match(await look("cosmos", stale), /^false: .*120 min old \(items .*at most 60 min are allowed/);
  });

  it("are none where the account backs up periodically, or the database is empty", async () => {
    assert.match(await look("cosmos", world({}, "Periodic")), /^false: the account backs up Periodic/);
    const empty = { get: { "/store": account("Continuous"), "/containers": { value: [] } } };
    assert.match(await look("cosmos", empty), /^false: the database db has no containers/);
  });

  it("are nothing where the answer tells none, or none that can be read", async () => {
    assert.match(await look("cosmos", world({})), /^nothing: .*does not say to which moment items/);
    assert.match(
      await look("cosmos", world({ items: "soon", users: "soon" })),
      /^nothing: .*items cannot be read/,
    );
  });

  it("are nothing where the account is not there, is forbidden, or nothing names it", async () => {
    assert.match(await look("cosmos", {}), /^nothing: .*store does not exist; npx switchyard up/);
    const forbidden = { get: { "/store": new UserError("Azure forbids GET") } };
    assert.match(await look("cosmos", forbidden), /^nothing: Azure forbids/);
    assert.match(await look("cosmos", {}, { facts: {} }), /^nothing: .*names no resource/);
    assert.match(
      await look("cosmos", world({}), { facts: { resourceId: id } }),
      /^nothing: .*names no database/,
    );
  });
});

describe("restore points of servers that keep their log", () => {
  const sql = (properties: Json): World => ({ get: { "/store": { properties } } });
  const postgres = (properties: Json, backups: readonly Json[]): World => ({
    get: { "/store": { properties }, "/backups": { value: backups } },
  });
  const earlier = "2026-11-01T00:00:00Z";

  it("of SQL are ten minutes behind, from the earliest moment on", async () => {
    const online = sql({ status: "Online", earliestRestoreDate: earlier });
    assert.match(await look("sql", online, { minutes: 15 }), /^true: 2026-11-21T11:50:00.000Z, 10 min old/);
    assert.match(await look("sql", online, { minutes: 5 }), /^false: .*at most 5 min/);
  });

  it("of SQL are none before the first backup", async () => {
    assert.match(
      await look("sql", sql({ status: "Online" })),
      /^false: the service can restore no moment yet/,
    );
    const later = sql({ status: "Online", earliestRestoreDate: "2026-11-22T00:00:00Z" });
    assert.match(await look("sql", later), /^false: .*nothing before 2026-11-22/);
  });

  it("of SQL are nothing while it is not online, or says what cannot be read", async () => {
    assert.match(
      await look("sql", sql({ status: "Paused", earliestRestoreDate: earlier })),
      /^nothing: .*Paused/,
    );
    assert.match(await look("sql", sql({ earliestRestoreDate: earlier })), /^nothing: .*does not tell/);
    const malformed = sql({ status: "Online", earliestRestoreDate: "yesterday" });
    assert.match(await look("sql", malformed), /^nothing: .*cannot be read: yesterday/);
  });

  it("of SQL must enclose the moment that the release's backup recorded, where one does (TES-051)", async () => {
    const online = sql({ status: "Online", earliestRestoreDate: earlier });
    const at = (moment: string, world: World = online) =>
      look(
        "sql",
        { ...world, made: [{ backup: { store: "sql", recordedAs: "export", at: moment } }] },
        { minutes: 15, enclosesBackup: true },
      );
    assert.match(await at("2026-11-21T11:50:00Z"), /^true: /);
    // The log is not written away so far yet: asked again, it is.
    assert.match(
      await at("2026-11-21T11:59:30Z"),
      /^false: .*11:59:30.000Z, is later than the newest that can be restored, 2026-11-21T11:50:00.000Z/,
    );
    const later = sql({ status: "Online", earliestRestoreDate: "2026-11-21T11:30:00Z" });
    assert.match(
      await at("2026-11-21T11:20:00Z", later),
      /^false: .*is before the oldest that can be restored/,
    );
    assert.match(await at("soon"), /^false: .*cannot be read: soon/);
    const asked = { minutes: 15, enclosesBackup: true };
    assert.match(await look("sql", online, asked), /^false: this release has recorded no moment of sql/);
    assert.match(await look("sql", { ...online, planned: false }, asked), /^true: /);
  });

  it("are asked of SQL for longer than its log is behind: the moment comes to be enclosed (tesoro-xp)", () => {
    const gate = migration.find(({ name }) => name === "restore-point-recorded");
    assert.ok(gate?.word === "checkGate" && gate.check.provider === "restorePoint");
    assert.equal(gate.check.enclosesBackup, true);
    const askedSeconds = (gate.attempts - 1) * gate.everySeconds!;
    assert.ok(askedSeconds > 10 * 60 && askedSeconds < gate.check.atMostAgeMinutes * 60, `${askedSeconds} s`);
  });

  it("of PostgreSQL need a backup that the log begins at", async () => {
    const ready = { state: "Ready", backup: { earliestRestoreDate: earlier } };
    const full = { properties: { backupType: "Full", completedTime: earlier } };
    assert.match(
      await look("postgres", postgres(ready, [full])),
      /^true: 2026-11-21T11:55:00.000Z, 5 min old/,
    );
    assert.match(await look("postgres", postgres(ready, [])), /^false: the server has no backup/);
    const stopped = postgres({ ...ready, state: "Stopped" }, [full]);
    assert.match(await look("postgres", stopped), /^nothing: the server is Stopped/);
  });
});

describe("restore points that are files", () => {
  const cluster: World["get"] = {
    "/store": { properties: { backup: { earliestRestoreTime: "2026-11-01" } } },
  };
  const file = (name: string, lastModified?: string, bytes = 10): ListedBlob => ({
    name,
    bytes,
    ...(lastModified !== undefined && { lastModified: new Date(lastModified) }),
  });

  it("are as old as the newest that is not empty", async () => {
    const blobs = [
      file("old", "2026-11-20T20:30:00Z"),
      file("new", "2026-11-21T11:30:00Z"),
      file("broken", "2026-11-21T11:59:00Z", 0),
    ];
    const seen = await look("mongo", { get: cluster, blobs });
    assert.match(
      seen,
      /^true: 2026-11-21T11:30:00.000Z, 30 min old \(new; the service restores moments since 2026-11-01/,
    );
    assert.match(
      await look("mongo", { get: cluster, blobs: [file("old", "2026-11-01T00:00:00Z")] }),
      /^false: /,
    );
  });

  it("are nothing where they lie in the future: somebody's clock is wrong, and their age is not known", async () => {
    const at = (time: string) => look("mongo", { get: cluster, blobs: [file("new", time)] });
    assert.match(await at("2026-11-21T12:02:00Z"), /^true: .*, 0 min old/);
    assert.match(
      await at("2026-11-21T19:30:00Z"),
      /^nothing: the restore point lies in the future, 2026-11-21T19:30/,
    );
  });

  it("are no counts: these are written before a dump, and stay where it failed", async () => {
    const blobs = [
      file("night-1.counts.json", "2026-11-20T02:00:00Z"),
      file("night-1.archive", "2026-11-20T02:05:00Z"),
      file("night-2.counts.json", "2026-11-21T11:55:00Z"),
    ];
    assert.match(
      await look("mongo", { get: cluster, blobs }),
      /^false: .*\(night-1.archive; .*and at most 60 min/,
    );
    assert.match(await look("mongo", { get: cluster, blobs: blobs.slice(2) }), /^false: there is no backup/);
  });

  it("need a backup of the service's own beside them (STO-033)", async () => {
    const blobs = [file("new", "2026-11-21T11:30:00Z")];
    const of = (backup: Json) => look("mongo", { get: { "/store": { properties: { backup } } }, blobs });
    assert.match(await of({}), /^false: new; the service tells of no backup of its own$/);
    assert.match(
      await of({ earliestRestoreTime: "2026-11-22T00:00:00Z" }),
      /^false: .*can restore nothing before 2026-11-22/,
    );
    assert.match(await of({ earliestRestoreTime: "soon" }), /^nothing: .*cannot be read: soon/);
    assert.match(await of({ earliestRestoreTime: "2026-11-01" }), /^true: /);
  });

  it("are none in an empty container, and one of empty files", async () => {
    assert.match(await look("mongo", { get: cluster }), /^false: there is no backup in dumps\/mongodb/);
    const empty = [file("a", "2026-11-21T11:59:00Z", 0)];
    assert.match(await look("mongo", { get: cluster, blobs: empty }), /^false: every backup in .* is empty/);
  });

  it("are nothing without a time, a place, or an answer of the storage", async () => {
    assert.match(
      await look("mongo", { get: cluster, blobs: [file("a")] }),
      /^nothing: .*does not say how old/,
    );
    assert.match(await look("blob", {}, { facts: {} }), /^nothing: .*where its backups are written/);
    const refused = { get: cluster, blobs: new UserError("dumps cannot be listed: status 403") };
    assert.match(await look("mongo", refused), /^nothing: .*status 403/);
  });

  it("of a cache nobody can tell", async () => {
    assert.match(await look("redis", {}), /^nothing: nothing tells/);
  });
});

describe("a restore point whose restore must have succeeded", () => {
  const backup = { store: "mongo", recordedAs: "prod-1", at: "2026-11-21T11:00:00Z" };
  const proof = { by: "restoreToScratch", seconds: 1 };
  const rows: readonly (readonly [string, readonly object[], RegExp])[] = [
    [
      "is this release's own, proven",
      [{ backup, proof }],
      /^true: .*60 min old \(prod-1, restored to a scratch/,
    ],
    ["is none without a proof", [{ backup }], /^false: prod-1 was made, and no restore of it has succeeded/],
    [
      "is none with a lesser proof",
      [{ backup, proof: { ...proof, by: "listedAndSized" } }],
      /^false: prod-1 was/,
    ],
    [
      "is none of another store",
      [{ backup: { ...backup, store: "sql" }, proof }],
      /^false: this release has made no/,
    ],
    [
      "is the last one",
      [{ backup, proof }, { backup: { ...backup, recordedAs: "prod-2" } }],
      /^false: prod-2/,
    ],
    [
      "may be too old",
      [{ backup: { ...backup, at: "2026-11-21T10:00:00Z" }, proof }],
      /^false: .*at most 60 min/,
    ],
    ["has a time that can be read", [{ backup: { ...backup, at: "x" }, proof }], /^nothing: the time/],
  ];
  for (const [what, made, expected] of rows) {
    it(what, async () => assert.match(await look("mongo", { made }, { restored: true }), expected));
  }
});
