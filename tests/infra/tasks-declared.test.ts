/**
 * That every task which a contract names is there to be run, in every stack that its entry is on; by the golden files,
 * which program.test.ts holds to the program.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repoRoot } from "../../local/repo-root";
import { mapAt } from "../../release/targets/json";
import { contracts } from "../../runbooks/contracts";
import { storeLabel, storeTag, taskTag, workLabel, workTag } from "../../runbooks/task-purpose";
import type { Entry } from "../../runbooks/vocabulary";

/** What a release asks from within the network by a task of the stack. */
const asked: ReadonlySet<string> = new Set(["postgres", "mongo", "redis", "sql"]);

/** What a task is declared as: its name, and what it is to the store that it works on. */
interface Declared {
  readonly name: string;
  readonly work: string;
}

function tasksOf(entry: Entry): readonly string[] {
  if (entry.word === "step") {
    const { does } = entry;
    if (does.action === "migrate") return [does.task];
    return does.action === "backup" && does.task !== undefined ? [does.task] : [];
  }
  if (entry.word === "checkGate" && entry.check.provider === "suite" && entry.check.run.as === "task")
    return [entry.check.run.task];
  return [];
}

/**
 * Stores whose backups are proven by a restore, those that are restored from one, and those that are asked. Azure itself
 * restores its SQL databases.
 */
function workOf(entry: Entry): readonly string[] {
  if (entry.word === "checkGate" && entry.check.provider === "inNetwork") {
    const { target } = entry.check;
    return asked.has(target) ? [`${target} ask`] : [];
  }
  if (entry.word !== "step") return [];
  const { does } = entry;
  if ("store" in does && does.store === "sql") return [];
  if (does.action === "backup" && does.verifiedBy === "restoreToScratch") return [`${does.store} prove`];
  return does.action === "restore" && does.from === "recordedBackup" ? [`${does.store} restore`] : [];
}

function declaredIn(environment: string, system: string): readonly Declared[] {
  const file = join(repoRoot(), "tests", "infra", "golden", environment, `${system}.json`);
  const golden = JSON.parse(readFileSync(file, "utf8")) as Record<
    string,
    { inputs: Record<string, unknown> }
  >;
  return Object.entries(golden).flatMap(([key, { inputs }]) => {
    if (key.startsWith("kubernetes:batch/v1:CronJob ")) {
      const { name, labels } = mapAt(inputs, "metadata");
      return [declared(name, mapAt(labels), storeLabel, workLabel)];
    }
    const tags = mapAt(inputs, "tags");
    return key.startsWith("azure-native:app:Job ") ? [declared(tags[taskTag], tags, storeTag, workTag)] : [];
  });
}

function declared(
  name: unknown,
  marks: Readonly<Record<string, unknown>>,
  store: string,
  work: string,
): Declared {
  return { name: String(name), work: `${String(marks[store])} ${String(marks[work])}` };
}

describe("tasks that contracts name", () => {
  for (const { system, entries } of contracts) {
    for (const environment of ["dev", "staging", "production"] as const) {
      const here = entries.filter((entry) => entry.on.includes(environment));
      const tasks = [...new Set(here.flatMap(tasksOf))];
      const work = [...new Set(here.flatMap(workOf))];
      if (tasks.length === 0) continue;
      it(`${system} in ${environment}: ${tasks.join(", ")}`, () => {
        const found = declaredIn(environment, system);
        const names = found.map(({ name }) => name);
        for (const task of tasks) {
          const full = task.startsWith(`${system}-`) || names.includes(task) ? task : `${system}-${task}`;
          const wanted = [full, task].flatMap((name) => [name, `${name}-blue`, `${name}-green`]);
          assert.ok(
            names.some((name) => wanted.includes(name)),
            `${task} is declared nowhere: ${names.join(", ")}`,
          );
        }
        for (const wanted of work)
          assert.equal(found.filter(({ work: purpose }) => purpose === wanted).length, 1, wanted);
      });
    }
  }
});
