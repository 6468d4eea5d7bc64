import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { root } from "../support/root";

// docs/architecture.md has a table of who may import whom; biome.json holds it for TypeScript. Its rule does not see a
// `require` of bin/, which is read here.

interface LintOverride {
  readonly includes: readonly string[];
  readonly linter?: {
    readonly rules: {
      readonly style?: {
        readonly noRestrictedImports?: {
          readonly options: { readonly patterns: readonly { readonly group: readonly string[] }[] };
        };
      };
    };
  };
}

/** What each folder of the table may import: folders whole, and paths in others; undefined for everything. */
function table(): ReadonlyMap<string, readonly string[] | undefined> {
  const text = readFileSync(join(root, "docs/architecture.md"), "utf8");
  const rows = [...text.matchAll(/^\| `(\w[\w-]*)\/` +\| .* \| ([^|]+?) *\|$/gm)];
  return new Map(
    rows.map(([, folder, may]) => [
      folder!,
      may!.startsWith("all")
        ? undefined
        : [...may!.matchAll(/`([\w/-]+)`/g)].map(([, path]) => path!.replace(/\/$/, "")),
    ]),
  );
}

function groupOf(folder: string): readonly string[] {
  const { overrides } = JSON.parse(readFileSync(join(root, "biome.json"), "utf8")) as {
    readonly overrides: readonly LintOverride[];
  };
  const own = overrides.find(({ includes }) => includes.includes(`${folder}/**`));
  return own?.linter?.rules.style?.noRestrictedImports?.options.patterns[0]?.group ?? [];
}

describe("the table of imports", () => {
  const rows = table();
  const folders = [...rows.keys()];

  it("has a row for each folder of sources", () => {
    const expected =
      "attestation bin cli infra local plugin-server policies provider release reports runbooks tests";
    assert.deepEqual([...folders].sort(), expected.split(" "));
  });

  for (const [folder, may] of rows) {
    if (may === undefined || folder === "bin") continue;
    it(`${folder}/: the lint refuses what the table does not list, and that alone`, () => {
      const others = folders.filter((other) => other !== folder && other !== "bin");
      const inside = may.filter((path) => path.includes("/"));
      const refused = [
        ...others.filter((other) => !may.includes(other)).map((other) => `**/${other}/**`),
        ...inside.map((path) => (existsSync(join(root, `${path}.ts`)) ? `!**/${path}` : `!**/${path}/**`)),
      ];
      assert.deepEqual([...groupOf(folder)].sort(), refused.sort());
    });
  }

  it("cli/: imports everything but the tests", () => assert.deepEqual(groupOf("cli"), ["**/tests/**"]));

  it("bin/: Node's own modules and its own files; two of them hand over to what was built", () => {
    const bin = join(root, "bin");
    const files = readdirSync(bin, { recursive: true, encoding: "utf8" }).filter((name) =>
      name.endsWith(".cjs"),
    );
    assert.ok(files.length > 10, String(files.length));
    const outside = files.flatMap((name) => {
      const file = join(bin, name);
      // A line with a template holds text of the bundle that is built, not a call of its own.
      return [...readFileSync(file, "utf8").matchAll(/^(?!.*`).*\brequire\("([^"]+)"\)/gm)]
        .map(([, module]) => module!)
        .filter((module) => !module.startsWith("node:"))
        .map((module) => (module.startsWith(".") ? relative(root, join(dirname(file), module)) : module))
        .filter((module) => !module.startsWith("bin/") && module !== "package.json")
        .map((module) => `${name}: ${module}`);
    });
    assert.deepEqual(outside.sort(), [
      "run-tests.cjs: dist/tests/support/run.js",
      "switchyard.cjs: dist/cli/main.js",
    ]);
  });
});
