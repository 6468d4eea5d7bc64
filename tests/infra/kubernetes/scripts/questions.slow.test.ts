import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mongoQuestion } from "../../../../infra/kubernetes/scripts/mongo";
import { redisQuestion } from "../../../../infra/kubernetes/scripts/redis";
import { reportFile } from "../../../../infra/kubernetes/task-report";
import { planIncident, playbooksOf } from "../../../../release/incident/plan";
import { contracts } from "../../../../runbooks/contracts";

/** The tools themselves are not here: what is shown is which questions reach them. */
describe("scripts that ask a store", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "switchyard-question-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function ask(argv: readonly string[], question: string) {
    const [shell, flags, script] = argv;
    const here = script!.replaceAll("/scratch", folder).replaceAll(reportFile, join(folder, "report"));
    const tools = `mongosh() { echo "mongosh $*"; }\nredis-cli() { echo "redis-cli $*" > ${folder}/asked; echo '"PONG"'; }\n`;
    // A function's name may hold no hyphen where /bin/sh is dash.
    const runnable = `${tools.replaceAll("redis-cli", "redis_cli")}${here.replaceAll("redis-cli", "redis_cli")}`;
    const { status } = spawnSync(shell!, [flags!, runnable], {
      encoding: "utf8",
      env: {
        PATH: process.env.PATH,
        QUESTION: question,
        REDIS_URL: "rediss://:a2V5@cache.example:10000",
        MONGODB_URI: "mongodb://none",
      },
    });
    return { status, report: status === 0 ? readFileSync(join(folder, "report"), "utf8") : undefined };
  }

  const mongo = mongoQuestion("MONGODB_URI", "retail");
  const questions = (store: string) =>
    contracts.flatMap((contract) =>
      playbooksOf(contract, "dev").flatMap(({ symptom }) =>
        planIncident(contract, "dev", symptom).diagnostics.flatMap(({ question }) =>
          question.source === "inNetwork" && question.store === store ? [question.question] : [],
        ),
      ),
    );

  it("ask MongoDB what the playbooks ask", () => {
    assert.ok(questions("mongo").length > 1);
    for (const question of questions("mongo")) {
      assert.deepEqual(ask(mongo, question), {
        status: 0,
        report: `mongosh --nodb --quiet ${folder}/ask.js\n`,
      });
    }
    assert.match(readFileSync(join(folder, "ask.js"), "utf8"), /getSiblingDB\("retail"\)/);
  });

  it("ask Redis what the playbooks ask", () => {
    assert.ok(questions("redis").length > 1);
    for (const question of questions("redis")) {
      assert.equal(ask(redisQuestion, question).status, 0);
      const asked = readFileSync(join(folder, "asked"), "utf8");
      assert.match(asked, new RegExp(`--tls -h cache.example -p 10000 -e --json ${question}\\n$`));
    }
  });

  for (const question of [
    "db.dropDatabase()",
    "db.stats(); db.dropDatabase()",
    "db.currentOp({ secs_running: { $gte: 5 } }); db.dropDatabase()",
    "db.currentOp({ secs_running: { $gte: db.dropDatabase() } })",
    "",
  ])
    it(`ask MongoDB nothing else, such as "${question}"`, () => {
      assert.notEqual(ask(mongo, question).status, 0);
    });

  it("ask Redis nothing that writes", () => {
    assert.notEqual(ask(redisQuestion, "FLUSHALL").status, 0);
  });
});
