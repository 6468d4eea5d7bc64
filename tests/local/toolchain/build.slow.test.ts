import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { soon } from "../../support/until";
import { Checkout, compiler, setUpModule } from "./checkout";
import { isRunning } from "./support";

describe("set-up of the build", () => {
  let checkout: Checkout;
  let children: ChildProcess[] = [];
  beforeEach(() => {
    checkout = new Checkout();
    children = [];
  });
  afterEach(() => {
    for (const { pid } of children) if (pid !== undefined && isRunning(pid)) process.kill(pid, "SIGKILL");
    checkout.remove();
  });

  /** Set-up in a process of its own. */
  function start(): ChildProcess {
    const root = JSON.stringify(checkout.root);
    const argv = ["-e", `require(${JSON.stringify(setUpModule)}).ensureSetUp({ root: ${root} })`];
    const child = spawn(process.execPath, argv, { stdio: ["ignore", "inherit", "ignore"] });
    children.push(child);
    return child;
  }

  it("compiles once, and again only when a source's content changed", async () => {
    await checkout.ensure();
    await checkout.ensure();
    assert.equal(checkout.runs("tsc"), 1);
    utimesSync(join(checkout.root, "src/one.ts"), new Date(), new Date(Date.now() + 9_000));
    await checkout.ensure();
    assert.equal(checkout.runs("tsc"), 1, "a touched file is no change");
    checkout.write("src/one.ts", "uno");
    await checkout.ensure();
    assert.equal(checkout.runs("tsc"), 2);
    assert.equal(checkout.at("dist/src/one.js"), "uno");
    assert.match(checkout.at("log"), /^tsc \d+ whole\ntsc \d+ incremental\n$/);
  });

  it("compiles again after every change that matters", async () => {
    await checkout.ensure();
    const changes: [string, () => void][] = [
      ["a source was added", () => checkout.write("src/three.ts", "three")],
      ["the compiler's settings changed", () => checkout.write("tsconfig.json", '{"include":["src"],"x":1}')],
      ["an output is missing", () => rmSync(join(checkout.root, "dist/src/deep/two.js"))],
      ["the stamp is broken", () => checkout.write("dist/.build-stamp.json", '{"sour')],
    ];
    for (const [index, [what, change]] of changes.entries()) {
      change();
      await checkout.ensure();
      assert.equal(checkout.runs("tsc"), index + 2, what);
      assert.ok(existsSync(join(checkout.root, "dist/src/deep/two.js")), what);
    }
    const kinds = checkout
      .at("log")
      .trim()
      .split("\n")
      .map((line) => line.split(" ")[2]);
    const expected = ["whole", "incremental", "incremental", "whole", "incremental"];
    assert.deepEqual(kinds, expected, "the compiler's record is used unless it is wrong");
  });

  it("removes the output of a source that is gone", async () => {
    await checkout.ensure();
    rmSync(join(checkout.root, "src/deep/two.ts"));
    await checkout.ensure();
    assert.ok(!existsSync(join(checkout.root, "dist/src/deep/two.js")));
    assert.ok(existsSync(join(checkout.root, "dist/src/one.js")));
  });

  it("shows the compiler's lines and counts as not built when a type is wrong", async () => {
    checkout.tools({ fault: "src/one.ts(1,1): error TS2304: Cannot find name 'one'." });
    await assert.rejects(checkout.ensure(), /do not compile[\s\S]*src\/one\.ts\(1,1\): error TS2304/);
    await assert.rejects(checkout.ensure(), /TS2304/);
    checkout.tools();
    await checkout.ensure();
    assert.equal(checkout.runs("tsc"), 3);
  });

  it("says which compiler is missing where packages were installed without the optional ones", async () => {
    rmSync(join(checkout.root, compiler));
    await assert.rejects(checkout.ensure(), {
      message: /compiler for \S+ is not .*installed/,
      mend: /npm ci --include=optional/,
    });
  });

  it("two at once: one compiles, the other waits for it", async () => {
    checkout.tools({ gated: true });
    const first = checkout.ensure();
    await soon("the first one compiles", () => checkout.runs("tsc") === 1);
    const second = checkout.ensure();
    await soon("the second one waits", () => /waiting for another set-up/.test(checkout.said));
    writeFileSync(checkout.gate, "");
    await Promise.all([first, second]);
    assert.equal(checkout.runs("tsc"), 1);
  });

  it("killed half way: what was compiled before does not count, and the next one compiles", async () => {
    await checkout.ensure();
    checkout.write("src/one.ts", "uno");
    checkout.tools({ gated: true });
    const child = start();
    const compiler = await soon("it compiles", () => checkout.pids("tsc")[1]);
    process.kill(compiler, "SIGKILL");
    child.kill("SIGKILL");
    await once(child, "close");
    checkout.tools();
    await checkout.ensure();
    assert.equal(checkout.runs("tsc"), 3);
    assert.equal(checkout.at("dist/src/one.js"), "uno");
  });

  it("ended by Ctrl-C: the compiler is ended too", async () => {
    checkout.tools({ gated: true });
    const child = start();
    const compiler = await soon("it compiles", () => checkout.pids("tsc")[0]);
    child.kill("SIGINT");
    const [code] = (await once(child, "close")) as [number];
    assert.equal(code, 130);
    assert.ok(!isRunning(compiler));
  });
});
