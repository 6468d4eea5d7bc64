import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repoRoot } from "../../local/repo-root";

const preload = join(__dirname, "..", "..", "cli", "engine", "lean-sdk.js");

/** Runs a script in the checkout with the preload and gives what it printed, parsed. */
function run(script: string, argv: readonly string[] = [], cwd: string = repoRoot()): unknown {
  const result = spawnSync(process.execPath, ["--require", preload, ...argv, "-e", script], {
    cwd,
    encoding: "utf8",
    env: { ...process.env, NODE_PATH: join(repoRoot(), "node_modules") },
  });
  assert.equal(result.status, 0, result.stderr);
  return JSON.parse(result.stdout);
}

describe("lean SDK", () => {
  it("the SDK no longer loads the compiler at its start", () => {
    const loaded = `JSON.stringify(Object.keys(require.cache).some((file) => /typescript\\.js$|arborist/.test(file)))`;
    assert.equal(run(`require("@pulumi/pulumi"); console.log(${loaded})`), false);
  });

  it("what needs the compiler still works: a function is turned into the same text", () => {
    const script = `require("@pulumi/pulumi").runtime.serializeFunction((a) => a + 1)
      .then(({ text }) => console.log(JSON.stringify(text)))`;
    const plain = spawnSync(process.execPath, ["-e", script], { cwd: repoRoot(), encoding: "utf8" });
    assert.equal(run(script), JSON.parse(plain.stdout));
  });

  it("a program that asks for TypeScript itself gets it", () => {
    assert.match(String(run(`console.log(JSON.stringify(require("typescript").SyntaxKind[1] ?? ""))`)), /\w/);
  });

  it("a pack that is not compiled keeps its compiler", () => {
    const folder = mkdtempSync(join(tmpdir(), "switchyard-pack-"));
    try {
      writeFileSync(join(folder, "package.json"), '{"main":"index.ts"}');
      const script = join(folder, "run-policy-pack");
      writeFileSync(script, `console.log(JSON.stringify(typeof require("typescript").createProgram))`);
      const result = spawnSync(process.execPath, ["--require", preload, script], {
        cwd: folder,
        encoding: "utf8",
        env: { ...process.env, NODE_PATH: join(repoRoot(), "node_modules") },
      });
      assert.equal(result.stdout.trim(), '"function"', result.stderr);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
