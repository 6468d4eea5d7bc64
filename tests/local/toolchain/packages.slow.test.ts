import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { type Progress, silentProgress } from "../../../local/progress";
import { repoRoot } from "../../../local/repo-root";
import { Checkout } from "./checkout";

const { installPackages, packagesAreFresh } = require(join(repoRoot(), "bin/set-up/packages.cjs")) as {
  packagesAreFresh(root: string): boolean;
  installPackages(root: string, progress: Progress, held: { covers(pid: number): void }): Promise<void>;
};

describe("set-up of the packages", () => {
  let checkout: Checkout;
  const { npm_execpath: startedBy } = process.env;
  beforeEach(() => {
    checkout = new Checkout();
    process.env.npm_execpath = checkout.npm();
  });
  afterEach(() => {
    if (startedBy === undefined) delete process.env.npm_execpath;
    else process.env.npm_execpath = startedBy;
    checkout.remove();
  });

  function install(): Promise<void> {
    return installPackages(checkout.root, silentProgress, { covers: () => {} });
  }

  function lockFile(packages: Record<string, unknown>): void {
    checkout.write("package-lock.json", JSON.stringify({ packages }));
  }

  it("takes what somebody installed by hand", () => {
    assert.equal(packagesAreFresh(checkout.root), true);
  });

  it("takes an installation without the optional packages of other platforms", () => {
    lockFile({
      "node_modules/a": { version: "1.0.0" },
      "node_modules/win": { version: "1.0.0", optional: true },
    });
    assert.equal(packagesAreFresh(checkout.root), true);
  });

  const stale: [string, () => void][] = [
    ["another version is installed", () => checkout.recordOf("0.9.0")],
    ["an installation was cut off", () => rmSync(join(checkout.root, "node_modules/.package-lock.json"))],
    ["nothing is installed", () => rmSync(join(checkout.root, "node_modules"), { recursive: true })],
    ["npm's record is broken", () => checkout.write("node_modules/.package-lock.json", '{"pack')],
    [
      "a package is missing",
      () => lockFile({ "node_modules/a": { version: "1.0.0" }, "node_modules/b": {} }),
    ],
    ["there is a package too many", () => lockFile({})],
  ];
  for (const [what, make] of stale) {
    it(`installs when ${what}`, () => {
      make();
      assert.equal(packagesAreFresh(checkout.root), false);
    });
  }

  it("installs again when the lock file changed since the last installation", () => {
    assert.equal(packagesAreFresh(checkout.root), true);
    lockFile({ "node_modules/a": { version: "2.0.0" } });
    assert.equal(packagesAreFresh(checkout.root), false);
  });

  it("runs npm ci with the tools of development, by npm itself even when npx started this", async () => {
    checkout.write("npm/npx-cli.js", "process.exit(9)");
    process.env.npm_execpath = join(checkout.root, "npm/npx-cli.js");
    checkout.recordOf("0.9.0");
    await install();
    assert.match(checkout.at("log"), /^npm \d+ ci --include=dev/);
    assert.equal(packagesAreFresh(checkout.root), true);
  });

  it("refuses when npm has left packages out", async () => {
    lockFile({ "node_modules/a": { version: "2.0.0" } });
    await assert.rejects(install(), /node_modules is not what package-lock\.json asks for/);
  });

  it("passes npm's words on when it fails, and counts as not installed", async () => {
    checkout.npm(1);
    await assert.rejects(
      install(),
      /^SetUpError: npm ci failed with exit code 1:\nnpm error E404 no such package$/,
    );
    assert.equal(packagesAreFresh(checkout.root), false);
  });
});
