import assert from "node:assert/strict";
import { type JobRequest, runJob } from "../../../release/data/job";
import { mapAt } from "../../../release/targets/json";
import { UserError } from "../../../release/user-error";
import { containerOf, contextOf, cronJob, FakeJobCluster, type JobEnding } from "./fakes";

const request: JobRequest = {
  namespace: "ns",
  cronJob: cronJob("backup-database"),
  name: "backup-20260128-101500",
  release: "case-management/20260128-101500",
  step: "backup backup-database",
  variables: { PGDATABASE: "other", BACKUP_NAME: "b" },
  repeatable: true,
};

function failsWith(ending: JobEnding, expected: RegExp, retriable: boolean, more: Partial<JobRequest> = {}) {
  return async () => {
    const cluster = new FakeJobCluster();
    cluster.otherwise = ending;
    await assert.rejects(runJob(cluster, { ...request, ...more }, contextOf()), (error) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, expected);
      assert.equal(error.retriable, retriable);
      return true;
    });
  };
}

describe("release/data/job: a Job from a suspended CronJob", () => {
  it("makes it under the recorded name, with release and step on it and its variables in place of declared ones", async () => {
    const cluster = new FakeJobCluster();
    cluster.otherwise = { message: "{}" };
    const job = await runJob(cluster, request, contextOf());
    assert.deepEqual(job, {
      name: request.name,
      message: "{}",
      startedAt: "2026-01-28T10:15:00Z",
      seconds: 42,
    });
    const made = cluster.jobs.get(request.name)!;
    assert.equal(mapAt(made, "metadata", "annotations")["switchyard.dev/release"], request.release);
    assert.match(
      String(mapAt(made, "metadata", "labels")["switchyard.dev/release"]),
      /^[A-Za-z0-9._-]{1,63}$/,
    );
    assert.deepEqual(containerOf(made).env, [
      { name: "PGPASSWORD", valueFrom: { secretKeyRef: { name: "s", key: "PGPASSWORD" } } },
      { name: "PGDATABASE", value: "other" },
      { name: "BACKUP_NAME", value: "b" },
    ]);
    assert.deepEqual(request.cronJob, cronJob("backup-database"), "the CronJob stays as it is");
  });

  it("does not let a variable take the place of a secret", async () => {
    await assert.rejects(
      runJob(new FakeJobCluster(), { ...request, variables: { PGPASSWORD: "x" } }, contextOf()),
      /PGPASSWORD is a secret/,
    );
  });

  it("asked again after a crash it takes the Job up that ran or succeeded, and makes none", async () => {
    const cluster = new FakeJobCluster();
    await runJob(cluster, request, contextOf());
    const again = await runJob(cluster, request, contextOf());
    assert.equal(again.name, request.name);
    assert.deepEqual(cluster.created, [request.name]);
  });

  it("asked again after a failure it makes a next attempt under a name of its own, and keeps the failed one", async () => {
    const cluster = new FakeJobCluster();
    cluster.endings.set(request.name, { exitCode: 1, message: "disk full" });
    await assert.rejects(runJob(cluster, request, contextOf()), /disk full/);
    assert.equal((await runJob(cluster, request, contextOf())).name, `${request.name}-2`);
    assert.deepEqual([...cluster.jobs.keys()], [request.name, `${request.name}-2`]);
  });

  it("leaves a Job of the same name alone that another release made", async () => {
    const cluster = new FakeJobCluster();
    await runJob(cluster, { ...request, release: "other" }, contextOf());
    assert.equal((await runJob(cluster, request, contextOf())).name, `${request.name}-2`);
  });

  it("takes the Job up that the same release made between the look and the write", async () => {
    const cluster = new FakeJobCluster();
    let raced = false;
    cluster.beforeCreate = () => {
      if (raced) return;
      raced = true;
      cluster.jobs.set(request.name, {
        metadata: {
          name: request.name,
          annotations: {
            "switchyard.dev/release": request.release,
            "switchyard.dev/step": request.step,
          },
        },
      });
    };
    assert.equal((await runJob(cluster, request, contextOf())).name, request.name);
    assert.deepEqual(cluster.created, []);
  });

  it(
    "says the last words of a pod that failed, without the password in them",
    failsWith(
      { exitCode: 1, message: "pg_dump: connection to postgres://user:canary@host/db failed" },
      /exit code 1; its last words: pg_dump: connection to postgres:\/\/\*\*\*@host\/db failed$/,
      false,
    ),
  );
  it(
    "may be tried again when its pod was evicted",
    failsWith({ exitCode: 137, podReason: "Evicted" }, /taken away \(Evicted\)/, true),
  );
  it("may be tried again when its pod was killed", failsWith({ exitCode: 137 }, /it was killed/, true));
  it("may be tried again when its pod is gone", failsWith({ podGone: true }, /its pod is gone/, true));
  it(
    "is not tried again by itself when what it does may not be repeated",
    failsWith({ exitCode: 137 }, /it was killed/, false, { repeatable: false }),
  );
  it(
    "is not tried again when it used up its memory: it would again",
    failsWith({ exitCode: 137, containerReason: "OOMKilled" }, /more memory than its limit/, false),
  );
  it(
    "is not tried again when it did not end in time",
    failsWith({ exitCode: 143, reason: "DeadlineExceeded" }, /did not end in time/, false),
  );

  it("says that a Job was deleted while it ran", async () => {
    const cluster = new FakeJobCluster();
    cluster.create = async (_, object) => object;
    await assert.rejects(runJob(cluster, request, contextOf()), /was deleted while it ran/);
  });

  it("stops waiting when the release is stopped, and leaves the Job", async () => {
    const cluster = new FakeJobCluster();
    cluster.otherwise = { runs: true };
    const controller = new AbortController();
    const context = contextOf({ signal: controller.signal });
    const waiting = runJob(cluster, request, {
      ...context,
      progress: () => controller.abort(new Error("stopped")),
    });
    await assert.rejects(waiting, /stopped/);
    assert.ok(cluster.jobs.has(request.name));
  });

  it("refuses a name that no Job can have", async () => {
    await assert.rejects(
      runJob(new FakeJobCluster(), { ...request, name: "https://x/y" }, contextOf()),
      /cannot be a Job's name/,
    );
  });
});
