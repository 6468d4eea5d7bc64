import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { programDependencies } from "../../../local/toolchain/language-host/program-dependencies";
import { splitArguments } from "../../../local/toolchain/language-host/runtime-options";

describe("what the language host reads of a program", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "switchyard-program-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function write(name: string, text: string): void {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }

  it("lists its packages with the installed version, or the range where none is installed", () => {
    write("package.json", '{"dependencies":{"here":"^1.0.0","absent":"~2.0.0"}}');
    write("node_modules/here/package.json", '{"version":"1.2.3"}');
    mkdirSync(join(folder, "dist/infra"), { recursive: true });
    assert.deepEqual(programDependencies(join(folder, "dist/infra")), [
      { name: "here", version: "1.2.3" },
      { name: "absent", version: "~2.0.0" },
    ]);
  });

  it("divides node's flags at blanks outside quotes", () => {
    assert.deepEqual(splitArguments(`--a  --b="c d" 'e f'`), ["--a", "--b=c d", "e f"]);
    assert.deepEqual(splitArguments(""), []);
  });
});
