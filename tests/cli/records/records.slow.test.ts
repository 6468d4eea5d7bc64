import assert from "node:assert/strict";
import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { type Envelope, payloadOf } from "../../../attestation/dsse";
import { verificationKey } from "../../../attestation/keys";
import { actorOf } from "../../../cli/records/actor";
import { readRecord, readRecords, verifyChain } from "../../../cli/records/chain";
import { changesOf } from "../../../cli/records/changes-of";
import { localVerificationKey } from "../../../cli/records/operator-key";
import { policyDigest } from "../../../cli/records/policy-digest";
import { RecordFolder } from "../../../cli/records/record-place";
import { runningUpdates } from "../../../cli/records/running-updates";
import type { EngineEvent } from "../../../reports/engine-event";
import { newKey } from "../../attestation/support/keys";
import { done, judged, outcome, RecordsProject, vaultUrn, verdict } from "./support";

describe("records of up", () => {
  let project: RecordsProject;
  beforeEach(() => {
    project = new RecordsProject();
  });
  afterEach(() => project.remove());

  const keys = () => [localVerificationKey(project.workspace)!];
  const all = () => readRecords(new RecordFolder(project.folder), "dev");
  const faults = async () => verifyChain(await all(), keys()).map(({ name, reason }) => `${name}: ${reason}`);
  /** As if the processes that run updates were gone. */
  const killed = () => {
    const folder = join(project.workspace.stateDir, "running-updates");
    for (const name of readdirSync(folder)) {
      const mark = JSON.parse(readFileSync(join(folder, name), "utf8"));
      mark.process.started = "another";
      writeFileSync(join(folder, name), JSON.stringify(mark));
    }
  };
  const envelopeIn = (name: string) =>
    JSON.parse(readFileSync(join(project.folder, name), "utf8")) as Envelope;

  it("are not verified with a file that holds no key, and the error repeats nothing of it", () => {
    writeFileSync(join(project.workspace.stateDir, "operator-key.pem"), "canary", { mode: 0o600 });
    assert.throws(
      () => localVerificationKey(project.workspace),
      (error: Error) => error.name === "UserError" && !error.message.includes("canary"),
    );
  });

  it("say who, from which commit, what changed, what the policies said and until when it is kept", async () => {
    const [name] = await project.updates(1);
    const { record, faults: own } = readRecord(name!, readFileSync(join(project.folder, name!), "utf8"));
    assert.deepEqual(own, []);
    const { predicate, statement } = record!;
    assert.equal(statement.predicateType, "https://switchyard.dev/infrastructure-change/v1");
    assert.equal(predicate.result, "succeeded");
    assert.equal(predicate.actor.kind, "user");
    assert.equal(predicate.commit, null);
    assert.deepEqual(predicate.changes.resources, [{ op: "create", urn: vaultUrn }]);
    assert.equal(predicate.policies?.digest, policyDigest("switchyard 0.1.0", [verdict]));
    assert.equal(
      Date.parse(predicate.retainUntil) - Date.parse(predicate.startedAt),
      7 * 365.25 * 86_400_000,
    );
    assert.match(name!, /^2026-11-21T10-00-02-000Z-dev-[0-9a-f]{64}\.dsse\.json$/);
  });

  it("are signed with a key that is made once, readable by its owner alone", async () => {
    await project.updates(2);
    const file = join(project.workspace.stateDir, "operator-key.pem");
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const records = await all();
    assert.equal(new Set(records.flatMap(({ keyIds }) => keyIds)).size, 1);
    assert.deepEqual(await faults(), []);
  });

  it("are kept of failed and interrupted updates, and of those without any verdict", async () => {
    await (await project.open()).end({ result: "failed", events: [], policies: [] });
    await (await project.open()).end(outcome({ result: "interrupted" }));
    const results = (await all()).map(({ record }) => record?.predicate.result);
    assert.deepEqual(results, ["failed", "interrupted"]);
    assert.equal((await all())[0]?.record?.predicate.policies, null);
    assert.deepEqual(await faults(), []);
  });

  it("show that one in the middle is missing", async () => {
    const names = await project.updates(4);
    rmSync(join(project.folder, names[1]!));
    assert.match((await faults()).join("\n"), new RegExp(`^${names[2]}: the record before it is missing`));
  });

  it("show that the first ones are missing, once a later one begins anew", async () => {
    const [first] = await project.updates(1);
    const kept = readFileSync(join(project.folder, first!));
    rmSync(join(project.folder, first!));
    await project.updates(1);
    writeFileSync(join(project.folder, first!), kept);
    assert.match((await faults()).join("\n"), /follows no record, although there is an earlier one/);
  });

  it("show a change of any kind: of the content, of the name, of the signature", async () => {
    const [name] = await project.updates(1);
    const file = join(project.folder, name!);
    const envelope = envelopeIn(name!);
    const text = payloadOf(envelope).toString("utf8");
    const changed = Buffer.from(text.replace('"succeeded"', '"failed"')).toString("base64");
    writeFileSync(file, JSON.stringify({ ...envelope, payload: changed }));
    assert.match((await faults()).join("\n"), /its content belongs to the name/);
    assert.match((await faults()).join("\n"), /no key that is known here signed it/);
    writeFileSync(file, JSON.stringify({ ...envelope, payload: Buffer.from("{}").toString("base64") }));
    assert.match((await faults()).join("\n"), /it is no record of a change/);
    writeFileSync(file, JSON.stringify(envelope).slice(0, -20));
    assert.match((await faults()).join("\n"), /it is no record of a change/);
    writeFileSync(file, JSON.stringify(envelope));
    renameSync(file, join(project.folder, name!.replace("10-00-02", "10-00-03")));
    assert.match((await faults()).join("\n"), /its content belongs to the name/);
  });

  it("signed by somebody else's key count as not signed", async () => {
    await project.updates(1);
    const [fault] = verifyChain(await all(), [verificationKey(newKey("ed25519").publicPem)]);
    assert.match(fault?.reason ?? "", /no key that is known here signed it/);
  });

  it("show that an update began and never ended, and nothing of one that did", async () => {
    await project.updates(1);
    const ended = await project.open();
    await ended.begin();
    await ended.end(outcome({ result: "failed" }));
    assert.deepEqual(await faults(), []);
    await (await project.open()).begin();
    assert.match((await faults()).join("\n"), /an update began and no record says how it ended/);
    await project.updates(1);
    assert.equal((await faults()).length, 1, "the end of a later one is not its own");
  });

  it("of an update that was killed are ended by the next one that changes the stack, which says so", async () => {
    await project.updates(1);
    await (await project.open()).begin();
    killed();
    const next = await project.open();
    await next.begin();
    const locked = outcome({ result: "failed", events: [] });
    assert.deepEqual(await next.closeCutOff(locked), [], "the engine's lock kept it from changing anything");
    assert.equal((await faults()).length, 2);
    await next.end(outcome());
    assert.match(
      (await faults()).join("\n"),
      /began and no record says how it ended: .*the next up that changes/,
    );
    const [line, ...more] = await next.closeCutOff(outcome());
    assert.deepEqual(more, []);
    assert.match(
      line ?? "",
      /ends that of the update which .* began at 2026-11-21T10:00:03\.000Z and which was cut off/,
    );
    assert.deepEqual(await faults(), []);
    assert.deepEqual(await next.closeCutOff(outcome()), [], "once");
    const closing = (await all()).find(({ record }) => record?.predicate.result === "cutOff");
    assert.deepEqual(closing?.record?.predicate.closedBy, actorOf({}));
    rmSync(join(project.folder, closing!.name));
    assert.equal((await faults()).length, 1, "without it the update has no end");
  });

  it("of an update that runs on this host are left open by another one, and are no fault", async () => {
    await project.updates(1);
    const slow = await project.open();
    await slow.begin();
    const other = await project.open();
    await other.begin();
    await other.end(outcome());
    assert.deepEqual(await other.closeCutOff(outcome()), []);
    const running = await runningUpdates(project.workspace);
    assert.equal(running.size, 1);
    assert.deepEqual(verifyChain(await all(), keys(), running), []);
    await slow.end(outcome());
    assert.equal((await runningUpdates(project.workspace)).size, 0);
    assert.deepEqual(await faults(), []);
  });

  it("of two updates at once both count, and the next one follows both", async () => {
    await project.updates(1);
    const [one, other] = [await project.open(), await project.open()];
    // Both look before either has written.
    await Promise.all([one.end(outcome({ result: "failed" })), other.end(outcome())]);
    await project.updates(1);
    assert.deepEqual(await faults(), []);
  });

  it("hold no secret of the engine's events, the policies' messages or the environment", async () => {
    const canary = "CANARY-4711-secret";
    const state = { inputs: { password: canary, plain: canary }, outputs: { key: canary } };
    const events = [
      done("update", vaultUrn, { old: state, new: state, diffs: [canary] }),
      { sequence: 3, timestamp: 1, diagnosticEvent: { message: canary, severity: "error" } } as EngineEvent,
      judged(),
    ];
    const keeper = await project.open("dev", { SWITCHYARD_SECRET: canary, ARM_CLIENT_SECRET: canary });
    const name = await keeper.end({
      result: "failed",
      events,
      policies: [{ ...verdict, verdict: "fail", message: canary }],
    });
    const text = readFileSync(join(project.folder, name), "utf8");
    assert.doesNotMatch(text + payloadOf(envelopeIn(name)).toString("utf8"), /CANARY/);
  });

  it("a place that cannot be written is refused before anything is changed", async () => {
    writeFileSync(project.folder, "a file where the folder should be");
    await assert.rejects(project.open(), (error: Error & { mend?: string }) => {
      assert.match(error.message, /^The folder of records .* cannot be written: /);
      assert.match(error.mend ?? "", /switchyard:records/);
      return true;
    });
  });

  it("a record that cannot be kept afterwards is a clear error that names the result", async () => {
    const keeper = await project.open();
    rmSync(project.folder, { recursive: true });
    writeFileSync(project.folder, "");
    await assert.rejects(
      keeper.end(outcome()),
      /The update of dev ended as "succeeded", and its record could not be kept\. The folder of records/,
    );
  });

  it("never replace one another and leave nothing half written", async () => {
    const place = new RecordFolder(project.folder);
    await place.require();
    await place.add("one", "first");
    await assert.rejects(place.add("one", "second"), /cannot be written: EEXIST/);
    assert.equal(await place.read("one"), "first");
    assert.deepEqual(readdirSync(project.folder), ["one"]);
  });

  it("lie where the setting says, and are kept as long", async () => {
    project.stackFile("dev", { "switchyard:records": { location: "kept", retentionYears: 2 } });
    const name = await (await project.open()).end(outcome());
    const text = readFileSync(join(project.workspace.root, "kept", name), "utf8");
    const { retainUntil, startedAt } = readRecord(name, text).record!.predicate;
    assert.equal(Date.parse(retainUntil) - Date.parse(startedAt), 2 * 365.25 * 86_400_000);
  });
});

describe("digest of the policies", () => {
  const rows = fc.array(
    fc.record({
      rule: fc.constantFrom("a", "b", "c"),
      level: fc.constantFrom("mandatory", "advisory"),
      urn: fc.constantFrom("", "urn:1", "urn:2"),
      verdict: fc.constantFrom("pass", "fail", "undecided" as const),
      message: fc.string(),
    }),
  ) as fc.Arbitrary<(typeof verdict)[]>;

  it("is the same in any order and for other messages", () => {
    fc.assert(
      fc.property(rows, (policies) => {
        const other = [...policies].reverse().map((policy) => ({ ...policy, message: "other" }));
        assert.equal(policyDigest("1", policies), policyDigest("1", other));
      }),
    );
  });

  it("is another one for another verdict, level, resource, rule or pack", () => {
    const changes = [{ verdict: "fail" }, { level: "advisory" }, { urn: "x" }, { rule: "y" }] as const;
    const digests = changes.map((change) => policyDigest("1", [{ ...verdict, ...change }]));
    assert.equal(new Set([...digests, policyDigest("1", [verdict]), policyDigest("2", [verdict])]).size, 6);
  });
});

describe("changes of a record", () => {
  it("leave out the preview's steps and the stack itself, and count a replacement once", () => {
    const other = "urn:pulumi:dev::switchyard::azure-native:web:WebApp::site";
    const planned = done("delete", other);
    const events = [
      { ...planned, resOutputsEvent: { ...planned.resOutputsEvent!, planning: true } },
      done("create", "urn:pulumi:dev::switchyard::pulumi:pulumi:Stack::switchyard-dev"),
      done("create-replacement"),
      done("replace"),
      done("delete-replaced"),
      done("same", other),
    ];
    assert.deepEqual(changesOf(events), {
      create: 0,
      update: 0,
      replace: 1,
      delete: 0,
      same: 1,
      resources: [{ op: "replace", urn: vaultUrn }],
    });
  });
});

describe("who a record names", () => {
  it("in a pipeline the one it runs for, with the run's address; else the user and the host", () => {
    const github = actorOf({
      GITHUB_ACTIONS: "true",
      GITHUB_ACTOR: "asha",
      GITHUB_SERVER_URL: "https://github.com",
      GITHUB_REPOSITORY: "org/repo",
      GITHUB_RUN_ID: "7",
    });
    assert.deepEqual(github, {
      kind: "ci",
      name: "asha",
      where: "https://github.com/org/repo/actions/runs/7",
    });
    const devops = actorOf({
      TF_BUILD: "True",
      BUILD_REQUESTEDFOR: "Asha Rao",
      SYSTEM_COLLECTIONURI: "https://dev.azure.com/org/",
      SYSTEM_TEAMPROJECT: "shop",
      BUILD_BUILDID: "9",
    });
    assert.equal(devops.where, "https://dev.azure.com/org/shop/_build/results?buildId=9");
    assert.equal(actorOf({}).kind, "user");
  });
});
