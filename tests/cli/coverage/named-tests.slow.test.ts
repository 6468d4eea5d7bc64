import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { assessCoverage } from "../../../cli/coverage/assess";
import { readCatalogue } from "../../../cli/coverage/catalogue";
import { rulesByName } from "../../../policies/registry";
import { contracts } from "../../../runbooks/contracts";
import { root } from "../../support/root";

/** `FILE: WHAT`: a case of the file is called so; of several rules each is in the title of one. */
interface NamedTest {
  readonly id: string;
  readonly file: string;
  readonly what: string;
}

describe("the tests that coverage names", function () {
  this.timeout(180_000);
  let named: readonly NamedTest[];
  let titles: ReadonlyMap<string, readonly string[]>;

  before(() => {
    const statements = readCatalogue(join(root, "runbooks", "catalogue.yaml"));
    const report = assessCoverage({ statements, contracts, rules: rulesByName });
    named = report.statements.map(({ id, test }) => {
      const [, file = "", what = ""] = /^(\S+\.test\.ts): (.+)$/.exec(test) ?? [];
      return { id, file, what };
    });
    titles = titlesIn([...new Set(named.map(({ file }) => file))]);
  });

  it("exist, in a file of their own", () => {
    assert.deepEqual(
      named.filter(({ file }) => file === "" || !existsSync(join(root, file))),
      [],
    );
  });

  it("have a case for each entry for which they are named", () => {
    // Not only the beginning of a longer name.
    const has = ({ file, what }: NamedTest) => {
      const own = titles.get(file) ?? [];
      const tells = (words: string) =>
        own.some((title) =>
          ` ${title} `
            .split(words)
            .slice(1)
            .some((rest) => !/^[a-z0-9-]/.test(rest)),
        );
      return tells(what) || what.split(", ").every(tells);
    };
    const missing = named.filter((one) => !has(one)).map(({ id, file, what }) => `${id} ${file}: ${what}`);
    assert.deepEqual(missing, []);
  });
});

/** Full titles of the cases in each file, as mocha lists them without running any. */
function titlesIn(files: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const built = (file: string) => join(root, "dist", file.replace(/\.ts$/, ".js"));
  const args = [
    join(root, "node_modules", "mocha", "bin", "mocha.js"),
    "--no-config",
    "--dry-run",
    "--reporter",
    "json",
  ];
  const output = execFileSync(process.execPath, [...args, ...files.map(built)], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  const { tests } = JSON.parse(output.slice(output.indexOf("{"))) as {
    tests: readonly { readonly file: string; readonly fullTitle: string }[];
  };
  return new Map(
    files.map((file) => [
      file,
      tests.filter((one) => one.file === built(file)).map(({ fullTitle }) => fullTitle),
    ]),
  );
}
