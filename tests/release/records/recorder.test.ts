import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileSigner, type VerificationKey, verificationKey } from "../../../attestation/keys";
import { RecordFolder } from "../../../cli/records/record-place";
import type { EntryOfWord } from "../../../release/engine/parts";
import { type RecordingArgs, recorder } from "../../../release/records/recorder";
import { parseReleaseRecord } from "../../../release/records/release-record";
import { UserError } from "../../../release/user-error";
import { contracts } from "../../../runbooks/contracts";
import { newKey } from "../../attestation/support/keys";
import { FakeClock } from "../data/fakes";

const entry: EntryOfWord<"record"> = {
  word: "record",
  name: "release-history",
  title: "Releases are written down",
  ids: ["STO-061"],
  on: ["dev"],
  during: ["finish", "rolled-back"],
  kind: "history",
  fields: ["version", "outcome", "reason"],
  template: "{version}: {outcome} {reason}",
  by: "release",
};

describe("records of a release", () => {
  let folder: string;
  let written: number;
  const key = newKey("ed25519");
  const keys: VerificationKey[] = [verificationKey(key.publicPem)];

  beforeEach(() => {
    folder = join(mkdtempSync(join(tmpdir(), "switchyard-release-records-")), "records");
    written = 0;
  });
  afterEach(() => rmSync(join(folder, ".."), { recursive: true, force: true }));

  const record = (changes: Partial<RecordingArgs> = {}) =>
    recorder({
      release: "kirana-store-1",
      stack: "dev",
      system: "kirana-store",
      store: () => new RecordFolder(folder),
      signer: async () => fileSigner(key.privatePem),
      keys: async () => keys,
      moreFields: async () => ({ outcome: "finished", reason: "" }),
      clock: new FakeClock(new Date(Date.UTC(2026, 10, 21, 12, written++))),
      signal: new AbortController().signal,
      ...changes,
    });
  const given = { version: "2.0.0", phase: "finish" };
  const only = () => {
    const names = readdirSync(folder);
    assert.equal(names.length, 1, names.join());
    return join(folder, names[0]!);
  };

  it("are signed, say what they do not know, and are readable by their owner only", async () => {
    const fields = await record()(entry, given);
    assert.deepEqual(fields, {
      version: "2.0.0",
      outcome: "finished",
      text: "2.0.0: finished (not known)",
      unknown: "reason",
    });
    const found = parseReleaseRecord(readFileSync(only(), "utf8")).record;
    assert.deepEqual(found.fields, { version: "2.0.0", outcome: "finished" });
    assert.deepEqual(found.statements, ["STO-061"]);
    assert.equal(statSync(only()).mode & 0o777, 0o600);
  });

  it("are lines of a log with the moment at which they were written, to the second, UTC (TES-070)", async () => {
    const log = contracts
      .flatMap(({ entries }) => entries)
      .find((each): each is typeof entry => each.name === "deployments-log");
    const clock = new FakeClock(new Date("2026-11-22T00:00:07.900Z"));
    // It began the day before.
    const moreFields = async () => ({ date: "2026-11-21", time: "00:00", version: "1.2.3" });
    const fields = await record({ clock, moreFields })(log!, given);
    assert.equal(fields.text, "2026-11-22 00:00:07 - v1.2.3 deployed to production");
    assert.equal(fields.date, "2026-11-22");
  });

  it("are written once: a release that is taken up is answered what the first one says", async () => {
    const first = await record()(entry, given);
    const text = readFileSync(only(), "utf8");
    const again = await record({ moreFields: async () => ({ outcome: "something else" }) })(entry, given);
    assert.deepEqual(again, first);
    assert.equal(readFileSync(only(), "utf8"), text);
  });

  it("are another one in another phase: a release may be rolled back after it was finished", async () => {
    await record()(entry, given);
    await record({ moreFields: async () => ({ outcome: "rolled back" }) })(entry, {
      ...given,
      phase: "rolled-back",
    });
    assert.equal(readdirSync(folder).length, 2);
  });

  it("are refused when what is there was changed, or nobody who is known signed it", async () => {
    await record()(entry, given);
    const envelope = JSON.parse(readFileSync(only(), "utf8"));
    const payload = Buffer.from(envelope.payload, "base64").toString().replace("2.0.0", "6.6.6");
    writeFileSync(only(), JSON.stringify({ ...envelope, payload: Buffer.from(payload).toString("base64") }));
    await assert.rejects(record()(entry, given), /not to be relied on: it is no record of a release/);
    rmSync(only());
    await record({ signer: async () => fileSigner(newKey("ed25519").privatePem) })(entry, given);
    await assert.rejects(record()(entry, given), /no key that is known here signed it/);
  });

  it("leave nothing half written when there is no key, and say so", async () => {
    const keyless = record({
      signer: async () => {
        throw new UserError("No key signs it");
      },
    });
    await assert.rejects(keyless(entry, given), /No key signs it/);
    await record()(entry, given);
    only();
  });

  it("are tried again while what they ask is away for a moment, and not for ever", async () => {
    let times = 0;
    const away = (until: number) => async () => {
      if (++times < until) throw new UserError("Azure Monitor is away", { retriable: true });
      return { outcome: "finished" };
    };
    assert.equal((await record({ moreFields: away(3) })(entry, given)).outcome, "finished");
    assert.equal(times, 3);
    times = 0;
    const never = record({ release: "r-2", moreFields: away(Number.POSITIVE_INFINITY) });
    await assert.rejects(never(entry, given), /Azure Monitor is away/);
    assert.equal(times, 4);
  });

  it("say which place cannot be written", async () => {
    writeFileSync(folder, "in the way");
    await assert.rejects(record()(entry, given), /The folder of records .* cannot be/);
  });
});
