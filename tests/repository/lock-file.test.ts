import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repoRoot } from "../../local/repo-root";

interface LockedPackage {
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly engines?: { readonly node?: string };
  readonly resolved?: string;
}

const lock = JSON.parse(readFileSync(join(repoRoot(), "package-lock.json"), "utf8")) as {
  packages: Record<string, LockedPackage>;
};

describe("package-lock.json", () => {
  it("has an entry for every platform's packages: npm ci refuses a lock without one on every platform", () => {
    const missing = Object.values(lock.packages)
      .flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}))
      .filter((name) => !Object.keys(lock.packages).some((key) => key.endsWith(`node_modules/${name}`)));
    assert.deepEqual(missing, []);
  });

  it("names no registry: each machine uses its own", () => {
    const named = Object.entries(lock.packages).filter(([, entry]) => entry.resolved !== undefined);
    assert.deepEqual(named, []);
  });
});
