import assert from "node:assert/strict";
import type { GateContext } from "../../../release/gates/gate-provider";
import { suiteProvider } from "../../../release/gates/suite";
import { listAt, mapAt } from "../../../release/targets/json";
import { UserError } from "../../../release/user-error";
import { candidateImage, containerOf, cronJob, type JobEnding } from "../data/fakes";
import { said, suiteGate, World } from "./support/job-world";

describe("a suite as a task", () => {
  const outcome = async (ending: JobEnding, task = "check", prepare: (world: World) => void = () => {}) => {
    const world = new World();
    world.cluster.otherwise = ending;
    prepare(world);
    return said(await suiteProvider(world.asking(), ".").look(suiteGate(task), world.context()));
  };
  const suiteOf = (...tests: string[]) => `<testsuites><testsuite>${tests.join("")}</testsuite></testsuites>`;

  it("that ends well is a test that passed", async () => {
    assert.match(await outcome({ exitCode: 0 }), /^true: 1 passed, 0 failed/);
    assert.match(await outcome({ exitCode: 0, message: "all rows are well" }), /^true: 1 passed/);
  });

  it("that fails is a test that failed, with its last words", async () => {
    const seen = await outcome({ exitCode: 3, message: "orders: 2 rows without a customer" });
    assert.match(seen, /^false: 0 passed, 1 failed .*exit code 3.*orders: 2 rows without a customer/);
    assert.match(await outcome({ exitCode: 1, reason: "DeadlineExceeded" }), /^false: .*did not end in time/);
  });

  it("that leaves JUnit is counted", async () => {
    const good = '<testcase name="a"/>';
    const bad = '<testcase name="b"><failure/></testcase>';
    assert.match(await outcome({ message: suiteOf(good, good) }), /^true: 2 passed/);
    assert.match(await outcome({ message: suiteOf(good, bad) }), /^false: 1 passed, 1 failed \(b\)/);
    assert.match(await outcome({ message: suiteOf() }), /^false: 0 passed/);
    assert.match(await outcome({ message: "<html>" }), /^nothing: .*no XML/);
  });

  it("whose pod was taken away says nothing", async () => {
    assert.match(await outcome({ exitCode: 137, podReason: "Evicted" }), /^nothing: .*taken away/);
    assert.match(await outcome({ exitCode: 1, podGone: true }), /^nothing: .*its pod is gone/);
  });

  it("that nothing declares says nothing, and whoever does not answer as well", async () => {
    assert.match(await outcome({}, "other"), /^nothing: the task other is declared nowhere in ns/);
    const away = (world: World) => {
      world.cluster.list = async () => {
        throw new UserError("the cluster cannot be reached");
      };
    };
    assert.match(await outcome({}, "check", away), /^nothing: the cluster cannot be reached/);
  });

  it("is of the candidate's colour, and of the version before where the release goes back to it", async () => {
    const other = "registry.invalid/backend@sha256:other";
    const world = new World();
    world.cluster.cronJobs = [
      cronJob("case-management-check-blue", { app: "backend", image: other, version: "1.4.1" }),
      cronJob("case-management-check-green", { app: "backend", version: "1.4.2" }),
    ];
    const look = async (more: Partial<GateContext>) => {
      world.cluster.jobs.clear();
      const context = world.context({ liveVersion: "1.4.1", ...more });
      const seen = said(await suiteProvider(world.asking(), ".").look(suiteGate("check"), context));
      return { seen, images: [...world.cluster.jobs.values()].map((job) => containerOf(job).image) };
    };
    assert.deepEqual((await look({})).images, [candidateImage]);
    assert.deepEqual((await look({ goesBack: true })).images, [other]);
    const newer = await look({ goesBack: true, liveVersion: "1.4.0" });
    assert.match(
      newer.seen,
      /^nothing: .*check-blue holds version 1\.4\.1, and the release goes back to 1\.4\.0/,
    );
    assert.deepEqual(newer.images, []);
  });

  it("that proves a backup restores the last one that the release made, and counts what arrived", async () => {
    const world = new World();
    world.made = ["b-1", "b-2"].map((recordedAs) => ({ backup: { store: "postgres", recordedAs, at: "" } }));
    const look = async (report: object | undefined) => {
      world.cluster.otherwise = report === undefined ? {} : { message: JSON.stringify(report) };
      const provider = suiteProvider(world.asking(), ".");
      const phaseBegan = new Date(Date.UTC(2027, 0, 1));
      return said(await provider.look(suiteGate("restore-test"), world.context({ phaseBegan })));
    };
    assert.match(await look({ source: { a: 3 }, restored: { a: 3 }, dropped: true }), /^true: 1 passed/);
    const env = listAt(containerOf([...world.cluster.jobs.values()][0]!), "env").map((entry) => mapAt(entry));
    assert.equal(env.find(({ name }) => name === "BACKUP_NAME")?.value, "b-2");
    assert.match(
      await look({ source: { a: 3 }, restored: { a: 2 } }),
      /^false: .*a: 3 in the source, 2 restored/,
    );
    assert.match(await look({ source: { a: 3 } }), /^nothing: .*reports no counts/);
    assert.match(await look(undefined), /^nothing: .*left no report/);
    world.made = [];
    assert.match(await look({}), /^nothing: this release has made no backup of postgres/);
  });
});

describe("looks that are Jobs", () => {
  it("are each a new one, and of those that ended well two are kept", async () => {
    const world = new World();
    const provider = suiteProvider(world.asking(), ".");
    const context = world.context();
    for (let look = 0; look < 5; look++)
      await provider.look(suiteGate("check", { everySeconds: 30 }), context);
    assert.equal(new Set(world.cluster.created).size, 5);
    assert.equal(world.cluster.deleted.length, 2);
    assert.equal(world.cluster.jobs.size, 3);
  });

  it("keep those that failed, so that somebody can read why", async () => {
    const world = new World();
    world.cluster.otherwise = { exitCode: 1 };
    const provider = suiteProvider(world.asking(), ".");
    for (let look = 0; look < 5; look++) await provider.look(suiteGate("check"), world.context());
    assert.deepEqual([world.cluster.created.length, world.cluster.deleted], [5, []]);
  });

  it("that were cut off are taken up by the next process, once", async () => {
    const world = new World();
    world.cluster.otherwise = { runs: true };
    const stop = new AbortController();
    const find = world.cluster.find.bind(world.cluster);
    world.cluster.find = (path) => {
      stop.abort(new Error("ended"));
      return find(path);
    };
    const cut = suiteProvider(world.asking(), ".").look(
      suiteGate("check"),
      world.context({ signal: stop.signal }),
    );
    await assert.rejects(cut, /ended/);
    assert.equal(world.cluster.created.length, 1);
    world.cluster.otherwise = { exitCode: 0 };
    const next = suiteProvider(world.asking(), ".");
    const phaseBegan = new Date("2026-01-28T10:15:00Z");
    assert.match(said(await next.look(suiteGate("check"), world.context({ phaseBegan }))), /^true/);
    assert.equal(world.cluster.created.length, 1);
    await next.look(suiteGate("check"), world.context({ phaseBegan }));
    assert.equal(world.cluster.created.length, 2);
  });

  it("of an earlier phase are not an answer to a later one", async () => {
    const world = new World();
    await suiteProvider(world.asking(), ".").look(suiteGate("check"), world.context());
    await suiteProvider(world.asking(), ".").look(
      suiteGate("check"),
      world.context({ phaseBegan: new Date("2026-01-28T11:00:00Z") }),
    );
    assert.equal(world.cluster.created.length, 2);
  });
});
