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
import { storeLabel, workLabel } from "../../runbooks/task-purpose";
import type { Entry } from "../../runbooks/vocabulary";

/** Jobs of a system without a cluster, which would run on Azure Container Apps; no stack declares any yet. */
const withoutCluster: readonly string[] = ["tesoro-xp"];

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

/** Stores whose backups are proven by a restore, and those that are restored from one. */
function workOf(entry: Entry): readonly string[] {
  if (entry.word !== "step") return [];
  const { does } = entry;
  if (does.action === "backup" && does.verifiedBy === "restoreToScratch") return [`${does.store} prove`];
  return does.action === "restore" && does.from === "recordedBackup" ? [`${does.store} restore`] : [];
}

function cronJobsOf(environment: string, system: string): readonly Record<string, unknown>[] {
  const file = join(repoRoot(), "tests", "infra", "golden", environment, `${system}.json`);
  const golden = JSON.parse(readFileSync(file, "utf8")) as Record<
    string,
    { inputs: Record<string, unknown> }
  >;
  return Object.entries(golden).flatMap(([key, { inputs }]) =>
    key.startsWith("kubernetes:batch/v1:CronJob ") ? [inputs] : [],
  );
}

describe("tasks that contracts name", () => {
  for (const { system, entries } of contracts) {
    for (const environment of ["dev", "staging", "production"] as const) {
      const here = entries.filter((entry) => entry.on.includes(environment));
      const tasks = [...new Set(here.flatMap(tasksOf))];
      const work = [...new Set(here.flatMap(workOf))];
      if (tasks.length === 0) continue;
      it(`${system} in ${environment}: ${tasks.join(", ")}`, function () {
        if (withoutCluster.includes(system)) {
          this.test!.title += " (skipped: no stack declares jobs of Azure Container Apps yet)";
          this.skip();
        }
        const cronJobs = cronJobsOf(environment, system);
        const names = cronJobs.map((cronJob) => String(mapAt(cronJob, "metadata").name));
        for (const task of tasks) {
          const full = task.startsWith(`${system}-`) || names.includes(task) ? task : `${system}-${task}`;
          const wanted = [full, task].flatMap((name) => [name, `${name}-blue`, `${name}-green`]);
          assert.ok(
            names.some((name) => wanted.includes(name)),
            `${task} is declared nowhere: ${names.join(", ")}`,
          );
        }
        const labelled = cronJobs.map((cronJob) => {
          const labels = mapAt(cronJob, "metadata", "labels");
          return `${String(labels[storeLabel])} ${String(labels[workLabel])}`;
        });
        for (const wanted of work)
          assert.equal(labelled.filter((label) => label === wanted).length, 1, wanted);
      });
    }
  }
});
