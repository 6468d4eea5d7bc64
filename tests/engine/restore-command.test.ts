import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { devStackOfSuite } from "../support/dev-stack";
import { until } from "../support/until";

const system = "tesoro-xp";
const fast = ["--speed", "60", "--users", "20"] as const;

/**
 * A release with a migration that goes back with its data, as a user runs it: real processes, the real front of dev, the
 * embedded cloud's databases, jobs and vault. That Azure restores is not shown.
 */
describe("switchyard release rollback --restore on a dev stack", () => {
  const dev = devStackOfSuite({ "switchyard:systems": [system] });

  const status = async () => (await dev.run("release", "status", system)).stdout;

  /** The example as a manifest of one's own, with a migration. */
  const withMigration = async () => {
    const plan = await dev.run("release", "plan", system, "--to", "example", "--format", "json");
    assert.equal(plan.code, 0, plan.stderr);
    const { version } = (JSON.parse(plan.stdout) as { to: { version: string } }).to;
    const path = join(dev.stateDir, "releases", "examples", `${system}-app-${version}.json`);
    const digest = `sha256:${createHash("sha256").update(readFileSync(path)).digest("hex")}`;
    const migration = { kind: "additive", names: ["V001__add_rewards_table.sql"] };
    const file = join(dev.stateDir, "manifest.json");
    writeFileSync(
      file,
      JSON.stringify({ system, version, components: { app: { package: path, digest } }, migration }),
    );
    return file;
  };

  const databaseOfSecret = async () => {
    const { url, token } = JSON.parse(readFileSync(join(dev.stateDir, "cloud", "endpoint.json"), "utf8")) as {
      url: string;
      token: string;
    };
    const asked = { method: "GET", vault: "tesoro-dev-kv", path: "/secrets/sql-connection-string", body: {} };
    const answer = await fetch(`${url}/_switchyard/vault`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(asked),
    });
    const { value } = (await answer.json()) as { value: string };
    return /(?:Database|Initial Catalog)=([^;]*)/i.exec(value)?.[1];
  };

  it("finishes one first: its own check's refusals are no failed requests", async () => {
    const { code, stdout, stderr } = await dev.run("release", "start", system, "--to", "example", ...fast);
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /^finished: tesoro-xp 0\.9\.1 is live$/m);
    assert.match(stderr, /diagnostics-closed: pass – status 404/);
    assert.match(stderr, /latency-against-baseline: the baseline is \d/);
    assert.match(stderr, /latency-against-baseline: pass/);
  });

  it("migrates, swaps, goes back, and restores once it is confirmed: to a new database that the secret names", async () => {
    const before = await databaseOfSecret();
    const release = dev.start("release", "start", system, "--to", await withMigration(), ...fast);
    await until("the watch", () => release.stderrSoFar().includes("phase watch"), 120_000);
    const back = await dev.run("release", "rollback", system, "--restore", "--reason", "orders are lost");
    assert.equal(back.code, 0, back.stdout + back.stderr);
    assert.match(back.stdout, /All traffic is back on production/);
    assert.match(back.stdout, /release confirm tesoro-xp --role engineering-manager/);
    const waiting = await release.ended;
    assert.equal(waiting.code, 3, waiting.stdout + waiting.stderr);
    assert.match(waiting.stdout, /waits to be confirmed by engineering-manager/);
    assert.doesNotMatch(waiting.stderr, /nobody is served any more/, "nothing is stopped while people think");
    assert.match(await status(), /release confirm tesoro-xp --role engineering-manager --reason TEXT/);
    assert.equal(await databaseOfSecret(), before);

    const stranger = await dev.run("release", "confirm", system, "--role", "cook", "--reason", "soup");
    assert.equal(stranger.code, 1);
    assert.match(stranger.stderr, /confirmed by engineering-manager; received cook/);
    const given = await dev.run(
      "release",
      "confirm",
      system,
      "--role",
      "engineering-manager",
      "--reason",
      "yes",
    );
    assert.equal(given.code, 0, given.stderr);
    const { code, stdout, stderr } = await dev.run("release", "resume", system);
    assert.equal(code, 1, stdout + stderr);
    assert.match(stdout, /^rolled back: orders are lost$/m);
    assert.match(
      stderr,
      /nobody is served any more[\s\S]*sql is restored to (\S+), [\s\S]*file has to say tesoro-xp:restoredDatabase: \1\n[\s\S]*the live side serves again/,
    );
    assert.match(stderr, /health-after-rollback: pass/);

    const target = await databaseOfSecret();
    assert.notEqual(target, before);
    assert.match(target ?? "", /-restored-/);
    assert.match(
      await status(),
      new RegExp(`restored {3}sql to ${target}, which the secret sql-connection-string`),
    );
    const verified = await dev.run("release", "verify", system);
    assert.equal(verified.code, 0, verified.stdout);
  });
});
