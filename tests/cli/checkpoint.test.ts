import { strict as assert } from "node:assert";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { keepCheckpoint, restoreCheckpoint, sweepBesideCheckpoint } from "../../cli/engine/checkpoint";
import { backendFolder } from "../../cli/engine/environment";
import { checkpointFile } from "../../cli/engine/file-stack";

const whole = '{"version":3,"checkpoint":{"latest":{"resources":[]}}}';
const cut = whole.slice(0, 30);

describe("state of dev after a full disk", () => {
  let stateDir: string;
  let file: string;
  const workspace = () => ({ root: stateDir, dist: "", policyPack: "", stateDir });

  beforeEach(() => {
    stateDir = mkdtempSync(join(tmpdir(), "switchyard-state-"));
    file = checkpointFile(backendFolder(workspace()), "dev");
    mkdirSync(dirname(file), { recursive: true });
  });
  afterEach(() => rmSync(stateDir, { recursive: true, force: true }));

  it("is left alone when it is whole", async () => {
    writeFileSync(file, whole);
    assert.deepEqual(await restoreCheckpoint(workspace(), "dev"), []);
    assert.equal(readFileSync(file, "utf8"), whole);
  });

  it("is put back from the engine's backup when that is whole", async () => {
    writeFileSync(file, cut);
    writeFileSync(`${file}.bak`, whole);
    assert.match((await restoreCheckpoint(workspace(), "dev")).join(), /dev\.json\.bak/);
    assert.equal(readFileSync(file, "utf8"), whole);
  });

  it("is put back from the copy before the last update when the engine's backup is cut off too", async () => {
    writeFileSync(file, whole);
    await keepCheckpoint(workspace(), "dev");
    writeFileSync(file, cut);
    writeFileSync(`${file}.bak`, cut);
    assert.equal((await restoreCheckpoint(workspace(), "dev")).length, 1);
    assert.equal(readFileSync(file, "utf8"), whole);
  });

  it("is not guessed when no copy is whole", async () => {
    writeFileSync(file, cut);
    await assert.rejects(restoreCheckpoint(workspace(), "dev"), /no whole copy of it/);
    assert.equal(readFileSync(file, "utf8"), cut);
  });

  it("is read again after a kill in the middle of its attributes, and nothing half written stays beside it", async () => {
    for (const [name, text] of [
      [file, whole],
      [`${file}.attrs`, ""],
      [`${file}.bak`, whole],
      [`${file}.bak.attrs`, '{"md5":"x"}'],
      [`${file}.17f0c0ffee.tmp`, cut],
      [file.replace("dev.json", "other.json.attrs"), ""],
    ] as const)
      writeFileSync(name, text);
    await sweepBesideCheckpoint(workspace(), "dev");
    assert.deepEqual(readdirSync(dirname(file)).sort(), [
      "dev.json",
      "dev.json.bak",
      "dev.json.bak.attrs",
      "other.json.attrs",
    ]);
  });
});
