import { strict as assert } from "node:assert";
import { readFileSync, writeFileSync } from "node:fs";
import { trafficEndpointFile } from "../../local/traffic/endpoint";
import { devStackOfSuite } from "../support/dev-stack";
import { until } from "../support/until";

const systems = ["kirana-inventory", "tesoro-xp"] as const;
/** Holds and windows of an hour in a minute; of fewer users a window would hold too few samples. */
const fast = ["--speed", "60", "--users", "44"] as const;
/** What a machine that is busy with something else does to answers is part of what the gates see. */
const noise = /Response time above twice the baseline|answers every probe/;
const attempts = 2;

interface Status {
  readonly outcome: string | null;
  readonly releases: readonly { system: string; outcome: string | null; place: string }[];
}

/** Two systems in one command, by real processes, to their end: all the way forward, and all the way back. */
describe("switchyard release of several systems, walked to its end", () => {
  const dev = devStackOfSuite({ "switchyard:systems": [...systems] });

  const start = () => dev.start("release", "start", ...systems, "--to", "example", ...fast);
  const status = async (): Promise<Status> => {
    const { code, stdout, stderr } = await dev.run("release", "status", "train", "--format", "json");
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout) as Status;
  };

  /** A front of another build is replaced by the next command that needs one: before users come, and not while they do. */
  const ageFront = () => {
    const file = trafficEndpointFile(dev.stateDir);
    const endpoint = JSON.parse(readFileSync(file, "utf8")) as object;
    writeFileSync(file, JSON.stringify({ ...endpoint, version: "of the build before" }));
  };

  it("is live with both, none finished before both served, and no request was lost", async () => {
    ageFront();
    let train = await start().ended;
    for (let attempt = 2; attempt <= attempts && train.code !== 0; attempt++) {
      assert.match(train.stdout, noise);
      train = await start().ended;
    }
    assert.equal(train.code, 0, train.stdout + train.stderr);
    assert.match(train.stdout, /^finished: kirana-inventory \S+ is live; tesoro-xp \S+ is live$/m);
    assert.match(
      train.stderr,
      /kirana-inventory: phase watch[\s\S]*tesoro-xp begins[\s\S]*tesoro-xp: phase watch[\s\S]*kirana-inventory: phase finish/,
    );
    assert.match(train.stderr, /tesoro-xp: users of \S+: \d+ requests, 0 lost/);
    assert.doesNotMatch(train.stderr, /requests, [1-9]\d* lost|is not running/);
    const { outcome, releases } = await status();
    assert.deepEqual(
      [outcome, ...releases.map((release) => release.outcome)],
      ["finished", "finished", "finished"],
    );
    const verified = await dev.run("release", "verify", "train");
    assert.equal(verified.code, 0, verified.stdout + verified.stderr);
    const history = await dev.run("release", "history", "train");
    assert.match(history.stdout, /^train-\S+ {2}finished /);
  });

  it("goes back in reverse when the first one fails while both have their users", async () => {
    const train = start();
    await until(
      "the second release serves",
      () => train.stderrSoFar().includes("tesoro-xp: phase watch"),
      180_000,
    );
    // The version before is on that side once it is swapped back, and fails no less: people are asked.
    const fault = (rate: string) =>
      dev.run(
        "cloud",
        "fault",
        "site",
        "--host",
        "api.kirana.test",
        "--side",
        "production",
        "--error-rate",
        rate,
      );
    assert.equal((await fault("1")).code, 0);
    const { code, stdout, stderr } = await train.ended;
    assert.equal(code, 3, stdout + stderr);
    assert.match(
      stderr,
      /kirana-inventory goes back after tesoro-xp[\s\S]*tesoro-xp: rolling back: it needs what goes back[\s\S]*tesoro-xp: production answers[\s\S]*kirana-inventory: all traffic back to production/,
    );
    const { stdout: waiting } = await dev.run("release", "status", "train");
    assert.match(waiting, /state {6}waits for a person[\s\S]*release resume kirana-inventory/);
    assert.equal((await fault("0")).code, 0);
    const resumed = await dev.run("release", "resume", "kirana-inventory", "--users", "0");
    assert.equal(resumed.code, 1, resumed.stdout + resumed.stderr);
    const { outcome, releases } = await status();
    assert.deepEqual(
      [outcome, ...releases.map((release) => release.outcome)],
      ["rolledBack", "rolledBack", "rolledBack"],
    );
  });
});
