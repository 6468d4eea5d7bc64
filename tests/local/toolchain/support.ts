import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Progress } from "../../../local/progress";
import { officialRelease, pulumiVersion } from "../../../local/toolchain/pulumi-release";

export function isRunning(pid: number): boolean {
  try {
    // A killed process that its parent has not waited for yet is a zombie, gone in all but name.
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

/** A folder with everything that a choice of toolchain looks at: PATH, home, cache; nothing of this machine. */
export class Sandbox {
  readonly root = mkdtempSync(join(tmpdir(), "switchyard-toolchain-"));
  readonly bin = join(this.root, "bin");
  readonly cache = join(this.root, "cache", "switchyard");
  readonly goLog = join(this.root, "go.log");
  readonly goGate = join(this.root, "go-may-end");
  readonly #servers: Server[] = [];
  downloadUrl = "http://127.0.0.1:9/refused";

  constructor() {
    mkdirSync(this.bin);
    for (const tool of ["tar", "gzip"]) {
      const path = [`/usr/bin/${tool}`, `/bin/${tool}`].find((file) => existsSync(file));
      if (path) symlinkSync(path, join(this.bin, tool));
    }
  }

  get env(): NodeJS.ProcessEnv {
    return {
      PATH: this.bin,
      HOME: this.root,
      XDG_CACHE_HOME: dirname(this.cache),
      SWITCHYARD_PULUMI_DOWNLOAD_URL: this.downloadUrl,
      GO_TEST_LOG: this.goLog,
      GO_TEST_GATE: this.goGate,
    };
  }

  script(path: string, body: string): string {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `#!/bin/sh\n${body}\n`);
    chmodSync(path, 0o755);
    return path;
  }

  /** A CLI that only states a version. */
  pulumi(version: string, folder = this.bin): string {
    // An installer puts a new file in the old one's place; the old one may live on in the cache by a hard link.
    rmSync(join(folder, "pulumi"), { force: true });
    return this.script(join(folder, "pulumi"), `echo v${version}`);
  }

  /**
   * A Go that "builds" a CLI. Each build leaves a line with its process number in `goLog`; with `gated` it ends only
   * once `openGate` was called.
   */
  go(options: { version?: string; gated?: boolean; fail?: string } = {}): void {
    const { version = "1.26.0", gated = false, fail } = options;
    const wait = gated ? 'while [ ! -e "$GO_TEST_GATE" ]; do /bin/sleep 0.01; done' : ":";
    const end =
      fail === undefined
        ? `printf '#!/bin/sh\\necho v${pulumiVersion}\\n' > "$out"; /bin/chmod 755 "$out"`
        : `echo "${fail}" >&2; exit 1`;
    this.script(
      join(this.bin, "go"),
      `if [ "$1" = env ]; then echo go${version}; exit 0; fi
echo $$ >> "$GO_TEST_LOG"
while [ $# -gt 0 ]; do if [ "$1" = -o ]; then out=$2; fi; shift; done
${wait}
${end}`,
    );
  }

  openGate(): void {
    writeFileSync(this.goGate, "");
  }

  /** Process numbers of the builds so far. */
  get builds(): number[] {
    if (!existsSync(this.goLog)) return [];
    return readFileSync(this.goLog, "utf8").trim().split("\n").map(Number);
  }

  /** Serves from loopback in place of the official site. */
  async serve(answer: (path: string, response: ServerResponse) => void): Promise<void> {
    const server = createServer((request, response) => answer(request.url ?? "", response));
    this.#servers.push(server);
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    this.downloadUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** An archive as the official one is: a folder `pulumi` with the CLI and its own language host. */
  release(version = pulumiVersion): {
    archive: Buffer;
    checksums: string;
    archivePath: string;
    checksumsPath: string;
  } {
    const folder = join(this.root, "release");
    this.pulumi(version, join(folder, "pulumi"));
    this.script(join(folder, "pulumi", "pulumi-language-nodejs"), "echo host");
    const file = join(this.root, "release.tar.gz");
    execFileSync("tar", ["-czf", file, "-C", folder, "pulumi"]);
    const archive = readFileSync(file);
    const names = officialRelease({ SWITCHYARD_PULUMI_DOWNLOAD_URL: "http://x" });
    if (!names) throw new Error("these tests need a platform that has official releases");
    const digest = createHash("sha256").update(archive).digest("hex");
    return {
      archive,
      checksums: `${"0".repeat(64)}  pulumi-other.tar.gz\n${digest}  ${names.archiveName}\n`,
      archivePath: new URL(names.archiveUrl).pathname,
      checksumsPath: new URL(names.checksumsUrl).pathname,
    };
  }

  remove(): void {
    for (const server of this.#servers) {
      server.closeAllConnections();
      server.close();
    }
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** Progress that keeps the titles of the steps. */
export function recordedProgress(): Progress & { readonly titles: string[] } {
  const titles: string[] = [];
  return {
    titles,
    step: (title, work) => {
      titles.push(title);
      return work(() => {});
    },
  };
}
