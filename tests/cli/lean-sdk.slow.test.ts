import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
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

describe("lean SDK", function () {
  // Each starts Node with the SDK once or twice.
  this.timeout(20_000);

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

  it("V8's debugger is asked no earlier than somebody asks it, and knows the scripts that were there before", () => {
    const script = `const hooks = require("@pulumi/pulumi/runtime/closure/v8Hooks");
      (async () => {
        await hooks.isInitializedAsync();
        const before = hooks.getScriptUrl("1");
        const session = await hooks.getSessionAsync();
        const found = [];
        for (let id = 1; id < 2000; id++) { const url = hooks.getScriptUrl(String(id)); if (url) found.push(url); }
        session.disconnect();
        console.log(JSON.stringify([before === undefined, found.some((url) => url.includes("lean-sdk"))]));
      })()`;
    assert.deepEqual(run(script), [true, true]);
  });

  it("a program that asks for TypeScript itself gets it", () => {
    assert.match(String(run(`console.log(JSON.stringify(require("typescript").SyntaxKind[1] ?? ""))`)), /\w/);
  });

  it("properties of resources are exchanged without a message for each value", () => {
    const script = `require("@pulumi/pulumi");
      const { Struct } = require("google-protobuf/google/protobuf/struct_pb.js");
      console.log(JSON.stringify(Struct.fromJavaScript({ a: 1 }).toArray()))`;
    assert.deepEqual(run(script), []);
  });

  it("a compiled pack is run in the place of the SDK's starter", () => {
    assert.equal(startPack({ main: "dist/pack.js" }), "the pack");
  });

  it("the SDK's starter runs a pack that is not compiled", () => {
    assert.equal(startPack({ main: "index.ts" }), "the starter");
    assert.equal(startPack({}), "the starter");
  });
});

/** What a stand-in of the SDK's starter, or a pack in its folder, prints. */
function startPack(manifest: { readonly main?: string }): string {
  const folder = mkdtempSync(join(tmpdir(), "switchyard-pack-"));
  try {
    writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
    mkdirSync(join(folder, "dist"));
    writeFileSync(join(folder, "dist", "pack.js"), `console.log("the pack")`);
    const starter = join(folder, "run-policy-pack");
    writeFileSync(starter, `console.log("the starter")`);
    const argv = ["--require", preload, starter, "127.0.0.1:1", folder];
    const result = spawnSync(process.execPath, argv, { cwd: folder, encoding: "utf8" });
    assert.equal(result.status, 0, result.stderr);
    return result.stdout.trim();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
