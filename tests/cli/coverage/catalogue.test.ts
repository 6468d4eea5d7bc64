import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readCatalogue } from "../../../cli/coverage/catalogue";
import { UserError } from "../../../local/user-error";

const statement = (id: string, more = "") =>
  `- id: ${id}\n  kind: gate\n  text: what it says\n  when: always\n  enforce: gate\n${more}`;

describe("a catalogue of statements", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "switchyard-catalogue-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const read = (text: string) => {
    const file = join(folder, "catalogue.yaml");
    writeFileSync(file, text);
    return readCatalogue(file);
  };
  const refusal = (text: string): string => {
    try {
      read(text);
    } catch (error) {
      assert.ok(error instanceof UserError, String(error));
      assert.ok(error.mend, "a mend");
      return error.message.replace(`${folder}/`, "");
    }
    return assert.fail("it was read");
  };

  it("is read as it stands", () => {
    assert.deepEqual(
      read(statement("KIR-001") + statement("TES-002")).map(({ id }) => id),
      ["KIR-001", "TES-002"],
    );
  });

  const good = statement("KIR-001");
  const faults: readonly (readonly [string, string, RegExp])[] = [
    [
      "broken YAML, by its line alone",
      `${good}- id: [KIR-002\n`,
      /^catalogue\.yaml:\d+: it is no valid YAML: [^\n]+$/,
    ],
    ["a tab", `${good}-\tid: KIR-002\n\tkind: gate\n`, /^catalogue\.yaml:\d+: it is no valid YAML/],
    ["an alias that names nothing", `${good}- id: *KIR\n`, /no valid YAML: .*quote what begins with a \*/],
    ["a map", "id: KIR-001\n", /^catalogue\.yaml:1: it must be a list of statements/],
    ["nothing", "", /^catalogue\.yaml:1: it must be a list/],
    ["an empty list", "[]", /it must be a list of statements/],
    ["an id of no system", good + statement("XYZ-002"), /^catalogue\.yaml:6: statement XYZ-002, id: /],
    [
      "a word that is none",
      good + statement("KIR-002").replace("enforce: gate", "enforce: maybe"),
      /^catalogue\.yaml:10: statement KIR-002, enforce: .*"declared"/,
    ],
    [
      "a field that is missing",
      good + statement("KIR-002").replace("  when: always\n", ""),
      /^catalogue\.yaml:6: statement KIR-002, when: /,
    ],
    ["a text for a statement", `${good}- KIR-002\n`, /^catalogue\.yaml:6: statement number 2: /],
    ["an id twice", good + good, /^catalogue\.yaml:6: the statement KIR-001 stands in line 1 already/],
  ];
  for (const [what, text, message] of faults) {
    it(`refuses ${what}, and says where`, () => assert.match(refusal(text), message));
  }

  it("that is a folder, or is not there, is said in words", () => {
    assert.throws(() => readCatalogue(folder), /cannot be read: it is a folder/);
    assert.throws(() => readCatalogue(join(folder, "none")), /cannot be read: there is no such file/);
  });
});
