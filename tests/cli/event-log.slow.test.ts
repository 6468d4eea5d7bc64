import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { followEventLog } from "../../cli/engine/event-log";
import { EventLogError } from "../../reports/engine-event";

const urn = (name: string) => `urn:pulumi:dev::switchyard::azure-native:storage:StorageAccount::${name}`;
const pre = (name: string, op = "create") =>
  JSON.stringify({
    resourcePreEvent: { metadata: { op, urn: urn(name), type: "azure-native:storage:StorageAccount" } },
  });
const outputs = (name: string) =>
  JSON.stringify({ resOutputsEvent: { metadata: { op: "create", urn: urn(name) } } });

describe("following the engine's event log", () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "switchyard-events-"));
    file = join(folder, "events.jsonl");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("tells what is worked on while the log grows, and at the end gives every event once, in order", async () => {
    let next: (text: string) => void = () => {};
    const following = followEventLog(file, (text) => next(text));
    const told = (...parts: readonly (string | Buffer)[]) =>
      new Promise<string>((resolve) => {
        next = resolve;
        for (const part of parts) appendFileSync(file, part);
      });
    const line = Buffer.from(`${pre("zwölf", "same")}\n`);
    const inLetter = line.indexOf("ö") + 1;
    assert.equal(
      await told(`${pre("same", "same")}\n${pre("first")}\n`, line.subarray(0, inLetter)),
      "creating storage:StorageAccount first, 0 done",
    );
    assert.equal(
      await told(line.subarray(inLetter), `${outputs("first")}\n${pre("third")}\n`),
      "creating storage:StorageAccount third, 1 done",
    );
    appendFileSync(file, `${outputs("third")}\n{"cut`);
    const gathered = await following.stop();
    assert.deepEqual(
      gathered.events.map((event) =>
        (event.resourcePreEvent ?? event.resOutputsEvent)?.metadata.urn.split("::").at(-1),
      ),
      ["same", "first", "zwölf", "first", "third", "third"],
    );
    assert.equal(await following.stop(), gathered);
  });

  it("says which line of the whole log is damaged, wherever reading had come to", async () => {
    let told = () => {};
    const following = followEventLog(file, () => told());
    await new Promise<void>((resolve) => {
      told = resolve;
      appendFileSync(file, `${pre("first")}\n${outputs("first")}\n`);
    });
    appendFileSync(file, `${pre("second")}\nno event\n`);
    await assert.rejects(following.stop(), (error) => {
      assert.ok(error instanceof EventLogError);
      assert.match(error.message, /^line 4 /);
      return true;
    });
  });

  it("has no events where the engine wrote no log", async () => {
    assert.deepEqual((await followEventLog(file, () => {}).stop()).events, []);
  });
});
