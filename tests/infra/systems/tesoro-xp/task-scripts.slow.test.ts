import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { taskCommands } from "../../../../infra/systems/tesoro-xp/task-scripts";

/** The programs are stood for by others that tell how they were called: what is shown is the script around them. */
describe("scripts of tesoro-xp's tasks", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "switchyard-task-"));
    const program = (name: string, ...lines: string[]) => {
      writeFileSync(join(folder, name), ["#!/bin/sh", `echo "${name} $*" >&2`, ...lines].join("\n"));
      chmodSync(join(folder, name), 0o755);
    };
    program("sqlcmd", `printf '%s' "$ANSWER"`, 'exit "$CODE"');
    program("sqlpackage", `printf data > "$TARGET"`);
    program("azcopy", `echo "$AZCOPY_AUTO_LOGIN_TYPE $AZCOPY_MSI_CLIENT_ID" >&2`);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const run = (task: "export-database" | "ask-database", variables: Readonly<Record<string, string>>) => {
    const [shell, ...args] = taskCommands[task]!;
    const target = join(folder, "export.bacpac");
    const { status, stdout, stderr } = spawnSync(
      shell!,
      args.map((text) => text.replaceAll("/tmp/export.bacpac", target)),
      {
        encoding: "utf8",
        env: {
          PATH: `${folder}${delimiter}${process.env.PATH}`,
          TARGET: target,
          SQL_CONNECTION_STRING: "Server=tcp:s.database.windows.net,1433;Database=db;Encrypt=True",
          AZURE_CLIENT_ID: "client",
          ANSWER: "",
          CODE: "0",
          ...variables,
        },
      },
    );
    return { status, stdout, stderr };
  };

  it("ask the database by the task's identity, and answer with its rows on one line", () => {
    const { status, stdout, stderr } = run("ask-database", {
      QUESTION: "SELECT 1 AS a",
      ANSWER: '[{"a":1}]',
    });
    assert.deepEqual([status, stdout], [0, '[{"a":1}]\n']);
    assert.match(stderr, /--server tcp:s\.database\.windows\.net,1433 --database-name db /);
    assert.match(stderr, /--user-name client .*SELECT 1 AS a FOR JSON PATH/);
  });

  it("say that there is no row, for whoever waits for a line of the log", () => {
    const { stdout, stderr } = run("ask-database", { QUESTION: "./migrations/verify.sql" });
    assert.equal(stdout, "[]\n");
    assert.match(stderr, /--input-file \.\/migrations\/verify\.sql/);
  });

  it("fail with the program, and say nothing as if it were an answer", () => {
    const { status, stdout } = run("ask-database", { QUESTION: "SELECT 1", CODE: "3" });
    assert.notEqual(status, 0);
    assert.equal(stdout, "");
    assert.notEqual(run("ask-database", {}).status, 0, "without a question");
  });

  it("export the database that the release names, by an identity and never over another blob", () => {
    const variables = { DATABASE_NAME: "db-copy", BLOB_NAME: "a.bacpac", BACKUPS_URL: "https://a/backups" };
    const { status, stdout, stderr } = run("export-database", variables);
    assert.deepEqual([status, stdout], [0, '{"bytes":4}\n']);
    assert.match(stderr, /Database=db-copy;Encrypt=True;User Id=client/);
    assert.match(stderr, /azcopy copy .* https:\/\/a\/backups\/a\.bacpac .*--overwrite=false\nMSI client/);
    assert.notEqual(run("export-database", { ...variables, BLOB_NAME: "" }).status, 0);
  });
});
