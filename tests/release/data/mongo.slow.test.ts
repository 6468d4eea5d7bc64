/**
 * The commands of MongoDB's tasks as infra declares them, against a server of its protocol: mongod, or FerretDB with SQLite
 * (`.ci/mongo`). Of FerretDB is not shown what it lacks: operations in progress, and TLS. Debian and Go's module proxy
 * have no mongodump: backup, proof and restore run where one is on PATH, and are skipped elsewhere.
 */
import assert from "node:assert/strict";
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import {
  type MongoScripts,
  mongoBackup,
  mongoProof,
  mongoQuestion,
  mongoRestore,
} from "../../../infra/kubernetes/scripts/mongo";
import { freePort } from "../../../local/daemon/free-port";
import { comparedCounts, reportOf } from "../../../release/data/job-report";
import { programAt, stopServer, TaskFolder, untilWorks } from "./support/task-folder";

const run = promisify(execFile);

describe("release/data: tasks of MongoDB, by their own commands on a real server", function () {
  this.timeout(120_000);
  let folder: TaskFolder;
  let server: ChildProcess | undefined;
  let environment: Record<string, string>;
  let address: string;
  let scripts: MongoScripts;
  let isFerret: boolean;

  before(async function () {
    const [mongod, ferretdb] = [programAt("mongod"), programAt("ferretdb")];
    const missing = [
      ...((mongod ?? ferretdb) ? [] : ["mongod or ferretdb"]),
      ...(programAt("mongosh") ? [] : ["mongosh"]),
    ];
    if (missing.length > 0) {
      console.log(
        `      skipped: no ${missing.join(", no ")} on this machine (.ci/mongo prints where they are)`,
      );
      this.skip();
    }
    folder = new TaskFolder("mongo");
    const data = join(folder.path, "data");
    for (const name of [data, join(folder.storage, "dumps")]) mkdirSync(name);
    const port = await freePort();
    isFerret = mongod === undefined;
    server = isFerret
      ? spawn(
          ferretdb!,
          [
            "--handler=sqlite",
            `--sqlite-url=file:${data}/`,
            `--state-dir=${data}`,
            `--listen-addr=127.0.0.1:${port}`,
            "--debug-addr=-",
            "--telemetry=disable",
          ],
          { stdio: "ignore" },
        )
      : spawn(mongod!, ["--dbpath", data, "--port", String(port), "--bind_ip", "127.0.0.1"], {
          stdio: "ignore",
        });
    address = `mongodb://127.0.0.1:${port}/`;
    const login = join(folder.path, "login");
    writeFileSync(login, `uri: "${address}"\n`, { mode: 0o600 });
    scripts = {
      backups: "$BACKUPS_URL/dumps",
      extension: "archive.gz",
      login,
      database: "shop",
      drill: "drill",
    };
    environment = {
      PATH: [folder.bin, ...(process.env.PATH ?? "").split(delimiter)].join(delimiter),
      HOME: folder.path,
      BACKUPS_URL: folder.storage,
      MONGODB_URI: address,
    };
    await untilWorks(() => script("db.things.countDocuments({})"));
    await insert(200, "things");
    await insert(1, "Odd name");
    await script("0", "shop", 'db.createCollection("empty");');
  });

  after(async () => {
    await stopServer(server, "SIGTERM");
    folder?.remove();
  });

  /** @returns what the expression is, as JSON; statements may go before it */
  async function script(expression: string, database = "shop", statements = ""): Promise<unknown> {
    const file = join(folder.path, `script-${randomUUID()}.js`);
    const opened = `const db = connect(process.env.MONGODB_URI).getSiblingDB("${database}");`;
    writeFileSync(file, `${opened}\n${statements}\nprint(EJSON.stringify(${expression}));\n`);
    const { stdout } = await run(programAt("mongosh")!, ["--nodb", "--quiet", file], { env: environment });
    return JSON.parse(stdout);
  }

  /** One after the other, as an application writes. */
  const insert = (count: number, collection: string, database = "shop") =>
    script("0", database, `for (let n = 0; n < ${count}; n++) db["${collection}"].insertOne({ n });`);

  const task = (argv: readonly string[], job: string, more: Record<string, string> = {}) =>
    folder.run(argv, job, { ...environment, ...more });
  const read = (message: string) => reportOf({ name: "job", message, startedAt: "", seconds: 0 });
  const collections = (database: string) => script("db.getCollectionNames()", database);

  describe("questions", () => {
    const ask = (question: string) =>
      task(mongoQuestion("MONGODB_URI", "shop"), "ask-1", { QUESTION: question });

    it("are answered as JSON", async () => {
      const stats = JSON.parse(await ask("db.stats()")) as Record<string, unknown>;
      assert.equal(stats.db, "shop");
      assert.equal(stats.ok, 1);
      assert.equal(stats.objects, 201);
    });

    it("about operations in progress are answered with those that say which they are", async function () {
      if (isFerret) {
        console.log("      skipped: FerretDB knows no operations in progress; a mongod does");
        this.skip();
      }
      const answer = JSON.parse(await ask("db.currentOp({ secs_running: { $gte: 5 } })")) as Record<
        string,
        unknown
      >;
      assert.equal(answer.ok, 1);
      assert.ok(Array.isArray(answer.inprog));
    });

    it("that write are not asked, and nobody's answer is no answer", async () => {
      await assert.rejects(ask("db.dropDatabase()"), /not a question that is asked here/);
      assert.equal(await script("db.things.countDocuments({})"), 200);
      const nobody = {
        QUESTION: "db.stats()",
        MONGODB_URI: "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=300",
      };
      await assert.rejects(task(mongoQuestion("MONGODB_URI", "shop"), "ask-2", nobody), /ECONNREFUSED/);
    });
  });

  describe("backups", () => {
    before(function () {
      const missing = ["mongodump", "mongorestore"].filter((name) => programAt(name) === undefined);
      if (missing.length === 0) return;
      console.log(`      skipped: no ${missing.join(", ")} on PATH (MongoDB Database Tools)`);
      this.skip();
    });

    it("are counted before and after, and proven by a restore that lies between, whoever writes meanwhile", async () => {
      const writing = insert(100, "things");
      const backup = read(await task(mongoBackup(scripts), "dump-1"));
      await writing;
      assert.equal(backup.files, 1);
      assert.ok((backup.bytes ?? 0) > 100);
      const report = read(await task(mongoProof(scripts), "prove-dump-1", { BACKUP_NAME: "dump-1" }));
      const counts = comparedCounts({ name: "job", report });
      assert.deepEqual(Object.keys(counts).sort(), ["Odd name", "empty", "things"]);
      assert.ok(counts.things!.restored >= 200);
      assert.equal(report.dropped, true);
      assert.deepEqual(await collections("drill"), []);
      assert.equal(await script("db.things.countDocuments({})"), 300);
    });

    it("a proof clears away what a killed one left", async () => {
      await insert(1, "left", "drill");
      await insert(5, "things", "drill");
      const report = read(await task(mongoProof(scripts), "prove-2", { BACKUP_NAME: "dump-1" }));
      assert.equal(report.restored?.left, undefined);
      comparedCounts({ name: "job", report });
    });

    it("a proof finds that documents are missing", async () => {
      const file = join(folder.storage, "dumps", "dump-1.counts.json");
      const before = readFileSync(file, "utf8");
      writeFileSync(file, before.replaceAll(/"things":\d+/g, '"things":999'));
      const report = read(await task(mongoProof(scripts), "prove-3", { BACKUP_NAME: "dump-1" }));
      assert.throws(() => comparedCounts({ name: "job", report }), /things: 999/);
      writeFileSync(file, before);
    });

    it("a damaged archive proves nothing, and leaves nothing behind", async () => {
      const file = join(folder.storage, "dumps", "dump-1.archive.gz");
      const whole = readFileSync(file);
      writeFileSync(file, whole.subarray(0, whole.length - 60));
      await assert.rejects(task(mongoProof(scripts), "prove-4", { BACKUP_NAME: "dump-1" }), /Failed|error/);
      assert.ok(!existsSync(folder.report));
      assert.deepEqual(await collections("drill"), []);
      writeFileSync(file, whole);
    });

    it("a backup whose name is in the storage already is refused, not taken for written", async () => {
      await insert(300, "more");
      await assert.rejects(task(mongoBackup(scripts), "dump-1"), /which is not what was written/);
      await script("db.more.drop()");
    });

    it("a restore makes a new database of the Job's name, and refuses one that is there", async () => {
      const report = read(await task(mongoRestore(scripts), "restored-dump-1", { BACKUP_NAME: "dump-1" }));
      assert.equal(report.target, "restored_dump_1");
      comparedCounts({ name: "job", report });
      await assert.rejects(
        task(mongoRestore(scripts), "restored-dump-1", { BACKUP_NAME: "dump-1" }),
        /database restored_dump_1 exists already/,
      );
      assert.ok(Number(await script("db.things.countDocuments({})", "restored_dump_1")) >= 200);
      assert.equal(await script("db.things.countDocuments({})"), 300);
    });
  });
});
