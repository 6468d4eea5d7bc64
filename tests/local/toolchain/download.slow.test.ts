import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { dirname, join } from "node:path";
import { ensureToolchain } from "../../../local/toolchain/ensure";
import { defaultFetchLimits } from "../../../local/toolchain/fetch-file";
import { pulumiVersion } from "../../../local/toolchain/pulumi-release";
import { recordedProgress, Sandbox } from "./support";

/** The official site is played by a server on loopback: what it really serves is not shown here. */
describe("download of the Pulumi CLI", () => {
  /** A server on loopback that answers does so within this, however busy the machine is. */
  const limits = { firstAnswerMilliseconds: 5_000, stallMilliseconds: 5_000 };
  /** For a server that never answers, or stops. */
  const short = { firstAnswerMilliseconds: 150, stallMilliseconds: 150 };
  let sandbox: Sandbox;
  beforeEach(() => {
    sandbox = new Sandbox();
  });
  afterEach(() => sandbox.remove());

  function site(overrides: { archive?: (response: ServerResponse) => void; checksums?: string } = {}) {
    const release = sandbox.release();
    const asked: string[] = [];
    const answer = (path: string, response: ServerResponse) => {
      asked.push(path);
      if (path === release.checksumsPath) response.end(overrides.checksums ?? release.checksums);
      else if (path !== release.archivePath) response.writeHead(404).end();
      else if (overrides.archive) overrides.archive(response);
      else response.setHeader("content-length", release.archive.length).end(release.archive);
    };
    return { release, asked, answer };
  }

  function nothingLeft() {
    assert.deepEqual(readdirSync(join(sandbox.cache, "tmp")), []);
    assert.deepEqual(readdirSync(join(sandbox.cache, "locks")), []);
  }

  it("is verified, unpacked with its own language host, and cached", async () => {
    const { asked, answer } = site();
    await sandbox.serve(answer);
    const progress = recordedProgress();
    const first = await ensureToolchain({ env: sandbox.env, limits, progress });
    assert.equal(first.source, "download");
    assert.equal(first.version, pulumiVersion);
    assert.equal(first.languageHost.source, "bundled");
    assert.equal(first.languageHost.path, join(dirname(first.pulumi), "pulumi-language-nodejs"));
    assert.deepEqual(progress.titles, [`downloading the Pulumi CLI ${pulumiVersion}`]);
    assert.ok(!existsSync(join(dirname(first.pulumi), "..", "archive.tar.gz")));
    const second = await ensureToolchain({ env: sandbox.env, limits });
    assert.equal(second.source, "cache");
    assert.equal(asked.length, 2);
    nothingLeft();
  });

  it("is preferred to a build, even where there is a Go", async () => {
    const { answer } = site();
    await sandbox.serve(answer);
    sandbox.go();
    assert.equal((await ensureToolchain({ env: sandbox.env, limits })).source, "download");
    assert.deepEqual(sandbox.builds, []);
  });

  const unusable: [string, () => Parameters<typeof site>[0], RegExp][] = [
    [
      "has another digest than published",
      () => ({ checksums: sandbox.release().checksums.replaceAll(/[0-9a-f]{64}/g, "ab".repeat(32)) }),
      /SHA-256 [0-9a-f]{64}, published is (ab){32}: not used/,
    ],
    ["is not listed in the digests", () => ({ checksums: "nothing\n" }), /does not list pulumi-v/],
    ["is not there", () => ({ archive: (response) => response.writeHead(404).end() }), /answered 404/],
    [
      "is cut off in the middle",
      () => ({
        archive: (response) => {
          const { archive } = sandbox.release();
          response.setHeader("content-length", archive.length);
          response.write(archive.subarray(0, archive.length / 2), () => response.destroy());
        },
      }),
      /cannot be had|was cut off/,
    ],
    [
      "stops coming in the middle",
      () => ({
        archive: (response) => {
          const { archive } = sandbox.release();
          response.setHeader("content-length", archive.length);
          response.write(archive.subarray(0, archive.length / 2));
        },
      }),
      /no answer within 0\.15 s/,
    ],
  ];
  for (const [what, overrides, reason] of unusable) {
    it(`that ${what} is not used: the build takes over and the reason is kept`, async () => {
      const { answer } = site(overrides());
      await sandbox.serve(answer);
      sandbox.go();
      const toolchain = await ensureToolchain({
        env: sandbox.env,
        limits: String(reason).includes("no answer") ? { ...limits, stallMilliseconds: 150 } : limits,
      });
      assert.equal(toolchain.source, "build");
      assert.match(toolchain.passedOver[0]?.reason ?? "", reason);
      assert.match(toolchain.reason, reason);
      assert.equal(readFileSync(toolchain.pulumi, "utf8"), `#!/bin/sh\necho v${pulumiVersion}\n`);
      nothingLeft();
    });
  }

  it("that gets no first answer is given up at the deadline", async () => {
    await sandbox.serve(() => {});
    sandbox.go();
    const started = Date.now();
    const toolchain = await ensureToolchain({ env: sandbox.env, limits: short });
    assert.equal(toolchain.source, "build");
    assert.match(toolchain.passedOver[0]?.reason ?? "", /checksums\.txt gave no answer within 0\.15 s/);
    assert.ok(Date.now() - started < 4_000);
  });

  it("waits 3 s for a first answer unless told otherwise", () => {
    assert.equal(defaultFetchLimits.firstAnswerMilliseconds, 3_000);
  });

  it("that is aborted ends with the reason of the abort and leaves nothing", async () => {
    const abort = new AbortController();
    const reason = new Error("stopped by the user");
    const { answer } = site({ archive: () => abort.abort(reason) });
    await sandbox.serve(answer);
    sandbox.go();
    await assert.rejects(ensureToolchain({ env: sandbox.env, limits, signal: abort.signal }), reason);
    assert.deepEqual(sandbox.builds, []);
    nothingLeft();
  });
});
