/**
 * The commands of the tasks as infra declares them, against a real PostgreSQL: backup, proof, restore, question. In the
 * place of azcopy stands a script that copies files and lists them as azcopy does; Azure's own azcopy, its storage and
 * TLS are not shown here.
 */
import assert from "node:assert/strict";
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import {
  postgresBackup,
  postgresProof,
  postgresQuestion,
  postgresRestore,
  rowCountsOf,
} from "../../../infra/kubernetes/scripts/postgres";
import { comparedCounts, reportOf } from "../../../release/data/job-report";
import { programAt, stopServer, TaskFolder, untilWorks } from "./support/task-folder";

const run = promisify(execFile);
const scripts = { backups: "$BACKUPS_URL/dumps", rowCounts: rowCountsOf("public") };
const port = "54329";

/** Where Debian puts what is not on PATH. */
const debian = [17, 16, 15].map((version) => `/usr/lib/postgresql/${version}/bin`);
const toolOf = (tool: string) => programAt(tool, debian);
const tools = ["initdb", "postgres", "psql", "pg_dump", "pg_restore", "createdb", "dropdb"];

describe("release/data: tasks of a database, by their own commands on a real PostgreSQL", function () {
  this.timeout(120_000);
  let folder: TaskFolder;
  let server: ChildProcess | undefined;
  let environment: Record<string, string>;

  before(async function () {
    const missing = tools.filter((tool) => toolOf(tool) === undefined);
    if (missing.length > 0) {
      console.log(`      skipped: no ${missing.join(", ")} on this machine (apt-get install postgresql)`);
      this.skip();
    }
    folder = new TaskFolder("postgres");
    const data = join(folder.path, "data");
    mkdirSync(join(folder.storage, "dumps"));
    // PostgreSQL does not run as root.
    const asOther = userInfo().uid === 0 ? await nobody() : undefined;
    if (asOther !== undefined) chownSync(folder.path, asOther.uid, asOther.gid);
    await run(toolOf("initdb")!, ["--pgdata", data, "--username=app", "--auth=trust", "--no-sync"], asOther);
    server = spawn(
      toolOf("postgres")!,
      [
        "-D",
        data,
        "-p",
        port,
        "-c",
        "listen_addresses=127.0.0.1",
        "-c",
        `unix_socket_directories=${folder.path}`,
        "-c",
        "fsync=off",
      ],
      { ...asOther, stdio: "ignore" },
    );
    const found = new Set(tools.map((tool) => join(toolOf(tool)!, "..")));
    environment = {
      PATH: [folder.bin, ...found, ...(process.env.PATH ?? "").split(delimiter)].join(delimiter),
      PGHOST: "127.0.0.1",
      PGPORT: port,
      PGUSER: "app",
      PGDATABASE: "postgres",
      BACKUPS_URL: folder.storage,
    };
    await untilWorks(() => sql("SELECT 1"));
    await sql("CREATE DATABASE cases");
    await sql(
      'CREATE TABLE cases (id int); INSERT INTO cases SELECT generate_series(1, 500); CREATE TABLE "Odd name" (id int)',
      "cases",
    );
  });

  after(async () => {
    await stopServer(server, "SIGINT");
    folder?.remove();
  });

  async function nobody(): Promise<{ uid: number; gid: number }> {
    const id = async (flag: string) => Number((await run("id", [flag, "nobody"])).stdout);
    return { uid: await id("-u"), gid: await id("-g") };
  }

  async function sql(text: string, database = "postgres"): Promise<string> {
    const argv = ["-XAtq", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", text];
    return (await run(toolOf("psql")!, argv, { env: environment })).stdout.trim();
  }

  const task = (argv: readonly string[], job: string, more: Record<string, string> = {}) =>
    folder.run(argv, job, { ...environment, ...more });
  const read = (message: string) => reportOf({ name: "job", message, startedAt: "", seconds: 0 });
  const databases = async () => (await sql("SELECT datname FROM pg_database ORDER BY 1")).split("\n");

  it("a backup is whole although rows are written meanwhile, and its proof shows the rows of its snapshot", async () => {
    const writing = (async () => {
      for (let n = 0; n < 20; n++) await sql(`INSERT INTO cases VALUES (${1000 + n})`, "cases");
    })();
    const backup = read(await task(postgresBackup(scripts), "backup-1", { PGDATABASE: "cases" }));
    await writing;
    assert.equal(backup.files, 1);
    assert.ok((backup.bytes ?? 0) > 500);
    const report = read(await task(postgresProof(scripts), "prove-backup-1", { BACKUP_NAME: "backup-1" }));
    const counts = comparedCounts({ name: "job", report });
    assert.deepEqual(Object.keys(counts), ["Odd name", "cases"]);
    assert.ok(counts.cases!.source >= 500);
    assert.equal(report.dropped, true);
    assert.deepEqual(
      (await databases()).filter((name) => name.startsWith("prove")),
      [],
    );
  });

  it("a proof clears away what a killed one left", async () => {
    await sql("CREATE DATABASE prove_killed");
    await task(postgresProof(scripts), "prove-backup-1-2", { BACKUP_NAME: "backup-1" });
    assert.ok(!(await databases()).includes("prove_killed"));
  });

  it("a proof finds that rows are missing", async () => {
    const counts = join(folder.storage, "dumps/backup-1.counts.json");
    const before = readFileSync(counts, "utf8");
    writeFileSync(counts, before.replace(/"cases": \d+/, '"cases": 999'));
    const report = read(await task(postgresProof(scripts), "prove-3", { BACKUP_NAME: "backup-1" }));
    assert.throws(() => comparedCounts({ name: "job", report }), /cases: 999 in the source, \d+ restored/);
    writeFileSync(counts, before);
  });

  it("a damaged dump proves nothing, and leaves no database behind", async () => {
    const dump = join(folder.storage, "dumps/backup-1.dump");
    const whole = readFileSync(dump);
    writeFileSync(dump, whole.subarray(0, whole.length - 200));
    await assert.rejects(task(postgresProof(scripts), "prove-4", { BACKUP_NAME: "backup-1" }), /pg_restore/);
    assert.deepEqual(
      (await databases()).filter((name) => name.startsWith("prove")),
      [],
    );
    writeFileSync(dump, whole);
  });

  it("a backup whose name is in the storage already is refused, not taken for written", async () => {
    await sql("INSERT INTO cases SELECT generate_series(5000, 9000)", "cases");
    await assert.rejects(
      task(postgresBackup(scripts), "backup-1", { PGDATABASE: "cases" }),
      /which is not what was written/,
    );
  });

  it("a backup without its database fails, and writes no report", async () => {
    await assert.rejects(task(postgresBackup(scripts), "backup-9", { PGDATABASE: "nowhere" }), /nowhere/);
    assert.ok(!existsSync(folder.report));
  });

  it("of more tables than a report can hold the differing ones stand beside the sum", async () => {
    await sql("CREATE DATABASE many");
    const tables = Array.from(
      { length: 200 },
      (_, n) => `CREATE TABLE a_table_with_a_rather_long_name_${n} (id int)`,
    );
    await sql(`${tables.join(";")}; INSERT INTO a_table_with_a_rather_long_name_7 VALUES (1)`, "many");
    await task(postgresBackup(scripts), "backup-many", { PGDATABASE: "many" });
    const message = await task(postgresProof(scripts), "prove-many", { BACKUP_NAME: "backup-many" });
    assert.ok(message.length < 4096);
    assert.deepEqual(comparedCounts({ name: "job", report: read(message) }), {
      "all 200 tables": { source: 1, restored: 1 },
    });
    const counts = join(folder.storage, "dumps/backup-many.counts.json");
    const before = readFileSync(counts, "utf8");
    writeFileSync(counts, before.replace("{", '{"an_empty_table": 0, '));
    const less = read(await task(postgresProof(scripts), "prove-less", { BACKUP_NAME: "backup-many" }));
    assert.throws(
      () => comparedCounts({ name: "job", report: less }),
      /not whole: an_empty_table: 0 in the source, not restored/,
    );
    writeFileSync(counts, before);
  });

  it("a restore makes a new database of the Job's name beside the old one, and refuses one that is there", async () => {
    const report = read(
      await task(postgresRestore(scripts), "restored-backup-1", { BACKUP_NAME: "backup-1" }),
    );
    assert.equal(report.target, "restored_backup_1");
    comparedCounts({ name: "job", report });
    assert.ok(Number(await sql("SELECT count(*) FROM cases", "restored_backup_1")) >= 500);
    await assert.rejects(
      task(postgresRestore(scripts), "restored-backup-1", { BACKUP_NAME: "backup-1" }),
      /already exists/,
    );
    assert.ok((await databases()).includes("restored_backup_1"), "the refusal takes nothing away");
  });

  it("answers a question as rows of JSON", async () => {
    const question = `${rowCountsOf("public")} ORDER BY row_count DESC`;
    const answer = await task(postgresQuestion, "ask-1", {
      PGDATABASE: "restored_backup_1",
      QUESTION: question,
    });
    const [first, second] = JSON.parse(answer) as { table_name: string; row_count: number }[];
    assert.equal(first?.table_name, "cases");
    assert.equal(second?.row_count, 0);
  });

  it("a question that writes is refused by the server", async () => {
    const question = "WITH x AS (DELETE FROM cases RETURNING 1) SELECT * FROM x";
    await assert.rejects(task(postgresQuestion, "ask-2", { PGDATABASE: "cases", QUESTION: question }));
    await sql("CREATE SEQUENCE numbers", "cases");
    const harmful = "SELECT nextval('numbers')";
    await assert.rejects(
      task(postgresQuestion, "ask-3", { PGDATABASE: "cases", QUESTION: harmful }),
      /read-only transaction/,
    );
  });
});
