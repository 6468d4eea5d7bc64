import { strict as assert } from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { devStackOfSuite } from "../support/dev-stack";
import { until } from "../support/until";

const system = "kirana-inventory";
/** Holds and windows of an hour in a minute. */
const fast = ["--speed", "60"] as const;

/** Releases as a user runs them, of a slot and a static site: real processes, the real front of dev, users that lose nothing. */
describe("switchyard release on a dev stack", () => {
  const dev = devStackOfSuite();

  const status = async () => {
    const { code, stdout, stderr } = await dev.run("release", "status", system, "--format", "json");
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout) as {
      outcome: string | null;
      to: string;
      from: string | null;
      candidatePercent: number;
      phase: string | null;
    };
  };
  const entries = () => {
    const folder = join(dev.stateDir, "releases", system);
    const [newest] = readdirSync(folder)
      .filter((name) => /^\d{8}-/.test(name))
      .sort()
      .reverse();
    return readdirSync(join(folder, newest!))
      .filter((name) => name.endsWith(".jsonl"))
      .map((name) => readFileSync(join(folder, newest!, name), "utf8"))
      .join("");
  };

  const inCanary = () =>
    until(
      "10 % of the traffic on the candidate",
      async () => (await dev.run("release", "status", system)).stdout.includes("10 % to staging"),
      120_000,
    );

  it("plans and finishes one: prerequisites, canary, swap, watch; nobody lost a request by it", async () => {
    const plan = await dev.run("release", "plan", system, "--to", "example", "--format", "json");
    assert.equal(plan.code, 0, plan.stderr);
    const { code, stdout, stderr } = await dev.run("release", "start", system, "--to", "example", ...fast);
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /^finished: kirana-inventory 0\.9\.1 is live$/m);
    assert.match(stderr, /10 % of the traffic to staging/);
    assert.match(stderr, /restore-point-ready: pass/);
    assert.match(stderr, /users of api\.\S+: \d+ requests, 0 lost/);
    const verified = await dev.run("release", "verify", system);
    assert.equal(verified.code, 0, verified.stdout + verified.stderr);
    const explained = await dev.run("release", "explain", system, "--gate", "canary-error-rate");
    assert.match(explained.stdout, /zones {4}pass < 0\.1/);
    const history = await dev.run("release", "history", system);
    assert.match(history.stdout, /0\.9\.0 -> 0\.9\.1 {2}finished/);
  });

  it("killed in the canary it is taken up by a rollback, and the version before serves everybody", async () => {
    const first = dev.start("release", "start", system, "--to", "example", ...fast);
    await inCanary();
    first.child.kill("SIGKILL");
    await first.ended;
    const refused = await dev.run("release", "start", system, "--to", "example", ...fast);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /it is unfinished|traffic of site .* is shared/);
    const back = await dev.run("release", "rollback", system, "--reason", "its process is gone");
    assert.equal(back.code, 0, back.stdout + back.stderr);
    assert.match(back.stdout, /^rolled back: its process is gone$/m);
    const { outcome, candidatePercent } = await status();
    assert.deepEqual([outcome, candidatePercent], ["rolledBack", 0]);
    assert.match(entries(), /"kind":"takenOver"/);
    const plan = await dev.run("release", "plan", system, "--to", "example");
    assert.match(plan.stdout, /0\.9\.1 to 0\.9\.2/, "0.9.1 is what everybody gets");
  });

  it("killed while the platform swaps it is taken up and finishes, with one swap made", async () => {
    const first = dev.start("release", "start", system, "--to", "example", ...fast);
    await until("the swap", () => first.stderrSoFar().includes("are being swapped"), 120_000);
    first.child.kill("SIGKILL");
    await first.ended;
    const { code, stdout, stderr } = await dev.run("release", "resume", system, ...fast);
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /^finished: kirana-inventory 0\.9\.2 is live$/m);
    assert.doesNotMatch(stderr, /phase (prepare|smoke|ramp)$/m, "what was done is not done again");
    const plan = await dev.run("release", "plan", system, "--to", "example");
    assert.match(plan.stdout, /0\.9\.2 to 0\.9\.3/, "0.9.2 is what everybody gets");
  });

  it("goes back by itself when the new version fails under its users", async () => {
    const release = dev.start("release", "start", system, "--to", "example", ...fast);
    await inCanary();
    const fault = await dev.run(
      "cloud",
      "fault",
      "site",
      "--host",
      "api.kirana.test",
      "--side",
      "staging",
      "--error-rate",
      "1",
    );
    assert.equal(fault.code, 0, fault.stderr);
    const { code, stdout } = await release.ended;
    assert.equal(code, 1, stdout);
    assert.match(stdout, /^rolled back: /m);
    const { outcome } = await status();
    assert.equal(outcome, "rolledBack");
  });
});
