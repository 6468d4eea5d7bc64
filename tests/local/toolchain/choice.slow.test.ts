import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { ensureToolchain } from "../../../local/toolchain/ensure";
import { goFloor } from "../../../local/toolchain/go";
import { pulumiVersion } from "../../../local/toolchain/pulumi-release";
import { toolchainStatus } from "../../../local/toolchain/status";
import { UserError } from "../../../local/user-error";
import { Sandbox } from "./support";

describe("choice of the Pulumi CLI", () => {
  let sandbox: Sandbox;
  beforeEach(() => {
    sandbox = new Sandbox();
  });
  afterEach(() => sandbox.remove());

  it("takes a suitable one on PATH with the language host beside it, and needs no cache for that", async () => {
    const pulumi = sandbox.pulumi("3.240.1");
    const host = sandbox.script(join(sandbox.bin, "pulumi-language-nodejs"), "exit 0");
    writeFileSync(join(sandbox.root, "cache"), "a file where the cache's folder should be");
    const toolchain = await ensureToolchain({ env: sandbox.env });
    assert.equal(toolchain.source, "path");
    assert.equal(toolchain.pulumi, pulumi);
    assert.equal(toolchain.version, "3.240.1");
    assert.deepEqual([toolchain.languageHost.source, toolchain.languageHost.path], ["bundled", host]);
  });

  it("gives a CLI on PATH that has no language host the one of this project", async () => {
    sandbox.pulumi("3.240.1");
    const toolchain = await ensureToolchain({ env: sandbox.env });
    assert.equal(toolchain.source, "path");
    assert.equal(toolchain.languageHost.source, "switchyard");
    assert.equal(toolchain.languageHost.path, join(toolchain.binDir, "pulumi-language-nodejs"));
    assert.equal(toolchain.pulumi, join(toolchain.binDir, "pulumi"));
    assert.match(readFileSync(toolchain.pulumi, "utf8"), /echo v3\.240\.1/);
  });

  it("finds the language host of a CLI that is a symbolic link", async () => {
    const real = join(sandbox.root, "opt", "pulumi");
    sandbox.pulumi("3.240.1", real);
    sandbox.script(join(real, "pulumi-language-nodejs"), "exit 0");
    symlinkSync(join(real, "pulumi"), join(sandbox.bin, "pulumi"));
    const toolchain = await ensureToolchain({ env: sandbox.env });
    assert.equal(toolchain.binDir, real);
    assert.equal(toolchain.languageHost.source, "bundled");
  });

  for (const [version, reason] of [
    ["3.231.9", /3\.231\.9 is older than 3\.232\.0/],
    [`${pulumiVersion}-alpha.1`, /is older than/],
    ["4.0.0", /another major version/],
  ] as const) {
    it(`passes over ${version} on PATH, says why, and takes the next one`, async () => {
      sandbox.pulumi(version);
      const later = join(sandbox.root, "later");
      sandbox.pulumi("3.240.1", later);
      const env = { ...sandbox.env, PATH: `${sandbox.bin}:${later}` };
      const toolchain = await ensureToolchain({ env });
      assert.equal(toolchain.version, "3.240.1");
      assert.equal(toolchain.passedOver.length, 1);
      assert.match(toolchain.passedOver[0]?.reason ?? "", reason);
      assert.deepEqual((await toolchainStatus(env)).passedOver, toolchain.passedOver);
    });
  }

  it("passes over a file named pulumi that does not run", async () => {
    sandbox.script(join(sandbox.bin, "pulumi"), "exit 7");
    sandbox.go();
    const toolchain = await ensureToolchain({ env: sandbox.env });
    assert.equal(toolchain.source, "build");
    assert.match(toolchain.passedOver[0]?.reason ?? "", /exit code 7/);
  });

  it("asks an updated CLI on PATH for its version again", async () => {
    const pulumi = sandbox.pulumi("3.240.1");
    await ensureToolchain({ env: sandbox.env });
    writeFileSync(pulumi, "#!/bin/sh\necho v3.241.0\n");
    assert.equal((await ensureToolchain({ env: sandbox.env })).version, "3.241.0");
  });

  it("does not take its own cache for a CLI on PATH", async () => {
    sandbox.go();
    const first = await ensureToolchain({ env: sandbox.env });
    const env = { ...sandbox.env, PATH: `${first.binDir}:${sandbox.bin}` };
    const second = await ensureToolchain({ env });
    assert.deepEqual([first.source, second.source], ["build", "cache"]);
    assert.equal(second.binDir, first.binDir);
  });

  it("builds once and then uses the cache", async () => {
    sandbox.go();
    const first = await ensureToolchain({ env: sandbox.env });
    const second = await ensureToolchain({ env: sandbox.env });
    assert.equal(sandbox.builds.length, 1);
    assert.deepEqual([first.source, second.source], ["build", "cache"]);
    assert.match(second.reason, /built with .*go 1\.26\.0.*127\.0\.0\.1:9/s);
  });

  it("refuses with one error that names every way out when nothing can be had", async () => {
    sandbox.pulumi("3.100.0");
    const error = await ensureToolchain({ env: sandbox.env }).then(
      () => assert.fail("there is no CLI to be had"),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof UserError);
    for (const part of [
      /3\.100\.0 is older/,
      /official download: .*127\.0\.0\.1:9/,
      /build .*no go on PATH/,
    ]) {
      assert.match(error.message, part);
    }
    for (const part of [/install the Pulumi CLI/, /HTTPS_PROXY/, /install Go 1\.26 or later/]) {
      assert.match(error.mend ?? "", part);
    }
  });

  it("refuses an old Go and says which one is needed", async () => {
    sandbox.go({ version: "1.21.4" });
    await assert.rejects(ensureToolchain({ env: sandbox.env }), /is 1\.21\.4, needed is 1\.25\.8 or later/);
    assert.deepEqual(sandbox.builds, []);
  });

  it("passes the compiler's lines on when the build fails", async () => {
    sandbox.go({ fail: "missing go.sum entry for module x" });
    await assert.rejects(ensureToolchain({ env: sandbox.env }), /exit code 1:\s+missing go\.sum entry/);
  });
});

describe("status of the toolchain", () => {
  let sandbox: Sandbox;
  beforeEach(() => {
    sandbox = new Sandbox();
  });
  afterEach(() => sandbox.remove());

  it("tells what the next command would do and leaves everything as it is", async () => {
    sandbox.go();
    const status = await toolchainStatus(sandbox.env);
    assert.equal(status.pulumi, null);
    assert.match(status.next ?? "", /^download http:.*, or else build with .*go 1\.26\.0$/);
    assert.deepEqual(status.cache, { folder: sandbox.cache, bytes: 0 });
    assert.deepEqual(sandbox.builds, []);
  });

  it("tells of Prometheus as well: how one would be had, and the one on PATH that would be taken", async () => {
    sandbox.go();
    const none = (await toolchainStatus(sandbox.env)).prometheus;
    assert.equal(none.found, null);
    assert.match(none.next ?? "", /^download http.*prometheus.*, or else build with .*go 1\.26\.0$/);
    const old = sandbox.script(
      join(sandbox.root, "old", "prometheus"),
      "echo 'prometheus, version 2.31.2 (x)'",
    );
    const path = sandbox.script(join(sandbox.bin, "prometheus"), "echo 'prometheus, version 2.42.0 (x)'");
    const env = { ...sandbox.env, PATH: `${join(sandbox.root, "old")}:${sandbox.bin}` };
    const { prometheus, passedOver } = await toolchainStatus(env);
    assert.deepEqual(
      [prometheus.found?.path, prometheus.found?.version, prometheus.next],
      [path, "2.42.0", null],
    );
    assert.deepEqual(passedOver, [{ what: `${old} on PATH`, reason: "2.31.2 is older than 2.40" }]);
    assert.deepEqual(sandbox.builds, []);
  });

  it("names what is used, where it came from and why", async () => {
    sandbox.go();
    const toolchain = await ensureToolchain({ env: sandbox.env });
    const status = await toolchainStatus(sandbox.env);
    assert.deepEqual(status.pulumi, {
      path: toolchain.pulumi,
      version: pulumiVersion,
      source: "cache",
      reason: toolchain.reason,
    });
    assert.deepEqual(status.languageHost, toolchain.languageHost);
    assert.ok(status.cache.bytes > 0);
    assert.equal(status.next, null);
    assert.match(status.go.reason, new RegExp(`needed: ${await goFloor()} or later`));
  });
});

describe("versions that belong together", () => {
  it("SDK, CLI and Go module are the same release", () => {
    const root = join(__dirname, "../../../..").replace(/\/\.build$/, "");
    const at = (name: string) => readFileSync(join(root, name), "utf8");
    const manifest = JSON.parse(at("package.json")) as { dependencies: Record<string, string> };
    assert.equal(manifest.dependencies["@pulumi/pulumi"], pulumiVersion);
    assert.ok(
      at("local/toolchain/modules/pulumi/go.mod").includes(
        `github.com/pulumi/pulumi/pkg/v3 v${pulumiVersion}`,
      ),
    );
  });
});

describe("cache of the toolchain", () => {
  let sandbox: Sandbox;
  let cached: string;
  beforeEach(async () => {
    sandbox = new Sandbox();
    sandbox.go();
    await ensureToolchain({ env: sandbox.env });
    const status = await toolchainStatus(sandbox.env);
    cached = status.pulumi?.path ?? "";
  });
  afterEach(() => sandbox.remove());

  it("rebuilds a CLI whose content has changed", async () => {
    const before = readFileSync(cached, "utf8");
    writeFileSync(cached, before.replace("echo", "ohce"));
    utimesSync(cached, new Date(), new Date(Date.now() + 5_000));
    await ensureToolchain({ env: sandbox.env });
    assert.equal(sandbox.builds.length, 2);
    const path = (await toolchainStatus(sandbox.env)).pulumi?.path ?? "";
    assert.equal(readFileSync(path, "utf8"), before);
  });

  it("rebuilds a CLI that was cut short", async () => {
    writeFileSync(cached, "");
    await ensureToolchain({ env: sandbox.env });
    assert.equal(sandbox.builds.length, 2);
  });

  it("keeps a CLI that was only touched", async () => {
    utimesSync(cached, new Date(), new Date(Date.now() + 5_000));
    await ensureToolchain({ env: sandbox.env });
    assert.equal(sandbox.builds.length, 1);
  });

  it("keeps the newest folder that another one took the place of, for a second checkout, and drops the older", async () => {
    const age = (binDir: string, filledAt: string) => {
      const record = join(binDir, "..", "entry.json");
      const text = readFileSync(record, "utf8");
      writeFileSync(record, text.replace(/"filledAt": ".*?"/, `"filledAt": "${filledAt}"`));
    };
    const first = await ensureToolchain({ env: sandbox.env });
    age(first.binDir, "2020-01-01T00:00:00Z");
    sandbox.pulumi("3.240.1");
    const second = await ensureToolchain({ env: sandbox.env });
    age(second.binDir, "2021-01-01T00:00:00Z");
    assert.ok(existsSync(first.binDir), "it is the newest other one");
    sandbox.pulumi("3.240.20");
    const third = await ensureToolchain({ env: sandbox.env });
    const there = [first, second, third].map(({ binDir }) => existsSync(binDir));
    assert.deepEqual(there, [false, true, true]);
    const kept = readdirSync(join(sandbox.cache, "tools")).filter((name) => name.includes("-build-"));
    assert.equal(kept.length, 1, "the CLI itself stays");
  });

  it("is refused with its name and a way out when it cannot be written", async () => {
    const file = join(sandbox.root, "file");
    writeFileSync(file, "");
    const env = { ...sandbox.env, XDG_CACHE_HOME: file };
    await assert.rejects(ensureToolchain({ env }), (error: unknown) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, new RegExp(`${file}/switchyard cannot be used`));
      assert.match(error.mend ?? "", /XDG_CACHE_HOME/);
      return true;
    });
  });

  it("is refused as full when the build finds the disk full, and keeps nothing half-done", async () => {
    sandbox.go({ fail: "link: write a.out: no space left on device" });
    const env = { ...sandbox.env, XDG_CACHE_HOME: join(sandbox.root, "other") };
    mkdirSync(join(sandbox.root, "other"));
    await assert.rejects(ensureToolchain({ env }), /disk of the tool cache .* is full/);
    const { cache } = await toolchainStatus(env);
    assert.equal(cache.bytes, 0);
  });
});
