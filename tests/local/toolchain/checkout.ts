import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { repoRoot } from "../../../local/repo-root";
import { isRunning } from "./support";

/** The module that npm start, npm test and npm run build go through. */
export const setUpModule = join(repoRoot(), "bin/set-up/index.cjs");

const { ensureSetUp } = require(setUpModule) as {
  ensureSetUp(options: { root: string; stream: { write(text: string): unknown } }): Promise<void>;
};

export const compiler = `node_modules/@typescript/typescript-${process.platform}-${process.arch}/lib/tsc`;

/**
 * A checkout with a compiler and an npm that only leave traces: what is shown is when they run and what is made of
 * their answers, not what they do. Real ones run whenever this project is installed and built.
 */
export class Checkout {
  readonly root = mkdtempSync(join(tmpdir(), "switchyard-set-up-"));
  readonly log = join(this.root, "log");
  readonly gate = join(this.root, "gate");
  said = "";

  constructor() {
    this.write("package-lock.json", '{"packages":{"":{"name":"x"},"node_modules/a":{"version":"1.0.0"}}}');
    this.write("tsconfig.json", '{"include":["src"]}');
    this.write("bin/set-up/compile.cjs", "");
    this.write("bin/set-up/pack-bundle.cjs", "");
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
      compiler,
      `#!${process.execPath}
      const fs = require("node:fs"), path = require("node:path");
      const out = process.argv[process.argv.indexOf("--outDir") + 1];
      const record = path.join(out, ".tsbuildinfo");
      const kind = fs.existsSync(record) ? " incremental" : " whole";
      fs.appendFileSync(${JSON.stringify(this.log)}, "tsc " + process.pid + kind + "\\n");
      const compile = () => {
        for (const name of fs.readdirSync("src", { recursive: true })) {
          if (!name.endsWith(".ts")) continue;
          const file = path.join(out, "src", name.replace(/ts$/, "js"));
          fs.mkdirSync(path.dirname(file), { recursive: true });
          fs.copyFileSync(path.join("src", name), file);
        }
        const fileNames = fs.readdirSync("src", { recursive: true }).map((name) => "../src/" + name);
        fs.writeFileSync(record, JSON.stringify({ fileNames: [...fileNames, "../node_modules/a/a.d.ts"] }));
        if (${JSON.stringify(fault)}) { console.log(${JSON.stringify(fault)}); process.exit(2); }
      };
      const wait = () => (${gated} && !fs.existsSync(${JSON.stringify(this.gate)}) ? setTimeout(wait, 5) : compile());
      wait();`,
    );
    chmodSync(join(this.root, compiler), 0o755);
  }

  /** An npm that leaves a trace and npm's record, and with a code other than 0 fails instead. */
  npm(code = 0): string {
    this.write(
      "npm/npm-cli.js",
      `const fs = require("node:fs");
      fs.appendFileSync(${JSON.stringify(this.log)}, "npm " + process.pid + " " + process.argv.slice(2).join(" ") + "\\n");
      if (${code}) { console.error("npm error E404 no such package\\nnpm error\\nnpm error Clean install a project\\nnpm error Usage:"); process.exit(${code}); }
      fs.writeFileSync("node_modules/.package-lock.json", '{"packages":{"node_modules/a":{"version":"1.0.0"}}}');`,
    );
    return join(this.root, "npm/npm-cli.js");
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

  remove(): void {
    for (const pid of [...this.pids("tsc"), ...this.pids("npm")]) {
      if (isRunning(pid)) process.kill(pid, "SIGKILL");
    }
    rmSync(this.root, { recursive: true, force: true });
  }

  /** Set-up in this process. */
  ensure(): Promise<void> {
    const stream = {
      write: (text: string) => {
        this.said += text;
      },
    };
    return ensureSetUp({ root: this.root, stream });
  }
}
