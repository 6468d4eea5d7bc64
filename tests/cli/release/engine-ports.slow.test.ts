import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { signPayload } from "../../../attestation/dsse";
import { statementPayloadType } from "../../../attestation/statement";
import { makeDevTrust } from "../../../cli/attest/dev-trust";
import { signerFrom } from "../../../cli/attest/named-key";
import type { CommandContext } from "../../../cli/context";
import { actorOf } from "../../../cli/records/actor";
import { localSigner } from "../../../cli/records/operator-key";
import { enginePorts } from "../../../cli/release/engine-ports";
import { silentProgress } from "../../../local/progress";
import { evidenceFileName, evidenceStatement } from "../../../policies/evidence/statement";
import { surroundingsOf } from "../../../release/clients/surroundings";
import type { EntryOfWord } from "../../../release/engine/parts";
import type { JournalRecord } from "../../../release/journal/entry";
import type { Plan } from "../../../release/plan/plan";
import { contracts } from "../../../runbooks/contracts";
import { FakeClock } from "../../release/data/fakes";
import { factsAt } from "../../release/support/gates";

const system = "kirana-store";
const digest = `sha256:${"d".repeat(64)}`;
const now = new Date("2026-11-21T12:00:00Z");
const me = actorOf(process.env).name;

const plan = {
  system,
  environment: "dev",
  manifest: {
    system,
    version: "2.0.0",
    commit: "c".repeat(40),
    components: { backend: { image: `r/b@${digest}` } },
  },
  manifestDigest: `sha256:${"a".repeat(64)}`,
  contractDigest: `sha256:${"b".repeat(64)}`,
  from: { sides: {} },
  to: { sides: {} },
  steps: [],
  rollback: [],
  entries: {},
  types: [],
} as unknown as Plan;

const evidence: EntryOfWord<"evidence"> = {
  word: "evidence",
  name: "unit-tests",
  title: "Unit tests passed",
  ids: [],
  on: ["dev"],
  during: ["prepare"],
  predicate: "test-run",
  subject: "component",
  component: "backend",
  producer: "ci",
  requires: [
    { field: "suite", operator: "equals", value: "backend" },
    { field: "failed", operator: "equals", value: 0 },
  ],
  maximumAgeHours: 24,
};

const history: EntryOfWord<"record"> = {
  word: "record",
  name: "release-history",
  title: "Releases are written down",
  ids: [],
  on: ["dev"],
  during: ["finish"],
  kind: "history",
  fields: ["version", "deployedBy", "status"],
  by: "release",
};

/** The whole factory on a checkout and a state folder of its own, with nothing behind it. */
describe("what a release asks of people and the services around it", () => {
  let root: string;
  let stateDir: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "switchyard-ports-"));
    stateDir = join(root, ".switchyard");
    mkdirSync(stateDir, { mode: 0o700 });
    settings({});
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const settings = (config: object, stack = "dev") =>
    writeFileSync(join(root, `Pulumi.${stack}.yaml`), JSON.stringify({ config }));

  function ports(stack: "dev" | "staging" | "production" = "dev") {
    const context: CommandContext = {
      workspace: { root, dist: "", policyPack: root, stateDir },
      progress: silentProgress,
      signal: new AbortController().signal,
      out: () => {},
      say: () => {},
    };
    const started = {
      kind: "started",
      format: 1,
      release: "r-1",
      by: "ana",
      plan: JSON.parse(JSON.stringify(plan)),
    };
    const journal = [
      { sequence: 0, at: now.toISOString(), previous: "", hash: "", entry: started },
      {
        sequence: 1,
        at: now.toISOString(),
        previous: "",
        hash: "",
        entry: { kind: "phase", phase: "finish" },
      },
    ] as unknown as JournalRecord[];
    return enginePorts({
      context,
      release: {
        stack,
        environment: stack,
        contract: contracts.find((contract) => contract.system === system)!,
        facts: factsAt("https://shop.test"),
        settings: { sides: {}, days: {} },
        surroundings: surroundingsOf(stack, { SWITCHYARD_STATE_DIR: stateDir }),
      },
      releaseId: "r-1",
      journal: { read: async () => journal },
      clock: new FakeClock(now),
      commit: undefined,
    });
  }

  async function sign(folder: string, fields: object, key: Parameters<typeof signPayload>[2][0], at = now) {
    const subject = { system, what: "backend", digest: digest.slice(7) };
    const statement = evidenceStatement("test-run", subject, { suite: "backend", ...fields }, at);
    const payload = Buffer.from(JSON.stringify(statement));
    const text = `${JSON.stringify(await signPayload(statementPayloadType, payload, [key]))}\n`;
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, evidenceFileName(text)), text);
  }
  const workspace = () => ({ root, dist: "", policyPack: root, stateDir });
  const devFolder = () => join(stateDir, "evidence");

  async function trust(stack: string): Promise<ReadonlyMap<string, string>> {
    const people = [
      { id: "lea", roles: ["deployment-lead"] },
      { id: "ci", roles: [] },
    ];
    const { rootKey, keys, file } = await makeDevTrust(join(root, "trust"), people, now);
    assert.ok(file.startsWith(root));
    settings(
      {
        "switchyard:trustRoot": { location: "trust/root.json", keys: [rootKey], threshold: 1 },
        "switchyard:evidence": { location: "evidence" },
      },
      stack,
    );
    mkdirSync(join(root, "evidence"));
    return keys;
  }

  describe("people", () => {
    it("on dev: whoever runs it, in every role, and it is said why", async () => {
      const { holds, why } = await ports().people.mayAct(me, "deployment-lead");
      assert.equal(holds, true);
      assert.match(why, /dev has no trust root/);
      assert.equal((await ports().people.mayAct("somebody-else", "deployment-lead")).holds, false);
    });

    it("on dev with a trust root, and elsewhere: whom it names", async () => {
      for (const stack of ["dev", "staging"] as const) {
        await trust(stack);
        const { people } = ports(stack);
        assert.equal((await people.mayAct("lea", "deployment-lead")).holds, true, stack);
        assert.equal((await people.mayAct("lea", "sre")).holds, false, stack);
        assert.match((await people.mayAct(me, "deployment-lead")).why, /is unknown to the trust root/);
        rmSync(join(root, "trust"), { recursive: true });
        assert.match((await people.mayAct("lea", "deployment-lead")).why, /cannot be read/, stack);
        rmSync(join(root, "evidence"), { recursive: true });
      }
    });

    it("elsewhere without a trust root: nobody, and the setting is named", async () => {
      settings({}, "staging");
      const { holds, why } = await ports("staging").people.mayAct(me, "deployment-lead");
      assert.equal(holds, false);
      assert.match(why, /set switchyard:trustRoot/);
    });
  });

  describe("evidence", () => {
    it("that is missing is answered with the command that signs it", async () => {
      const { holds, why } = await ports().evidence(evidence, plan);
      assert.equal(holds, false);
      assert.match(why, /missing: no signed test-run of kirana-store\/backend|cannot be read/);
      assert.ok(
        why.includes(
          `npx switchyard evidence sign --predicate test-run --system kirana-store --of backend --digest ${digest} --field 'suite=backend' --field 'failed=0'`,
        ),
        why,
      );
    });

    it("on dev holds with dev's own key, and is looked for anew each time", async () => {
      const { evidence: find } = ports();
      const signer = localSigner(workspace());
      await sign(devFolder(), { failed: 1 }, signer);
      assert.match((await find(evidence, plan)).why, /not met: failed equals 0, found 1/);
      await sign(devFolder(), { failed: 0 }, signer);
      assert.equal((await find(evidence, plan)).holds, true);
    });

    it("is refused when it is old, by a key of nobody, or about another artefact", async () => {
      const signer = localSigner(workspace());
      await sign(devFolder(), { failed: 0 }, signer, new Date(now.getTime() - 25 * 3_600_000));
      assert.match((await ports().evidence(evidence, plan)).why, /expired: it is 25 hours old/);
      const keys = await makeDevTrust(join(root, "other"), [{ id: "eve", roles: [] }], now);
      await sign(
        devFolder(),
        { failed: 0 },
        signerFrom(keys.keys.get("eve")!),
        new Date(now.getTime() - 1000),
      );
      const found = await ports().evidence(evidence, plan);
      assert.equal(found.holds, false);
      await sign(devFolder(), { failed: 0 }, signer);
      const components = { backend: { image: `r/b@sha256:${"e".repeat(64)}` } };
      const other = { ...plan, manifest: { ...plan.manifest, components } };
      assert.match((await ports().evidence(evidence, other)).why, /foreign/);
    });

    it("elsewhere holds with a key of the trust root, and with dev's key it does not", async () => {
      const keys = await trust("staging");
      await sign(join(root, "evidence"), { failed: 0 }, localSigner(workspace()));
      const { evidence: find } = ports("staging");
      const foreign = await find(evidence, plan);
      assert.match(foreign.why, /unsigned: no signature of it is by a key of the trust root/);
      assert.match(foreign.why, /--key FILE --stack staging$/);
      assert.match(
        (await ports("production").evidence(evidence, plan)).why,
        /--key https:\/\/VAULT\.vault\.azure\.net\/keys\/NAME --stack production$/,
      );
      await sign(join(root, "evidence"), { failed: 0 }, signerFrom(keys.get("ci")!));
      assert.equal((await find(evidence, plan)).holds, true);
    });

    it("about what the manifest does not name is refused: a statement about anything would count", async () => {
      const commit = { ...evidence, subject: "commit" as const };
      const { commit: _, ...bare } = plan.manifest;
      assert.match(
        (await ports().evidence(commit, { ...plan, manifest: bare })).why,
        /the manifest names no commit/,
      );
      const { why } = await ports().evidence(commit, plan);
      const text = createHash("sha256").update("c".repeat(40)).digest("hex");
      assert.ok(why.includes(`--of commit --digest sha256:${text}`), why);
      const other = { ...evidence, component: "frontend" };
      assert.match((await ports().evidence(other, plan)).why, /the manifest has no component frontend/);
    });
  });

  it("records lie beside those of the stack's changes, signed, and are found again", async () => {
    const fields = { version: "2.0.0", phase: "finish", startsAt: now.toISOString() };
    const written = await ports().record(history, fields);
    const { evidence: shown, ...rest } = written;
    assert.deepEqual(rest, { version: "2.0.0", deployedBy: "ana", status: "finished" });
    assert.match(shown!, /^staging-release [0-9a-f]{12}…$/);
    assert.deepEqual(await ports().record(history, fields), written);
    const names = readdirSync(join(stateDir, "records"));
    assert.deepEqual(names, ["release-r-1-finish-release-history.dsse.json"]);
  });

  it("a release that finished is evidence for the next one of the same manifest, signed once", async () => {
    const fields = { version: "2.0.0", phase: "finish" };
    const { record, evidence: find } = ports();
    const demand: EntryOfWord<"evidence"> = {
      ...evidence,
      predicate: "staging-release",
      subject: "manifest",
      producer: "release",
      requires: [{ field: "finished", operator: "equals", value: true }],
    };
    assert.equal((await find(demand, plan)).holds, false);
    await record(history, fields);
    await record({ ...history, name: "times" }, fields);
    assert.equal(readdirSync(devFolder()).length, 1);
    assert.equal((await find(demand, plan)).holds, true);
    const another = { ...plan, manifestDigest: `sha256:${"9".repeat(64)}` };
    assert.match((await find(demand, another)).why, /foreign/);
  });

  it("a release that went back is no such evidence, and without a place the record says so", async () => {
    await ports().record(history, { version: "2.0.0", phase: "rolled-back" });
    assert.equal(existsSync(devFolder()), false);
    writeFileSync(devFolder(), "in the way");
    const written = await ports().record(history, { version: "2.0.0", phase: "finish" });
    assert.match(written.evidence!, /^no: The folder of records .* cannot be written/);
  });

  it("records elsewhere need a place: it is asked for when one is written, and not before", async () => {
    settings({}, "staging");
    const { record } = ports("staging");
    await assert.rejects(
      record(history, { phase: "finish" }),
      /does not say where the record of a change is kept/,
    );
  });

  it("messages of dev stay in its state folder", async () => {
    const told = await ports().tell(
      {
        ...history,
        word: "notify",
        at: "finished",
        audience: "the team",
        channels: [{ channel: "slack", secret: "slack-webhook" }],
        template: "{version} is live, started by {deployedBy}",
        fields: [],
      } as unknown as EntryOfWord<"notify">,
      { version: "2.0.0" },
    );
    assert.equal(told.holds, true);
    assert.match(
      readFileSync(join(stateDir, "messages", "kirana-store.jsonl"), "utf8"),
      /2\.0\.0 is live, started by ana/,
    );
  });

  it("a record is written by a step that wants it, too", async () => {
    const step = (record: string) =>
      ({ word: "step", name: "write", does: { action: "write-record", record } }) as EntryOfWord<"step">;
    const { other } = ports();
    assert.match(
      await other(step("deployment-declared-successful"), { version: "2.0.0", phase: "finish" }),
      /^deployment-declared-successful: .*manifest sha256:a+, version 2\.0\.0/,
    );
    await assert.rejects(other(step("nothing"), {}), /has no record called nothing/);
  });

  it("a workflow that nothing is configured for is refused, with what to set", async () => {
    const entry = {
      word: "step",
      name: "update",
      timeoutSeconds: 5,
      does: { action: "workflow", file: "x.yml", inputs: {} },
    } as unknown as EntryOfWord<"step">;
    // Dev has no GitHub, and is brought up in place of a workflow that updates it.
    settings({ "switchyard:environment": "staging" }, "staging");
    await assert.rejects(ports("staging").other(entry, {}), /GITHUB_REPOSITORY and GITHUB_TOKEN are not set/);
  });
});
