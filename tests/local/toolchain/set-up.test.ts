import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as esbuild from "esbuild";
import { repoRoot } from "../../../local/repo-root";
import { eventually, isRunning } from "./support";

const setUp = join(repoRoot(), "bin/set-up/index.cjs");
const { ensureSetUp } = require(setUp) as {
  ensureSetUp(options: { root: string; stream: { write(text: string): unknown } }): Promise<void>;
};

/**
 * A checkout with a compiler and an npm that only leave traces: what is shown is when they run and what is made of
 * their answers, not what they do. Real ones run whenever this project is installed and built.
 */
class Checkout {
  readonly root = mkdtempSync(join(tmpdir(), "switchyard-set-up-"));
  readonly log = join(this.root, "log");
  readonly gate = join(this.root, "gate");
  said = "";

  constructor() {
    this.write("package-lock.json", '{"packages":{"":{"name":"x"},"node_modules/a":{"version":"1.0.0"}}}');
    this.write("tsconfig.json", '{"include":["src"]}');
    this.write("bin/set-up/compile.cjs", "");
    this.write("src/one.ts", "one");
    this.write("src/deep/two.ts", "two");
    this.tools();
    this.recordOf("1.0.0");
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(join(this.root, name)), { recursive: true });
    writeFileSync(join(this.root, name), text);
  }

  /** npm's record of an installation with that version of package `a`. */
  recordOf(version: string): void {
    this.write("node_modules/.package-lock.json", `{"packages":{"node_modules/a":{"version":"${version}"}}}`);
  }

  tools(options: { gated?: boolean; fault?: string } = {}): void {
    const { gated = false, fault = "" } = options;
    this.write(
      "node_modules/typescript/bin/tsc",
      `const fs = require("node:fs"), path = require("node:path");
      fs.appendFileSync(${JSON.stringify(this.log)}, "tsc " + process.pid + "\\n");
      const out = process.argv[process.argv.indexOf("--outDir") + 1];
      const compile = () => {
        for (const name of fs.readdirSync("src", { recursive: true })) {
          if (!name.endsWith(".ts")) continue;
          const file = path.join(out, "src", name.replace(/ts$/, "js"));
          fs.mkdirSync(path.dirname(file), { recursive: true });
          fs.copyFileSync(path.join("src", name), file);
        }
        fs.writeFileSync(path.join(out, ".tsbuildinfo"), "");
        if (${JSON.stringify(fault)}) { console.log(${JSON.stringify(fault)}); process.exit(2); }
      };
      const wait = () => (${gated} && !fs.existsSync(${JSON.stringify(this.gate)}) ? setTimeout(wait, 5) : compile());
      wait();`,
    );
  }

  /** How often a tool ran. */
  runs(tool: string): number {
    return this.pids(tool).length;
  }

  pids(tool: string): number[] {
    if (!existsSync(this.log)) return [];
    const lines = readFileSync(this.log, "utf8").split("\n");
    return lines.filter((line) => line.startsWith(`${tool} `)).map((line) => Number(line.split(" ")[1]));
  }

  at(name: string): string {
    return readFileSync(join(this.root, name), "utf8");
  }

  ensure(): Promise<void> {
    const stream = {
      write: (text: string) => {
        this.said += text;
      },
    };
    return ensureSetUp({ root: this.root, stream });
  }
}

describe("set-up", () => {
  let checkout: Checkout;
  let children: ChildProcess[] = [];
  const environment = { ...process.env };
  beforeEach(() => {
    checkout = new Checkout();
    children = [];
  });
  afterEach(() => {
    process.env = { ...environment };
    for (const pid of [
      ...children.map((child) => child.pid),
      ...checkout.pids("tsc"),
      ...checkout.pids("npm"),
    ]) {
      if (pid !== undefined && isRunning(pid)) process.kill(pid, "SIGKILL");
    }
    rmSync(checkout.root, { recursive: true, force: true });
  });

  /** Set-up in a process of its own. */
  function start(): ChildProcess {
    const argv = [
      "-e",
      `require(${JSON.stringify(setUp)}).ensureSetUp({ root: ${JSON.stringify(checkout.root)} })`,
    ];
    const child = spawn(process.execPath, argv, { stdio: ["ignore", "inherit", "ignore"] });
    children.push(child);
    return child;
  }

  /** An npm that leaves a trace and npm's record; found as npm names itself to what it runs. */
  function fakeNpm(name: string, code = 0): void {
    checkout.write(
      `npm/${name}`,
      `const fs = require("node:fs");
      fs.appendFileSync(${JSON.stringify(checkout.log)}, "npm " + process.pid + " " + process.argv.slice(2).join(" ") + "\\n");
      if (${code}) { console.error("E404 no such package"); process.exit(${code}); }
      fs.writeFileSync("node_modules/.package-lock.json", '{"packages":{"node_modules/a":{"version":"1.0.0"}}}');`,
    );
    process.env.npm_execpath = join(checkout.root, "npm/npm-cli.js");
  }

  describe("of the build", () => {
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
    });

    it("compiles again after every change that matters", async () => {
      await checkout.ensure();
      const changes: [string, () => void][] = [
        ["a source was added", () => checkout.write("src/three.ts", "three")],
        [
          "the compiler's settings changed",
          () => checkout.write("tsconfig.json", '{"include":["src"],"x":1}'),
        ],
        ["an output is missing", () => rmSync(join(checkout.root, "dist/src/deep/two.js"))],
        ["the stamp is broken", () => checkout.write("dist/.build-stamp.json", '{"sour')],
      ];
      for (const [index, [what, change]] of changes.entries()) {
        change();
        await checkout.ensure();
        assert.equal(checkout.runs("tsc"), index + 2, what);
        assert.ok(existsSync(join(checkout.root, "dist/src/deep/two.js")), what);
      }
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

    it("two at once: one compiles, the other waits for it", async () => {
      checkout.tools({ gated: true });
      const first = checkout.ensure();
      await eventually("the first one compiles", () => checkout.runs("tsc") === 1);
      const second = checkout.ensure();
      await eventually("the second one waits", () => /waiting for another set-up/.test(checkout.said));
      writeFileSync(checkout.gate, "");
      await Promise.all([first, second]);
      assert.equal(checkout.runs("tsc"), 1);
    });

    it("killed half way: what was compiled before does not count, and the next one compiles", async () => {
      await checkout.ensure();
      checkout.write("src/one.ts", "uno");
      checkout.tools({ gated: true });
      const child = start();
      const compiler = await eventually("it compiles", () => checkout.pids("tsc")[1]);
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
      const compiler = await eventually("it compiles", () => checkout.pids("tsc")[0]);
      child.kill("SIGINT");
      const [code] = (await once(child, "close")) as [number];
      assert.equal(code, 130);
      assert.ok(!isRunning(compiler));
    });
  });

  describe("of the packages", () => {
    it("takes what somebody installed by hand", async () => {
      fakeNpm("npm-cli.js");
      await checkout.ensure();
      assert.equal(checkout.runs("npm"), 0);
    });

    it("installs when another version is installed than the lock file asks for", async () => {
      fakeNpm("npm-cli.js");
      checkout.recordOf("0.9.0");
      await checkout.ensure();
      await checkout.ensure();
      assert.equal(checkout.runs("npm"), 1);
      assert.match(checkout.at("log"), /npm \d+ ci --include=dev/);
    });

    it("installs again when the lock file changed", async () => {
      fakeNpm("npm-cli.js");
      await checkout.ensure();
      checkout.write(
        "package-lock.json",
        '{"packages":{"node_modules/a":{"version":"1.0.0"},"node_modules/b":{}}}',
      );
      await assert.rejects(checkout.ensure(), /node_modules is not what package-lock\.json asks for/);
      assert.equal(checkout.runs("npm"), 1);
    });

    it("installs again after an installation that was cut off", async () => {
      fakeNpm("npm-cli.js");
      rmSync(join(checkout.root, "node_modules/.package-lock.json"));
      await checkout.ensure();
      assert.equal(checkout.runs("npm"), 1);
    });

    it("runs npm itself when npx started this", async () => {
      fakeNpm("npm-cli.js");
      checkout.write("npm/npx-cli.js", "process.exit(9)");
      process.env.npm_execpath = join(checkout.root, "npm/npx-cli.js");
      checkout.recordOf("0.9.0");
      await checkout.ensure();
      assert.equal(checkout.runs("npm"), 1);
    });

    it("does not need optional packages of other platforms", async () => {
      fakeNpm("npm-cli.js");
      checkout.write(
        "package-lock.json",
        '{"packages":{"node_modules/a":{"version":"1.0.0"},"node_modules/win":{"optional":true}}}',
      );
      await checkout.ensure();
      assert.equal(checkout.runs("npm"), 0);
    });

    it("passes npm's words on when it fails", async () => {
      fakeNpm("npm-cli.js", 1);
      checkout.recordOf("0.9.0");
      await assert.rejects(checkout.ensure(), /npm ci failed with exit code 1:[\s\S]*E404 no such package/);
    });
  });
});

describe("an old Node", () => {
  const entries = ["switchyard.cjs", "build.cjs", "run-tests.cjs"];

  for (const entry of entries) {
    it(`is told by bin/${entry} which one is needed, before anything else happens`, () => {
      const old = `Object.defineProperty(process, "version", { value: "v16.20.2" }); require(${JSON.stringify(join(repoRoot(), "bin", entry))});`;
      const run = () => execFileSync(process.execPath, ["-e", old], { encoding: "utf8", stdio: "pipe" });
      assert.throws(run, (error: unknown) => {
        const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string };
        assert.equal(status, 1);
        assert.equal(stdout, "");
        assert.match(
          stderr,
          /needs Node >= 20\.19, this is v16\.20\.2 \(.*\)\.\nInstall a newer one .*nvm install 20/,
        );
        return true;
      });
    });
  }

  it("can parse every file up to that message", () => {
    for (const entry of [...entries, "set-up/node-floor.cjs"]) {
      const code = readFileSync(join(repoRoot(), "bin", entry), "utf8");
      const as = (target: string) => esbuild.transformSync(code, { target, minifyWhitespace: true }).code;
      assert.equal(as("node10"), as("esnext"), `${entry} has syntax that Node 10 does not know`);
    }
  });

  it("is told from a new one by major and minor version", () => {
    const { complaint } = require(join(repoRoot(), "bin/set-up/node-floor.cjs")) as {
      complaint(version: string, range: string, platform: string): string | undefined;
    };
    const tooOld = ["v0.10.48", "v18.20.0", "v20.18.3"].map((version) =>
      complaint(version, ">=20.19", "linux"),
    );
    assert.ok(tooOld.every((text) => text !== undefined));
    const fine = ["v20.19.0", "v20.20.2", "v22.0.0", "v24.1.0-rc.1"].map((version) =>
      complaint(version, ">=20.19", "linux"),
    );
    assert.ok(fine.every((text) => text === undefined));
    assert.match(complaint("v22.0.0", ">=20.19", "win32") ?? "", /runs on Linux and macOS, this is win32/);
  });
});
